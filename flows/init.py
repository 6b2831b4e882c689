"""`init DIR`: a commented configuration to start from, with the folders its files arrive in. Nothing is overwritten."""

import secrets
from importlib.resources import files
from pathlib import Path

from connectors.private_file import make_private_folder, write_private
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
UNNAMED = b'# installation = "0000000000000000"'
FOLDERS = ("rpps", "adeli", "finess", "regions", "ets", "efit", "inbox")


def play_init(folder: Path, *, as_json: bool) -> int:
    """Write files (mode 0600) and folders (0700); refuse, having written nothing, when one of the files is there."""
    _refuse(folder)
    try:
        for name in FOLDERS:
            make_private_folder(folder / name)
        for source, name in FILES.items():
            write_private(folder / name, _named(files("schemas").joinpath("installation", source).read_bytes()))
    except (OSError, DeliveryError) as error:
        raise ConfigurationError([say("config.no_store", path=folder)]) from error
    written = [*FILES.values(), *(f"{name}/" for name in FOLDERS)]
    if as_json:
        print_json({"folder": str(folder), "written": written})
    else:
        console = stdout()
        console.print(say("installation.done", folder=folder), markup=False, soft_wrap=True)
        console.print(say("installation.next", config=folder / "annuaire.toml"), markup=False, soft_wrap=True)
    return 0


def _named(text: bytes) -> bytes:
    """With a name of its own where the configuration has none yet."""
    return text.replace(UNNAMED, b'installation = "' + secrets.token_hex(8).encode() + b'"', 1)


def _refuse(folder: Path) -> None:
    """Raises ConfigurationError for whatever is in the way."""
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError([say("installation.not_a_folder", folder=folder)])
    there = [name for name in FILES.values() if (folder / name).exists() or (folder / name).is_symlink()]
    if there:
        raise ConfigurationError([say("installation.there", path=folder / name) for name in there])
