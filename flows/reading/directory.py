"""The national directory asked: in the night for those whom the files leave in doubt, now for `explain --live`."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.sources.result import Reading, refused, text_frame
from flows.run.progress import Progress, nobody
from flows.run.run import Run
from flows.run.steps import Step, Trouble
from flows.settings.model import Settings
from pipelines.sources.baseline import Baseline
from pipelines.sources.directory import (
    DirectoryAnswers,
    answers_of,
    batches,
    columns_of,
    judge_directory,
    noted,
    whom_to_ask,
)
from pipelines.sources.judged_sources import National, Source
from schemas.errors import FetchError, SourceError
from schemas.nomenclatures import say
from schemas.people.directory_answer import Said
from schemas.reading.arrival import Address
from schemas.reading.source import SourceReport, SourceStatus
from schemas.reading.source_names import DIRECTORY

if TYPE_CHECKING:
    from connectors.web.directory import DirectoryLine

BATCH = 50  # identifications a search, and entries a page: what the directory gives by default


def ask_directory(run: Run, national: National, baseline: Baseline) -> Source[Said] | None:
    """Return what the directory says of those whom the files leave in doubt; None where none is configured.

    Where it does not answer, not to the end, or lacks many whom it knew, they are left as they are.
    """
    if not run.settings.directory.url:
        return None
    asked = whom_to_ask(national)
    passing: list[bool] = []

    def work() -> Source[Said]:
        reading = read_directory(run.settings, asked, run.day, run.steps.tell)
        passing.append(bool(reading.facts.get("may_pass")))
        return judge_directory(reading, run.policy, baseline, asked)

    def unasked(found: Source[Said]) -> Trouble | None:
        """What kept it from answering; a key that is refused does not pass by itself."""
        return None if found.report.usable else Trouble(found.report.message, may_pass=passing[-1])

    found = run.steps(Step("read", DIRECTORY), work, unasked)
    return noted(found, asked, national) if found.report.usable else found


def read_directory(
    settings: Settings,
    asked: list[str],
    day: date,
    tell: Progress = nobody,
    *,
    patient: bool = True,
) -> Reading:
    """Read everybody asked for, or nothing: with one page missing nobody knows who is not there.

    `patient`: a server that is busy is waited for, a minute in all.
    """
    place = directory_address(settings).place
    report = SourceReport(DIRECTORY, place)
    try:
        with directory_line(settings) as line:
            line.on_wait = lambda sentence: tell(sentence, 0, 0)
            line.patience = line.patience if patient else 0.0
            found = _answers(line, asked, tell)
            seen = line.seen.astimezone().date() if line.seen else None
    except FetchError as error:
        reading = refused(report, SourceError("FILE_UNREADABLE", str(error), place), ())
        return replace(reading, facts={"may_pass": error.may_pass})
    if seen and (day - seen).days > settings.register_.max_age_days:
        message = say("issue.FILE_STALE", found=f"{seen:%d/%m/%Y}", expected=settings.register_.max_age_days)
        stale = refused(report, SourceError("FILE_STALE", message, place), ())
        return replace(stale, report=replace(stale.report, status=SourceStatus.STALE))
    return _reading(report, found, seen)


def _answers(line: "DirectoryLine", asked: list[str], tell: Progress) -> DirectoryAnswers:
    what = say("step.directory")
    people: list[Mapping[str, object]] = []
    roles: list[Mapping[str, object]] = []
    places: dict[str, Mapping[str, object]] = {}
    done = 0
    for ids in batches(asked, BATCH):
        mine: list[str] = []
        for page in line.search("Practitioner", {"identifier": ",".join(ids), "_count": str(BATCH)}):
            people += (found := list(page.of("Practitioner")))
            mine += [str(one["id"]) for one in found if one.get("id")]
        for some in batches(mine, BATCH):
            wanted = {"practitioner": ",".join(some), "_include": "PractitionerRole:organization", "_count": str(BATCH)}
            for page in line.search("PractitionerRole", wanted):
                roles += page.of("PractitionerRole")
                places |= {str(one.get("id")): one for one in page.of("Organization")}
        done += len(ids)
        tell(what, done, len(asked))
    _fill(line, roles, places)
    return answers_of(people, roles, list(places.values()))


def _fill(
    line: "DirectoryLine", roles: Iterable[Mapping[str, object]], places: dict[str, Mapping[str, object]]
) -> None:
    """The organizations that were not sent along with the activities."""
    named = {_place_of(role) for role in roles} - {""} - places.keys()
    for some in batches(sorted(named), BATCH):
        for page in line.search("Organization", {"_id": ",".join(some), "_count": str(BATCH)}):
            places |= {str(one.get("id")): one for one in page.of("Organization")}


def _place_of(role: Mapping[str, object]) -> str:
    place = role.get("organization")
    named = place.get("reference") if isinstance(place, dict) else None
    return named.rpartition("/")[2] if isinstance(named, str) else ""


def _reading(report: SourceReport, found: DirectoryAnswers, seen: date | None) -> Reading:
    digest = hashlib.sha256(repr((sorted(found.persons), sorted(found.cards))).encode()).hexdigest()
    accepted, rejected = len(found.persons) + len(found.cards), len(found.issues)
    report = replace(
        report,
        sha256=digest,
        rows_read=accepted + rejected,
        rows_accepted=accepted,
        rows_rejected=rejected,
        people=found.people,
        stamp=seen,
        message=say("directory.partly", count=rejected) if rejected else "",
    )
    persons = text_frame(found.persons, columns_of("register_persons"))
    cards = text_frame(found.cards, columns_of("register_cards"))
    return Reading(report, persons, tuple(found.issues), facts={"cards": cards, "unread": tuple(sorted(found.unread))})


def directory_line(settings: Settings) -> "DirectoryLine":
    """Return a line to it. Raises FetchError where its authority cannot be read."""
    from connectors.web.directory import DirectoryLine  # whoever asks nobody does not wait for the HTTP library

    return DirectoryLine(directory_address(settings), settings.directory.api_key or "")


def directory_address(settings: Settings) -> Address:
    """Tell where it is. Raises FetchError where the file of its authority is not there."""
    asked = settings.directory
    authority = str(settings.path(asked.ca_file)) if asked.ca_file else ""
    if authority and not Path(authority).is_file():
        raise FetchError(say("config.fetch_ca_file", path=asked.ca_file))
    return Address((asked.url or "").strip(), ca_file=authority, timeout=asked.timeout)
