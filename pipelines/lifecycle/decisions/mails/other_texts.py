"""What else is written in a returned file, or in its mail, read with the answers that it may be about.

What stands on a line is read with that line, what names a line with that one. The rest of a mail asks every answer
back where it takes them back, and is only kept and told where it says anything else; what lies over a title or in a box
asks back those of its sheet where it is not wholly understood as innocent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipelines.lifecycle.decisions.facts.other_values import is_value_of
from pipelines.lifecycle.decisions.mails.letters import is_innocent, takes_a_sheet_back, takes_all_back
from pipelines.lifecycle.decisions.mails.meant import Addressed, addressed, of_sheets_named, parts_of, without_names
from pipelines.lifecycle.decisions.said.comment_clauses import has
from pipelines.lifecycle.decisions.said.denials import puts_in_doubt
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState
from schemas.changes.remark import ABOUT_THE_SHEET, ON_THE_TAB, WrittenText
from schemas.nomenclatures import say
from schemas.words import clean, label_key


@dataclass(frozen=True, slots=True)
class _Text:
    """A sentence, the sheet it stands on (`sheet`: "" of a mail), the places of the lines that it is about, whether it
    takes back all answers there, and the places of those that it leaves (`but`).
    """

    sheet: str
    text: str
    lines: frozenset[int]
    against: bool
    but: frozenset[int]


def with_what_stands_beside(
    lines: Sequence[ReturnedLine],
    written: Sequence[WrittenText],
    letter: str,
    states: Mapping[str, ChangeState],
    day: date,
) -> tuple[ReturnedLine, ...]:
    """Return the lines with whatever else is written on them, and what their mail (`letter`) says of whom they are
    about: it may deny the answer as a comment does. A value that was typed over another asks its answer back.
    """
    found: dict[tuple[str, int], list[str]] = {}
    values: dict[tuple[str, int], str] = {}
    for one in written:
        if one.token and one.text and one.kind in ("note", "cell"):
            pieces = [one.text] if one.kind == "note" else [_bare(piece) for piece in one.text.split(" | ")]
            found.setdefault((one.sheet, one.row), []).extend(pieces)
            if one.code == "typed_over":
                values[one.sheet, one.row] = one.text
    changes = [_change_of(line, states) for line in lines]
    known = [addressed(line, change) for line, change in zip(lines, changes, strict=True)]
    told = [*_of_mail(letter, known, day), *_of_sheets(written, known, day)]
    sheets = {line.sheet for line in lines}
    return tuple(
        _told_of(
            _with_value(line, values.get((line.sheet, line.row), ""), change),
            [
                *found.get((line.sheet, line.row), ()),
                *(without_names(one.text, known[at].names) for one in told if at in one.lines),
            ],
            next(
                (one for one in told if one.against and at not in one.but and one.sheet not in sheets - {line.sheet}),
                None,
            ),
        )
        for at, (line, change) in enumerate(zip(lines, changes, strict=True))
    )


def _of_mail(letter: str, known: Sequence[Addressed], day: date) -> Iterator[_Text]:
    every = frozenset(range(len(known)))
    for part in parts_of(letter, known):
        deeds = frozenset[int]() if part.lines else of_sheets_named(part.text, known)
        if deeds and takes_a_sheet_back(part.text, day):  # « aucune des fins de fonction n'est confirmée »
            yield _Text("", part.text, frozenset(), against=True, but=every - deeds)
            continue
        yield _Text("", part.text, part.lines, not part.lines and takes_all_back(part.text, day), part.but)


def _of_sheets(written: Sequence[WrittenText], known: Sequence[Addressed], day: date) -> Iterator[_Text]:
    for one in written:
        if one.token or one.kind not in ("note", "row", "cell") or " | " in one.text:
            continue
        over = one.code == ABOUT_THE_SHEET
        for part in parts_of(one.text, known):
            against = not is_innocent(part.text, day) if over else _takes_back(part.text, day)
            against = takes_all_back(part.text, day) if one.code == ON_THE_TAB else against
            yield _Text(one.sheet, part.text, part.lines, not part.lines and against, part.but)


def _takes_back(sentence: str, day: date) -> bool:
    key = label_key(sentence)
    if has(key, "cancels"):
        return not has(key, "earlier")  # « annule et remplace le précédent »
    return puts_in_doubt(sentence, day)


def _with_value(line: ReturnedLine, typed: str, change: Change | None) -> ReturnedLine:
    """The line; asked back where another value than one that it asks for was typed over ours."""
    pieces = [_bare(piece) for piece in typed.split(" | ")] if typed else []
    if not (line.decision and change and not line.asked) or all(is_value_of(piece, change) for piece in pieces):
        return line
    return replace(line, decision="unknown", asked=say("asked.typed_over", found=line.said, beside=typed))


def _told_of(line: ReturnedLine, beside: Sequence[str], back: _Text | None) -> ReturnedLine:
    if back and line.decision and not line.asked:
        asked = say("asked.sheet_takes_back" if back.sheet else "asked.mail_takes_back", found=clean(back.text))
        return replace(line, decision="unknown", asked=asked, beside=tuple(beside), asked_for_mail=not back.sheet)
    return replace(line, beside=tuple(beside))


def _change_of(line: ReturnedLine, states: Mapping[str, ChangeState]) -> Change | None:
    state = states.get(line.token.partition(":")[0])
    return state.change if state else None


def _bare(text: str) -> str:
    """Without the heading of the column: « Réponse du Dr Roux : non »."""
    _, colon, rest = text.replace("\u00a0", " ").partition(" : ")
    return rest if colon else text
