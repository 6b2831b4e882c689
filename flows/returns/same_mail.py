"""The files of one mail, read before any of them counts: two that disagree about a line are asked back together."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from connectors.excel.returned import ReturnedReport, digest_of, read_returned
from flows.returns.intake import printable
from flows.returns.taking import Desk, Sending, in_order
from flows.run import defects
from schemas.changes.decision import ReturnedLine
from schemas.changes.receipt import Parcel
from schemas.errors import SourceError
from schemas.nomenclatures import say


def sendings(desk: Desk, paths: Sequence[Path], mail: Sending) -> list[tuple[Path, Sending]]:
    """Return each file of a mail with what the others answer; what the mail says besides goes with the first."""
    read = {path: _read(desk, path, mail.parcel) for path in paths} if len(paths) > 1 else {}
    lines = {path: _answered(path, found) for path, found in read.items()}
    others = {path: tuple(one for other in lines if other != path for one in lines[other]) for path in paths}
    letter = "\n".join(one.text for one in mail.said if one.kind == "letter")
    return [
        (
            path,
            replace(
                mail,
                said=mail.said if number == 0 else (),
                elsewhere=others[path],
                letter=letter,
                returned=read.get(path),
            ),
        )
        for number, path in enumerate(paths)
    ]


def _read(desk: Desk, path: Path, parcel: Parcel) -> ReturnedReport | None:
    """Return what a file says; None where it cannot be read, or came before by another mail."""
    try:
        digest = digest_of(path)
        before = {one.returned.parcel.key for one in desk.store.returns(digest=digest)}
        if before and parcel.key not in before:
            return None
        return read_returned(path, in_order(desk.secrets, path.name))
    except SourceError:
        return None
    except defects.DEFECTS:  # whoever takes it in says so
        return None


def _answered(path: Path, returned: ReturnedReport | None) -> list[ReturnedLine]:
    name = printable(path.name)
    lines = returned.lines if returned else ()
    return [replace(one, sheet=say("decisions.sheet_in", sheet=one.sheet, file=name)) for one in lines if one.decision]
