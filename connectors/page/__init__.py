"""The administrator's page: one HTML file that asks nobody for anything, for the country or for one region.

The policy in its head lets nothing run or load but the style and the sorting that stand in it.
"""

import hashlib
from base64 import b64encode
from collections.abc import Collection
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from connectors.page import drawing, figures, wording
from connectors.system.private_file import write_private
from schemas.reports.dashboard import Dashboard, tiles

INDEX = "index.html"
HERE = Path(__file__).parent
PAGES = Environment(
    loader=FileSystemLoader(HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page_name(region: str) -> str:
    """Return the file of a region's page, beside the index."""
    return f"region-{region}.html"


def write_page(found: Dashboard, path: Path, linked: Collection[str] = ()) -> None:
    """Write the page at `path`, readable by its owner alone. `linked`: regions whose page lies beside it.

    Raises DeliveryError when the disk or the rights refuse.
    """
    write_private(path, render(found, linked).encode())


def render(found: Dashboard, linked: Collection[str] = ()) -> str:
    """Return the page as text; equal figures give equal pages."""
    style, script = (_inline(name) for name in ("dashboard.css", "dashboard.js"))
    return PAGES.get_template("dashboard.html.j2").render(
        board=found,
        tiles=figures.tiles_of(found, tiles(), {code: page_name(code) for code in linked}),
        links={code: page_name(code) for code in linked},
        say=wording.text,
        words=wording,
        figures=figures,
        draw=drawing,
        style=style,
        script=script,
        policy=_policy(style, script),
    )


def remove_others(folder: Path, kept: Collection[str]) -> None:
    """Clear the pages of regions that have none any more; nothing but our own names is touched."""
    for row in tiles():
        if row["code"] not in kept:
            (folder / page_name(row["code"])).unlink(missing_ok=True)


def _inline(name: str) -> Markup:
    """Ours, as it stands: the template must not escape it, its digest is in the policy."""
    return Markup((HERE / name).read_text(encoding="utf-8"))


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
