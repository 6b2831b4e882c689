"""Which columns each sheet of changes has, and what stands in them: identity first, answer last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connectors.spreadsheet.styles import AFTER, BEFORE, GREY, Props
from schemas.nomenclatures import say
from schemas.report import Part, ReportLine

# A piece of text and the font it stands in.
Piece = tuple[str, Props]
PLAIN: Props = {}
BOLD: Props = {"bold": True}
SMALL: Props = {"font_color": GREY, "font_size": 8}
GONE: Props = {"font_strikeout": True, "font_color": BEFORE}
NEW: Props = {"bold": True, "underline": 1, "font_color": AFTER}
NOTE: Props = {"italic": True, "font_color": GREY}


def _stacked(*blocks: Sequence[Piece]) -> list[Piece]:
    """Pieces under one another, nothing where there is nothing."""
    found: list[Piece] = []
    for text, font in (piece for block in blocks for piece in block if piece[0]):
        found.append(("\n" + text if found else text, font))
    return found


def _under(*texts: str) -> str:
    """Texts under one another in one font: pieces in several fonts cost ten times as much to write."""
    return "\n".join(filter(None, texts))


def _person(line: ReportLine) -> list[Piece]:
    number = say("report.number", number=line.national_id) if line.national_id else ""
    account = say("report.account", account=line.account_id) if line.account_id else ""
    return _stacked(
        [(line.person, BOLD), (line.function, PLAIN)], [(" · ".join(filter(None, (number, account))), SMALL)]
    )


def _nothing(_line: ReportLine) -> list[Piece]:
    return []


def _notes(line: ReportLine) -> list[Piece]:
    return [(note, NOTE) for note in line.notes]


def _marked(parts: tuple[Part, ...], font: Props) -> list[Piece]:
    return [(text, font if differs else PLAIN) for text, differs in parts]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `column.<name>` of the catalogue, its width, what stands in it; `filled` by the updater."""

    name: str
    width: float
    pieces: Callable[[ReportLine], list[Piece]]
    filled: bool = False


URGENCY_COLUMN = Column("urgency", 13, lambda line: [(line.urgency, PLAIN)])
PERSON = Column("person", 27, _person)
ACTION = Column("action", 15, lambda line: [(line.action, PLAIN)])
STRUCTURE = Column("structure", 24, lambda line: [(_under(line.structure, line.structure_code), PLAIN)])
DUE = Column("due_on", 13, lambda line: [(f"{line.due_on:%d/%m/%Y}" if line.due_on else "", PLAIN)])
REASON = Column("reason", 32, lambda line: [(line.reason, PLAIN)])
GUIDANCE = Column("guidance", 44, lambda line: _stacked([(line.guidance, PLAIN)], _notes(line)))
ANSWER = (
    Column("decision", 12, _nothing, filled=True),
    Column("postponed_to", 12, _nothing, filled=True),
    Column("comment", 20, _nothing, filled=True),
    Column("reference", 20, lambda line: [(line.change_id, SMALL)]),
)
TOKEN = Column("token", 12, lambda line: [(line.token, PLAIN)])


WHY_AND_WHAT = Column(
    "why_and_what", 50, lambda line: _stacked([(line.reason, PLAIN), (line.guidance, BOLD)], _notes(line))
)


def _details(name: str, width: float) -> Column:
    return Column(name, width, lambda line: [(_under(*line.details), PLAIN)])


COLUMNS: dict[str, tuple[Column, ...]] = {
    "create": (URGENCY_COLUMN, PERSON, ACTION, STRUCTURE, _details("to_enter", 40), WHY_AND_WHAT, *ANSWER),
    "modify": (
        URGENCY_COLUMN,
        PERSON,
        STRUCTURE,
        Column("field", 15, lambda line: [(line.field, BOLD)]),
        Column("before", 25, lambda line: _marked(line.before, GONE)),
        Column("after", 25, lambda line: _marked(line.after, NEW)),
        WHY_AND_WHAT,
        *ANSWER,
    ),
    "deactivate": (URGENCY_COLUMN, PERSON, ACTION, STRUCTURE, REASON, GUIDANCE, *ANSWER),
    "cards": (
        URGENCY_COLUMN,
        PERSON,
        STRUCTURE,
        _details("card", 25),
        DUE,
        Column("found", 28, REASON.pieces),
        Column("steps", 50, GUIDANCE.pieces),
        *ANSWER,
    ),
    "review": (
        URGENCY_COLUMN,
        PERSON,
        STRUCTURE,
        Column("found", 32, REASON.pieces),
        _details("candidates", 36),
        GUIDANCE,
        *ANSWER,
    ),
}
