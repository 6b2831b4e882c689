"""The command line before its first command: its name, its help, the options that several commands take."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Group, Parameter

from flows.terminal.help_words import FrenchHelp, option, told
from schemas.nomenclatures import say

Config = Annotated[Path, option("config", value="file")]
Out = Annotated[Path | None, option("out", value="folder")]
Json = Annotated[bool, option("json")]
Day = Annotated[str | None, option("as-of", value="day")]


def version() -> str:
    """Return « 0.1.0 », of what is installed; asked for by `--version` alone."""
    from importlib.metadata import version as installed

    return installed("efit-annuaire-sync")


app = App(
    name="efit-annuaire",
    help="\n\n".join((say("cli.app"), say("cli.more"))),
    help_format="plaintext",
    help_formatter=FrenchHelp(),
    default_parameter=Parameter(show_default=False),
    group_commands=Group(say("cli.group_other"), sort_key=9),
    group_parameters=Group(say("cli.options")),
    group_arguments=Group(say("cli.arguments")),
    result_action="return_value",
    suppress_keyboard_interrupt=False,  # whoever interrupts is told what becomes of it (app.py)
    version=version,
    version_flags=["--version"],
)
annuaire_app = App(name="annuaire", **told("annuaire"))
app.command(annuaire_app)
app["--help"].help = say("cli.help")
app["--version"].help = say("cli.version")
