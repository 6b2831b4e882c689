"""Hostile configurations: what a TOML file may say to hang, to exhaust, or to reach what is not its own."""

from collections.abc import Callable
from pathlib import Path

from tests.hostile.case import Case

SMALLEST = '[annuaire]\nexport = "export.csv"\n'


def _toml(text: str) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        (folder / "annuaire.toml").write_text(text, encoding="utf-8")
        return folder / "annuaire.toml"

    return build


def _device(folder: Path) -> Path:
    (folder / "annuaire.toml").symlink_to("/dev/zero")
    return folder / "annuaire.toml"


def _pipe(folder: Path) -> Path:
    import os

    os.mkfifo(folder / "annuaire.toml")
    return folder / "annuaire.toml"


def _binary(folder: Path) -> Path:
    (folder / "annuaire.toml").write_bytes(b"\xff\xfe\x00[annuaire]" * 1000)
    return folder / "annuaire.toml"


def _huge(folder: Path) -> Path:
    (folder / "annuaire.toml").write_bytes(b"# " + b"x" * 120_000_000)
    return folder / "annuaire.toml"


def _case(what: str, text: str, says: str) -> Case:
    return Case(what, _toml(text), "CONFIGURATION", says, "configuration")


CASES = {
    "toml_deep": _case("configuration : 100 000 crochets", "a = " + "[" * 100_000, "TOML"),
    "toml_deep_keys": _case("configuration : clé de 20 000 points", "a" + ".a" * 20_000 + " = 1", "trop grand"),
    "toml_many_keys": _case(
        "configuration : 3 000 clés inconnues", SMALLEST + "".join(f"clef{n} = 1\n" for n in range(3_000)), "clef2999"
    ),
    "toml_huge_integer": _case(
        "configuration : nombre de 5 000 chiffres", SMALLEST + f"[policy]\nremind_after_days = {'9' * 5000}\n", ""
    ),
    "toml_nul_path": _case("configuration : NUL dans un chemin", '[annuaire]\nexport = "a\\u0000b.csv"\n', "annuaire"),
    "toml_secret_in_url": _case(
        "configuration : mot de passe dans smtp_url",
        SMALLEST + '[mail]\nsmtp_url = "smtp+starttls://a:HUNTER2@example.org"\n',
        "smtp_url",
    ),
    "toml_header_in_sender": _case(
        "configuration : expéditeur qui ajoute un en-tête",
        SMALLEST + '[mail]\nsender = "a@example.org\\nBcc: b@x.fr"\n',
        "",
    ),
    "toml_binary": Case("configuration : octets au hasard", _binary, "CONFIGURATION", "", "configuration"),
    "toml_device": Case("configuration : lien vers /dev/zero", _device, "CONFIGURATION", "", "configuration"),
    "toml_pipe": Case("configuration : tube nommé", _pipe, "CONFIGURATION", "", "configuration"),
    "toml_huge": Case("configuration de 120 Mo", _huge, "CONFIGURATION", "", "configuration"),
}
