"""What leaves by mail tonight: which reports, telling of which changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipelines.lifecycle.new_rules import RULES
from pipelines.policy import CREATIONS
from pipelines.workbook_keepers import ADMIN
from schemas.changes.change import Change
from schemas.changes.lifecycle import Event, Told
from schemas.changes.safeguard import Hold
from schemas.changes.witness import Announced
from schemas.reports.mail import MailRow
from schemas.reports.report import Report, ReportLine


def going_out(reports: Sequence[Report], held: Sequence[Hold]) -> tuple[Report, ...]:
    """Return the reports that are mailed: something new or overdue, not held; the administrator's also for a notice.

    When all that is new or overdue is held, nothing is sent (contract §1, exit code 4).
    """
    sets = [hold for hold in held if hold.post and hold.what != RULES]
    waiting = {(hold.post, hold.scope) for hold in sets if hold.what != CREATIONS}  # these are out of the reports alone
    free = [one for one in reports if (one.updater.post, one.updater.scope) not in waiting]
    if sets and not any(one.fresh or one.overdue for one in free):
        return ()
    return tuple(one for one in free if one.fresh or one.overdue or (one.notices and one.updater == ADMIN))


def as_written(report: Report) -> Report:
    """Return a report as its mail needs it, once its workbook is written: which changes stand in it, and how."""
    sheets = (replace(sheet, lines=tuple(map(_bare, sheet.lines))) for sheet in report.sheets)
    return replace(report, sheets=tuple(sheets), places=())


def _bare(line: ReportLine) -> ReportLine:
    return replace(
        line,
        token="",
        person="",
        national_id="",
        function="",
        structure="",
        before=(),
        after=(),
        details=(),
        reason="",
        guidance="",
        notes=(),
        form=None,
        offers=(),
        values=(),
        email="",
        phone="",
        letter=None,
    )


def about_to_be_told(leaving: Sequence[Report], changes: Mapping[str, Change], day: date) -> dict[str, Announced]:
    """Return what the mails are about to announce or remind of; a change's first day as new counts from today."""
    return {
        change.id: Announced(change.first_seen, day, day, report.updater)
        for report in leaving
        for change in told_by(report, own_of(report, changes))
    }


def own_of(report: Report, changes: Mapping[str, Change]) -> list[Change]:
    """Return the changes of a report that are its updater's own to enter."""
    mine = (report.updater.post, report.updater.scope)
    listed = (changes[key] for key in sorted(report.statuses))
    return [change for change in listed if (change.updater.post, change.updater.scope) == mine]


def told_by(report: Report, own: Sequence[Change]) -> list[Change]:
    """Return those that the mail announces as new, or reminds of."""
    reminded = {key for key, _ in report.overdue}
    return [change for change in own if change.status == "new" or change.id in reminded]


def told_events(announced: Iterable[Change], day: date) -> tuple[Event, ...]:
    """Return the new among the changes that a mail announced are known to their updater."""
    return tuple(Event(one.id, day, "new", "notified", "mail") for one in announced if one.status == "new")


def told_perhaps(unknown: Iterable[MailRow]) -> dict[str, Told]:
    """Change id → the mail that may have announced it."""
    return {key: Told(row.day, row.updater, row.message_id) for row in unknown for key in row.change_ids}


def may_have_told(mail: MailRow, unknown: Iterable[MailRow]) -> MailRow | None:
    """Return of the mails of unknown fate the one that may have told an updater all that this one tells; None: none of
    them.

    This very mail, or another that spoke of all these changes: a reminder a day older says nothing more.
    """
    ids = set(mail.change_ids)
    for row in unknown:
        if row.message_id == mail.message_id or (row.updater == mail.updater and ids and ids <= set(row.change_ids)):
            return row
    return None
