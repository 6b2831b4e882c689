"""The folder that `--out` names: nothing is read before it is known to be one."""

from pathlib import Path

from schemas.errors import ConfigurationError
from schemas.nomenclatures import say


def out_problems(out: Path | None) -> list[str]:
    """What is wrong with the folder of `--out`, before anything is read: it is a file, or lies under one."""
    above = (out, *out.parents) if out else ()
    return [say("cli.out_is_file", path=one) for one in above if one.exists() and not one.is_dir()][:1]


def check_out(out: Path | None) -> None:
    """Raises ConfigurationError for a folder that is none."""
    if problems := out_problems(out):
        raise ConfigurationError(problems)
