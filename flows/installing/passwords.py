"""`passwords`: draws one for each post that has none, and writes the slips to be handed over otherwise than by mail."""

import json
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from connectors.slips import write_slip
from connectors.sources.annuaire import read_annuaire_database
from connectors.sources.annuaire_export import read_annuaire_export
from connectors.system.private_file import write_private
from flows.run.out import check_out
from flows.settings.load import load_settings
from flows.settings.mail import post_of
from flows.settings.model import Settings
from flows.settings.passwords import DEFAULT_FILE, password_of, passwords
from flows.terminal.console import print_json, stdout
from pipelines.lifecycle.decisions.senders import holders
from pipelines.sources.annuaire import annuaire_of
from schemas.changes.change import PostKey
from schemas.errors import AnnuaireError, ConfigurationError, DeliveryError
from schemas.nomenclatures import ADMIN_EFIT, post_said, say
from schemas.reading.source_names import ANNUAIRE

# Nothing that is taken for something else when it is read aloud or typed from paper: no 0 O, 1 I L, 2 Z, 5 S, 8 B.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
GROUPS, LETTERS = 5, 4  # 25^20: 92 bits


@dataclass(frozen=True, slots=True)
class Drawn:
    """A post that got a password, and where its slip lies."""

    name: str
    slip: Path


def play_passwords(config: Path, out: Path | None, *, as_json: bool) -> int:
    """Draw, write down, write the slips. Raises ConfigurationError, AnnuaireError."""
    check_out(out)
    settings = load_settings(config)
    folder = out or settings.root / "slips"
    file = settings.path(settings.mail.passwords_file or DEFAULT_FILE)
    drawn = draw(settings, file, folder, date.today())
    if as_json:
        print_json({"drawn": [{"post": one.name, "slip": str(one.slip)} for one in drawn], "file": str(file)})
        return 0
    console = stdout()
    if not drawn:
        console.print(say("slip.none", path=settings.shown(file)), markup=False)
        return 0
    console.print(say("slip.done", count=len(drawn), path=settings.shown(file)), markup=False)
    for one in drawn:
        console.print(f"  {shown_post(one.name):<44} {one.slip}", markup=False, soft_wrap=True)
    console.print(say("slip.todo", folder=folder), markup=False)
    return 0


def draw(settings: Settings, file: Path, folder: Path, day: date) -> list[Drawn]:
    """Write the slips first, then the passwords: one nobody was told would seal a report that nobody can open.

    Raises ConfigurationError where one of them cannot be written.
    """
    known = passwords(settings)
    held = posts(settings)
    missing = {name: _drawn() for name in held if not password_of(known, name)}
    drawn = [Drawn(name, folder / f"{name}.html") for name in missing]
    try:
        for one in drawn:
            write_slip(
                one.slip,
                post=shown_post(one.name),
                holders=held[one.name],
                password=missing[one.name],
                sender=settings.mail.sender,
                day=day,
            )
        if missing:
            _write(file, missing, settings.shown(file))
    except DeliveryError as error:
        raise ConfigurationError([str(error)]) from error
    return drawn


def _drawn() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def _write(file: Path, missing: Mapping[str, str], shown: str) -> None:
    """Before what stands there, whose tables would take them in."""
    try:
        before = file.read_text(encoding="utf-8-sig") if file.exists() else ""
        lines = "".join(f"{json.dumps(name)} = {json.dumps(word)}\n" for name, word in missing.items())
        tomllib.loads(lines + before)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise ConfigurationError([say("config.passwords", path=shown)]) from None
    write_private(file, (lines + before).encode())


def posts(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Report name → its addresses, of every post that mails go to: held in the annuaire or named in the configuration.

    Raises AnnuaireError when the annuaire cannot be read.
    """
    held: dict[PostKey, frozenset[str]] = {**_held(settings)}
    named = {post_of(name): addresses for name, addresses in settings.mail.recipients.items()}
    named |= {post_of(one.post): one.to for one in settings.delegation}
    for post, addresses in named.items():
        held[post] = held.get(post, frozenset()) | {one.lower() for one in addresses}
    found = {ADMIN_EFIT: (settings.mail.admin,) if settings.mail.admin else ()}
    return found | {f"{post}-{scope}": tuple(sorted(held[post, scope])) for post, scope in sorted(held)}


def _held(settings: Settings) -> dict[PostKey, frozenset[str]]:
    if settings.annuaire.url:
        reading = read_annuaire_database(settings.database(settings.annuaire.url), ANNUAIRE)
    else:
        export = settings.path(settings.annuaire.export or "")
        if not export.is_file():
            raise ConfigurationError([say("config.no_export", path=settings.shown(export))])
        reading = read_annuaire_export(export, ANNUAIRE, shown=settings.shown(export))
    if not reading.report.usable:
        raise AnnuaireError(say("run.annuaire", path=reading.report.path, found=reading.report.message))
    annuaire = annuaire_of(reading.frame, ANNUAIRE, reading.facts.get("structures", ())).items
    return holders(annuaire.accounts.values(), annuaire.structures)


def shown_post(name: str) -> str:
    """Return « CRH-ST de la région 24 »."""
    post, _, scope = name.partition("-")
    return post_said(post, scope)
