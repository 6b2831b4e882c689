"""The slip on which a post's password is handed over: one printed page each, never sent by mail."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.system.private_file import write_private
from schemas.nomenclatures import say

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
PAGES.globals.update(t=say)


def write_slip(path: Path, *, post: str, holders: Sequence[str], password: str, sender: str, day: date) -> None:
    """Write one page of HTML, readable by its owner alone: it asks nobody for anything, and prints on one sheet.

    Raises DeliveryError when the disk or the rights refuse.
    """
    facts = {"post": post, "holders": holders, "password": password, "sender": sender, "day": f"{day:%d/%m/%Y}"}
    write_private(path, PAGES.get_template("slip.html.j2").render(facts).encode())
