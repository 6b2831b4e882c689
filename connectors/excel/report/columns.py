"""Which columns each sheet of changes has, and what stands in them: the person, why, the answer; then all the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from schemas.nomenclatures import say
from schemas.reports.report import Part, Report, ReportLine

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
        [(line.person, "bold"), (line.function, "plain"), (line.structure, "again")],
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


PERSON = Column("person", 24, _person)
WHY = Column("reason", 27, lambda line: [(line.urgency, "bold"), (f"\n{line.reason}", "plain")])
URGENCY = Column("urgency", 11, lambda line: [(line.urgency, "plain")])
STRUCTURE = Column("structure", 22, lambda line: [(_under(line.structure, line.structure_code), "plain")])
ACTION = Column("action", 13, lambda line: [(line.action, "plain")])
LOST = Column("lost_on", 12, lambda line: [(f"{line.lost_on:%d/%m/%Y}" if line.lost_on else "", "plain")])
GUIDANCE = Column("guidance", 36, lambda line: _stacked([(line.guidance, "plain")], _notes(line)))
PHONE = Column("phone", 15, lambda line: [(line.phone, "plain")])
EMAIL = Column("email", 24, lambda line: [(line.email, "plain")])
CANDIDATES = Column("candidates", 36, lambda line: [(_under(*line.details), "plain")])
FORM = Column("form", 15, lambda line: [(line.form.label if line.form else "", "plain")])
LETTER = Column("letter", 19, lambda line: [(line.letter.label if line.letter else "", "plain")])
STATE = Column("state", 26, lambda line: [(line.state, "plain")])
TOKEN = Column("token", 12, lambda line: [(line.token, "plain")])


def _answer(width: float) -> tuple[Column, ...]:
    """Right after the person and the reason: what one has to fill in is in sight on a screen of 1366 pixels.

    What to read before one decides, up to « Que faire », is in sight there too.
    """
    return (
        Column("decision", width, _nothing, filled=True),
        Column("postponed_to", 11, _nothing, filled=True),
        Column("comment", 14, _nothing, filled=True),
    )


def _value(field: str, width: float) -> Column:
    """One value to type in, alone in its cell, ready to be copied."""
    return Column(f"value_{field}", width, lambda line: [(line.value(field), "bold")])


VALUES = (
    _value("cpx_number", 22),
    _value("last_name", 15),
    _value("first_name", 13),
    _value("function", 13),
    _value("rank", 14),
    STRUCTURE,
    _value("civility", 9),
    _value("profession", 14),
    _value("card_type", 9),
    _value("card_expires_on", 12),
    _value("email", 24),
    _value("phone", 15),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "create": (PERSON, WHY, *_answer(11), GUIDANCE, *VALUES, ACTION, URGENCY, STATE),
    "modify": (
        PERSON,
        WHY,
        *_answer(11),
        Column("field", 12, lambda line: [(line.field, "bold")]),
        Column("before", 18, lambda line: _marked(line.before, "gone")),
        Column("after", 18, lambda line: _marked(line.after, "new")),
        GUIDANCE,
        STRUCTURE,
        URGENCY,
        STATE,
    ),
    "deactivate": (PERSON, WHY, *_answer(11), GUIDANCE, ACTION, STRUCTURE, URGENCY, STATE),
    "cards": (
        PERSON,
        WHY,
        *_answer(19),
        GUIDANCE,
        LOST,
        LETTER,
        PHONE,
        EMAIL,
        FORM,
        Column("card", 18, lambda line: [(_under(*line.details), "plain")]),
        STRUCTURE,
        URGENCY,
        STATE,
    ),
    "review": (
        PERSON,
        WHY,
        *_answer(23),
        GUIDANCE,
        CANDIDATES,
        STRUCTURE,
        URGENCY,
        STATE,
    ),
}

# Of these columns every single value is known again, on its line: what is typed there is a value of somebody's.
CLOSED = (
    *(column.name for column in VALUES if column is not STRUCTURE),
    *("field", "before", "after", EMAIL.name, PHONE.name, LOST.name),
)


def closed_values(report: Report) -> Iterator[tuple[str, str, str]]:
    """Yield (reference, heading, value) of the columns of values, line by line."""
    for sheet in report.sheets:
        columns = [column for column in COLUMNS[sheet.key] if column.name in CLOSED]
        for line in sheet.lines:
            for column in columns:
                yield line.token, say(f"column.{column.name}"), _shown(column, line)


def texts_of_lines(report: Report) -> Iterator[tuple[str, str]]:
    """Yield (reference, text) of all that we write on the lines: what stands there in no column is somebody else's."""
    for sheet in report.sheets:
        columns = [column for column in (*COLUMNS[sheet.key], TOKEN) if not column.filled]
        for line in sheet.lines:
            yield from ((line.token, _shown(column, line)) for column in columns)


def _shown(column: Column, line: ReportLine) -> str:
    if column is LOST:
        return f"{line.lost_on:%d/%m/%Y}" if line.lost_on else ""
    return "".join(text for text, _ in column.pieces(line))
