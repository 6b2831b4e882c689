"""What the command line says of itself: cyclopts' pages and complaints in French, without boxes, in 80 columns."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypedDict

from cyclopts import CycloptsError, Group, Parameter
from cyclopts.exceptions import MissingArgumentError, UnknownCommandError, UnknownOptionError

from schemas.glyphs import pair
from schemas.nomenclatures import rows, say
from schemas.words import fold

if TYPE_CHECKING:  # `--help` is to be there at once
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

_NAMES = {"command": 14, "parameter": 26}  # characters of the column of names; a longer name has its line to itself
_GROUPS = {
    "night": ("sync", "fetch", "remind", "decisions", "undo", "mails"),
    "look": ("status", "explain", "history", "dashboard"),
    "files": ("validate", "delta", "template"),
    "install": ("demo", "init", "doctor", "passwords", "annuaire", "load", "purge", "completion"),
}
_NEAR_ENOUGH = 0.7
_USAGE = {"COMMAND": "command", "[ARGS]": "argument", "[ARGS...]": "files"}  # cyclopts' words → keys of `metavar`


class HelpTold(TypedDict):
    """What cyclopts takes."""

    help: str
    group: Group


def told(command: str) -> HelpTold:
    """Return what the command line says of a command: its line and more, its example, its group among the others."""
    group = next(key for key, names in _GROUPS.items() if command in names)
    return {"help": f"{say(f'cli.{command}')}\n\n{example(command)}", "group": _group(group)}


@cache
def _group(key: str) -> Group:
    return Group(say(f"cli.group_{key}"), sort_key=list(_GROUPS).index(key))


def example(command: str) -> str:
    """Return « Exemple : », then a line for each."""
    lines = say(f"example.{command}").split("\n")
    return "\n".join([say("cli.example"), *(f"  efit-annuaire {line}" for line in lines)])


def option(name: str, key: str = "", value: str = "") -> Parameter:
    """Return `--name VALEUR`, with its sentence of the catalogue; a switch has no value."""
    names = [f"--{name}", "-c"] if name == "config" else [f"--{name}"]
    metavar = say(f"metavar.{value}") if value else None
    return Parameter(name=names, negative="", help=say(f"cli.{key or name.replace('-', '_')}"), metavar=metavar)


def argument(value: str, key: str) -> Parameter:
    """Return a word without an option, called `metavar.<value>` where it is spoken of."""
    return Parameter(name=say(f"metavar.{value}"), help=say(f"cli.{key}"))


class FrenchHelp:
    """The formatter that cyclopts asks for a page, panel by panel; the signatures are its protocol's."""

    def render_usage(self, console: "Console", options: "ConsoleOptions", usage: Any) -> None:  # noqa: ARG002 - cyclopts
        """Show « Usage : efit-annuaire sync --config FICHIER [OPTIONS] »."""
        said = str(usage).split()
        of_its_own = {"files": "change_ids"} if "undo" in said else {}
        keys = (_USAGE.get(word, "") for word in said)
        words = (
            say(f"metavar.{of_its_own.get(key, key)}") if key else word for key, word in zip(keys, said, strict=True)
        )
        console.print(pair(say("cli.usage"), " ".join(words)), style="bold", markup=False, highlight=False)

    def render_description(self, console: "Console", options: "ConsoleOptions", description: Any) -> None:  # noqa: ARG002 - cyclopts
        """Show what the command does; examples keep their lines, so that they can be copied."""
        for block in getattr(description.primary_renderable, "plain", "").split("\n\n"):
            lines = block.split("\n") if block.startswith(say("cli.example")) else wrap(block, console.width)
            console.print()
            for line in lines:
                console.print(line, markup=False, highlight=False, soft_wrap=True)

    def __call__(self, console: "Console", options: "ConsoleOptions", panel: "HelpPanel") -> None:  # noqa: ARG002 - cyclopts
        """One group of commands or of options, under its title."""
        if not panel.entries:
            return
        console.print()
        console.print(pair(str(panel.title), "").rstrip(), style="bold", markup=False)
        for entry in panel.entries:
            for line in _lines(entry, _NAMES[panel.format], console.width):
                console.print(line, markup=False, highlight=False)


def _lines(entry: "HelpEntry", names: int, width: int) -> Iterator[str]:
    name = "  " + ", ".join(_labels(entry))
    text = getattr(getattr(entry.description, "primary_renderable", entry.description), "plain", "")
    said = wrap(f"{text} {say('cli.required')}" if entry.required else text, width - names, break_on_hyphens=False)
    if len(name) > names - 2:
        yield name
        name = ""
    for at, line in enumerate(said):
        yield f"{name if at == 0 else '':<{names}}{line}"


def _labels(entry: "HelpEntry") -> Sequence[str]:
    return (entry.positional_label,) if entry.positional_label else entry.display_labels_with_metavar


def _unknown_command(found: str, command: str) -> str:
    """With the command that was meant, where one is near or is the French word's."""
    names = [name for group in _GROUPS.values() for name in group]
    meant = {row["word"]: row["command"] for row in rows("command_words")}
    word = fold(found.split(" ")[0])
    near = get_close_matches(word, [*names, *meant], 1, _NEAR_ENOUGH)
    if not near:
        return say("cli.unknown_command", found=found, command=command)
    return say("cli.near_command", found=found, command=command, near=meant.get(near[0], near[0]))


def usage_error(error: CycloptsError) -> str:
    """Return what is wrong with the words that were typed, and the page to look at."""
    command = " ".join(("efit-annuaire", *(error.command_chain or ())))
    match error:
        case UnknownOptionError():
            found = error.token.value or error.token.keyword
            return say("cli.unknown_option", found=found, command=command)
        case UnknownCommandError():
            return _unknown_command(" ".join(error.unused_tokens or []), command)
        case MissingArgumentError():
            return say("cli.missing_argument", found=error.argument.name if error.argument else "", command=command)
        case _:
            found = str(error).splitlines()[0] if str(error) else ""
            return say("cli.wrong_usage", found=found, command=command)
