"""A regional workbook that its keeper sends: put where the configuration expects it, after the checks of a night.

Who sent it is what the mail server says (SPF, DKIM, DMARC); what it may do is what a workbook may do any night, held by
the same safeguards. The one before is kept beside the store.
"""

import re
import shutil
from datetime import datetime
from pathlib import Path

from connectors.sources.guard import format_of, read_bytes
from connectors.system.private_file import make_private_folder, write_private
from flows.reading.local import read_one_workbook, source_names
from flows.reading.workbooks import AskedWorkbook
from flows.returns.intake import Intake, printable
from flows.returns.taking import Desk, record_workbook
from flows.run.run import looking
from flows.settings.model import Settings
from flows.settings.sources import WorkbookSettings
from flows.state.past import baseline_of
from pipelines.sources.coverage import spoken_for
from pipelines.sources.judged_sources import Source
from pipelines.sources.workbook.rows import JudgedWorkbook
from schemas.changes.change import PostRef
from schemas.changes.receipt import Facts, Parcel
from schemas.errors import AnnuaireError, SourceError
from schemas.nomenclatures import ADMIN_EFIT, CHV_ST_ETS_POST, CRH_ST_POST, messages, say
from schemas.reading.source_names import workbook_name

KEPT = "classeurs"  # beside the store: those that another took the place of


def take_workbook(desk: Desk, path: Path, parcel: Parcel, no_report: SourceError) -> Intake | None:
    """Put it in its place, or say why not; None for what is no workbook of anybody whom the sender answers for.

    `no_report`: why it is not taken for a report.
    """
    theirs = [one for one in desk.settings.workbook if desk.posts.may(parcel.sender, keeper_of(one))]
    copied = no_report.message == say(
        "report.copied_lines", expected=say("column.token")
    )  # lines of ours, nobody's list
    if not parcel.sender or not theirs or copied or desk.posts.named_in(path.name):
        return None
    named = [one for one in theirs if Path(one.path).name.casefold() == path.name.casefold()]
    if len(named or theirs) != 1 or (not named and _is_anothers(desk, path)):
        return _refused(desk, path, parcel, keeper_of(theirs[0]), say("workbook_in.which", file=printable(path.name)))
    workbook = (named or theirs)[0]
    post, name = keeper_of(workbook), printable(path.name)
    if _is_locked(path) and (named or no_report.message != say("decisions.sealed")):  # no night has a password for it
        return _refused(desk, path, parcel, post, say("workbook_in.locked", file=name))
    found = _judged(desk, path, workbook)
    if found is None or not (found.items.present or found.report.people):
        return None  # nobody stands in it: it is no workbook of people, and is refused for what it is
    why = _for_a_keeper(found.report.message) or (
        "" if _same_places(desk, found.items) else say("workbook_in.elsewhere")
    )
    if not found.report.usable or why:
        return _refused(desk, path, parcel, post, say("workbook_in.refused", file=name, why=why))
    _put(desk.settings, path, workbook)
    message = say("workbook_in.taken", file=name, people=found.report.people, rejected=len(found.judged.issues))
    record_workbook(desk, path, parcel, post, Facts("workbook", message=message))
    return Intake(path, "workbook", message=message, post=post)


def _is_locked(path: Path) -> bool:
    try:
        format_of(read_bytes(path), path)
    except SourceError as error:
        return error.found == say("unreadable.password")
    return False


def _for_a_keeper(message: str) -> str:
    """What a night would say of it, without what only who runs the service can do."""
    return re.sub(messages()["workbook_in.released"], ".", message)


def keeper_of(workbook: WorkbookSettings) -> PostRef:
    """Tell who keeps it: the CRH-ST of the region, the titulaire of the ETS, else the administrator."""
    if workbook.region:
        return PostRef(post=CRH_ST_POST, scope=workbook.region)
    return PostRef(post=CHV_ST_ETS_POST, scope=workbook.ets) if workbook.ets else PostRef(post=ADMIN_EFIT)


def _is_anothers(desk: Desk, path: Path) -> bool:
    """It is named as a workbook that they do not keep."""
    return any(Path(one.path).name.casefold() == path.name.casefold() for one in desk.settings.workbook)


def _same_places(desk: Desk, found: JudgedWorkbook) -> bool:
    """It is about half at least of the establishments that the one before ever was about."""
    known = desk.store.mentioned().get(spoken_for(found.scope), frozenset())
    return 2 * len(known & found.scope.mentioned) >= len(known)


def _judged(desk: Desk, path: Path, workbook: WorkbookSettings) -> Source[JudgedWorkbook] | None:
    """As tonight's run would read it in the place of the one before; None where the annuaire cannot be read."""
    baseline = baseline_of(desk.store, source_names(desk.settings))
    run = looking(desk.settings, desk.day, store=desk.store)
    asked = AskedWorkbook(workbook, path, workbook_name(workbook.path), printable(path.name))
    try:
        return read_one_workbook(run, baseline, asked)
    except AnnuaireError:
        return None


def _refused(desk: Desk, path: Path, parcel: Parcel, post: PostRef, why: str) -> Intake:
    record_workbook(desk, path, parcel, post, Facts("unreadable", message=why))
    return Intake(path, "unreadable", message=why, post=post)


def _put(settings: Settings, path: Path, workbook: WorkbookSettings) -> None:
    """In the place of the one before, whole or not at all. Raises DeliveryError when the disk or the rights refuse."""
    target = settings.path(workbook.path)
    mode = target.stat().st_mode & 0o777 if target.is_file() else 0o600
    if target.is_file():
        folder = settings.state_folder / KEPT
        make_private_folder(folder)
        stamp = datetime.fromtimestamp(target.stat().st_mtime)
        kept = folder / f"{target.stem}-{stamp:%Y%m%d-%H%M%S}{target.suffix}"
        if not kept.exists():
            shutil.copy2(target, kept)
            kept.chmod(0o600)
    write_private(target, path.read_bytes())
    target.chmod(mode)
