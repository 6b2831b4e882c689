"""`init DIR`: a commented configuration to start from, with the folders its files arrive in. Nothing is overwritten."""

import secrets
from datetime import date
from importlib.resources import files
from pathlib import Path
from shlex import quote

from connectors.system.private_file import make_private_folder, write_private
from flows.installing.passwords import Drawn, draw
from flows.settings.load import load_settings
from flows.settings.passwords import DEFAULT_FILE
from flows.terminal.console import print_json, stdout
from schemas.errors import ConfigurationError, DeliveryError
from schemas.nomenclatures import say

# as it lies in `schemas/installation` → as it is written
FILES = {
    "annuaire.toml": "annuaire.toml",
    "README.txt": "README.txt",
    "secrets.env.example": "secrets.env.example",
    "gitignore": ".gitignore",
}
SLIPS = "slips"
UNNAMED = b'# installation = "0000000000000000"'
FOLDERS = ("rpps", "adeli", "finess", "regions", "ets", "efit", "inbox")


def play_init(folder: Path, export: Path | None = None, *, as_json: bool) -> int:
    """Write files (mode 0600) and folders (0700); refuse, having written nothing, when one of the files is there.

    `export`: the annuaire, put where the configuration has it; each post gets its password and the page to hand it
    over, so that the first reports can be opened. Raises ConfigurationError.
    """
    _refuse(folder, export)
    try:
        for name in FOLDERS:
            make_private_folder(folder / name)
        for source, name in FILES.items():
            write_private(folder / name, _named(files("schemas").joinpath("installation", source).read_bytes()))
    except (OSError, DeliveryError) as error:
        raise ConfigurationError([say("config.no_store", path=folder)]) from error
    drawn = _with_export(folder, export) if export else []
    written = [*FILES.values(), *(f"{name}/" for name in FOLDERS)]
    if as_json:
        print_json({"folder": str(folder), "written": written, "passwords": [one.name for one in drawn]})
    else:
        console = stdout()
        console.print(say("installation.done", folder=folder), markup=False, soft_wrap=True)
        if export:
            console.print(say("slip.done", count=len(drawn), path=folder / DEFAULT_FILE), markup=False, soft_wrap=True)
            console.print(say("slip.todo", folder=folder / SLIPS), markup=False, soft_wrap=True)
        key = "installation.next" if drawn else "installation.next_passwords"
        console.print(say(key, config=quote(str(folder / "annuaire.toml"))), markup=False, soft_wrap=True)
    return 0


def _with_export(folder: Path, export: Path) -> list[Drawn]:
    """The export in its place, a password for each post that it shows. Raises AnnuaireError for one that is none."""
    config = folder / "annuaire.toml"
    try:
        write_private(folder / "efit" / f"export{export.suffix.lower()}", export.read_bytes())
        text = config.read_text(encoding="utf-8").replace("efit/export.xlsx", f"efit/export{export.suffix.lower()}", 1)
        write_private(config, text.encode())
    except (OSError, DeliveryError) as error:
        raise ConfigurationError([say("config.no_store", path=folder)]) from error
    return draw(load_settings(config), folder / DEFAULT_FILE, folder / SLIPS, date.today())


def _named(text: bytes) -> bytes:
    """With a name of its own where the configuration has none yet."""
    return text.replace(UNNAMED, b'installation = "' + secrets.token_hex(8).encode() + b'"', 1)


def _refuse(folder: Path, export: Path | None) -> None:
    """Raises ConfigurationError for whatever is in the way."""
    if export and not export.is_file():
        raise ConfigurationError([say("config.no_export", path=export)])
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError([say("installation.not_a_folder", folder=folder)])
    there = [name for name in FILES.values() if (folder / name).exists() or (folder / name).is_symlink()]
    if there:
        raise ConfigurationError([say("installation.there", path=folder / name) for name in there])
