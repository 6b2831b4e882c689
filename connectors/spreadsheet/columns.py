"""Which columns each sheet of changes has, and what stands in them: identity first, answer last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.nomenclatures import say
from schemas.report import Part, ReportLine

# A piece of text and the style it stands in.
Piece = tuple[str, str]


def _stacked(*blocks: Sequence[Piece]) -> list[Piece]:
    """Pieces under one another, nothing where there is nothing."""
    found: list[Piece] = []
    for text, style in (piece for block in blocks for piece in block if piece[0]):
        found.append(("\n" + text if found else text, style))
    return found


def _under(*texts: str) -> str:
    """Texts under one another in one style: pieces in several styles cost ten times as much to write."""
    return "\n".join(filter(None, texts))


def _person(line: ReportLine) -> list[Piece]:
    number = say("report.number", number=line.national_id) if line.national_id else ""
    account = say("report.account", account=line.account_id) if line.account_id else ""
    return _stacked(
        [(line.person, "bold"), (line.function, "plain")],
        [(_under(" · ".join(filter(None, (number, account))), line.change_id), "small")],
    )


def _nothing(_line: ReportLine) -> list[Piece]:
    return []


def _notes(line: ReportLine) -> list[Piece]:
    return [(_under(*line.notes), "note")]


def _marked(parts: tuple[Part, ...], style: str) -> list[Piece]:
    return [(text, style if differs else "plain") for text, differs in parts]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `column.<name>` of the catalogue, its width, what stands in it; `filled` by the updater."""

    name: str
    width: float
    pieces: Callable[[ReportLine], list[Piece]]
    filled: bool = False


URGENCY = Column("urgency", 11, lambda line: [(line.urgency, "plain")])
STRUCTURE = Column("structure", 20, lambda line: [(_under(line.structure, line.structure_code), "plain")])
PERSON = Column("person", 25, _person)
WHO = (URGENCY, STRUCTURE, PERSON)
ACTION = Column("action", 12, lambda line: [(line.action, "plain")])
LOST = Column("lost_on", 12, lambda line: [(f"{line.lost_on:%d/%m/%Y}" if line.lost_on else "", "plain")])
REASON = Column("reason", 30, lambda line: [(line.reason, "plain")])
GUIDANCE = Column("guidance", 40, lambda line: _stacked([(line.guidance, "plain")], _notes(line)))
FORM = Column("form", 14, lambda line: [(line.form.label if line.form else "", "plain")])
ANSWER = (
    Column("state", 14, lambda line: [(line.state, "plain")]),
    Column("decision", 11, _nothing, filled=True),
    Column("postponed_to", 13, _nothing, filled=True),
    Column("comment", 16, _nothing, filled=True),
)
TOKEN = Column("token", 12, lambda line: [(line.token, "plain")])
WHY_AND_WHAT = Column(
    "why_and_what", 43, lambda line: _stacked([(line.reason, "plain"), (line.guidance, "bold")], _notes(line))
)


def _details(name: str, width: float) -> Column:
    return Column(name, width, lambda line: [(_under(*line.details), "plain")])


COLUMNS: dict[str, tuple[Column, ...]] = {
    "create": (*WHO, ACTION, _details("to_enter", 36), WHY_AND_WHAT, *ANSWER),
    "modify": (
        *WHO,
        Column("field", 13, lambda line: [(line.field, "bold")]),
        Column("before", 21, lambda line: _marked(line.before, "gone")),
        Column("after", 21, lambda line: _marked(line.after, "new")),
        WHY_AND_WHAT,
        *ANSWER,
    ),
    "deactivate": (*WHO, ACTION, REASON, GUIDANCE, *ANSWER),
    "cards": (
        *WHO,
        Column("found", 26, lambda line: _stacked([(line.reason, "plain")], [(_under(*line.details), "again")])),
        LOST,
        Column("steps", 43, GUIDANCE.pieces),
        FORM,
        *ANSWER,
    ),
    "review": (*WHO, Column("found", 30, REASON.pieces), _details("candidates", 32), GUIDANCE, *ANSWER),
}
