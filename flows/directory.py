"""The national directory asked: in the night for those whom the files leave in doubt, now for `explain --live`."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from connectors.directory import DirectoryLine
from connectors.readers.result import Reading, refused, text_frame
from flows.gathered import Gathered
from flows.settings import Settings
from flows.steps import Do, Step, Trouble
from flows.telling import Tell
from pipelines.directory import DIRECTORY, Answers, answers_of, batches, columns_of, whom_to_ask
from pipelines.fingerprint import rows_of
from pipelines.validate.register import cards_of, persons_of
from schemas.arrival import Address
from schemas.card import Card
from schemas.errors import FetchError, SourceError
from schemas.issue import Issue
from schemas.nomenclatures import say
from schemas.person import RegisterPerson
from schemas.source import SourceReport, SourceStatus

BATCH = 50  # identifications a search, and entries a page: what the directory gives by default


@dataclass(frozen=True, slots=True)
class Files:
    """What the national files gave. `persons_read`, `cards_read`: they could be used, and what they lack is gone."""

    persons: Mapping[str, RegisterPerson]
    cards: tuple[Card, ...]
    unread: frozenset[str]
    persons_read: bool
    cards_read: bool
    stamp: date | None = None

    @property
    def whole(self) -> bool:
        """Both are there."""
        return self.persons_read and self.cards_read


def with_directory(
    settings: Settings, day: date, wanted: Iterable[str], files: Files, gathered: Gathered, tell: Tell, do: Do
) -> Files:
    """The files, and what the directory says of those whom they leave in doubt: it replaces no line of theirs.

    Where it does not answer, or not to the end, they are left as they are.
    """
    if not settings.directory.url:
        return files
    carded = {card.holder for card in files.cards}
    asked = whom_to_ask(wanted, files.persons, carded, files.unread, whole=files.whole)

    def work() -> Reading:
        return read_directory(settings, asked, day, tell)

    reading = do(Step("read", DIRECTORY), work, _unasked)
    if not reading.report.usable:
        gathered.keep(reading)
        return files
    found = judged_of(reading, settings.policy.card_validity_years)
    persons = {key: one for key, one in found.persons.items() if key not in files.persons}
    cards = tuple(one for one in found.cards if not (files.cards_read and one.holder in carded))
    note = say("directory.note", people=len(persons), cards=len(cards), asked=len(asked))
    if files.stamp and (persons or cards):
        note += " " + say("directory.against", day=f"{files.stamp:%d/%m/%Y}")
    told = replace(reading, report=replace(reading.report, notes=(note,)))
    gathered.keep(told, found.issues, found.rejected)
    gathered.rows[DIRECTORY] = {**rows_of(reading.frame, "national_id"), **_card_rows(reading)}
    heard = found.unread | (files.unread - set(asked))
    return Files({**files.persons, **persons}, (*files.cards, *cards), frozenset(heard), True, True, files.stamp)


def _unasked(reading: Reading) -> Trouble | None:
    """What kept the directory from answering; a key that is refused does not pass by itself."""
    if reading.report.usable:
        return None
    return Trouble(reading.report.message, may_pass=bool(reading.facts.get("may_pass")))


@dataclass(frozen=True, slots=True)
class Said:
    """What the directory says, judged; `issues` and `rejected` of its rows, `unread` the numbers of those not read."""

    persons: Mapping[str, RegisterPerson]
    cards: tuple[Card, ...]
    unread: frozenset[str]
    issues: tuple[Issue, ...] = ()
    rejected: int = 0


def judged_of(reading: Reading, validity_years: int) -> Said:
    """The rows of a reading as persons and cards, each knowing where it is from."""
    persons = persons_of(reading.frame, DIRECTORY)
    cards = cards_of(reading.facts["cards"], DIRECTORY, validity_years)
    return Said(
        {key: replace(one, source=DIRECTORY) for key, one in persons.items.items()},
        tuple(replace(one, source=DIRECTORY, opposition_known=False) for one in cards.items),
        persons.unread | cards.unread | frozenset(reading.facts["unread"]),
        (*persons.issues, *cards.issues),
        persons.rejected + cards.rejected,
    )


def read_directory(settings: Settings, asked: list[str], day: date, tell: Tell = lambda *_: None) -> Reading:
    """Everybody asked for, or nothing: with one page missing nobody knows who is not there."""
    place = directory_address(settings).place
    report = SourceReport(DIRECTORY, place)
    try:
        with directory_line(settings) as line:
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


def _answers(line: DirectoryLine, asked: list[str], tell: Tell) -> Answers:
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


def _fill(line: DirectoryLine, roles: Iterable[Mapping[str, object]], places: dict[str, Mapping[str, object]]) -> None:
    """The organizations that were not sent along with the activities."""
    named = {_place_of(role) for role in roles} - {""} - places.keys()
    for some in batches(sorted(named), BATCH):
        for page in line.search("Organization", {"_id": ",".join(some), "_count": str(BATCH)}):
            places |= {str(one.get("id")): one for one in page.of("Organization")}


def _place_of(role: Mapping[str, object]) -> str:
    place = role.get("organization")
    named = place.get("reference") if isinstance(place, dict) else None
    return named.rpartition("/")[2] if isinstance(named, str) else ""


def _reading(report: SourceReport, found: Answers, seen: date | None) -> Reading:
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


def _card_rows(reading: Reading) -> dict[str, str]:
    """Beside the person's own digest: a card renewed is something new about them."""
    own = rows_of(reading.frame, "national_id")
    cards = rows_of(reading.facts["cards"], "national_id")
    return {key: own.get(key, "") + digest for key, digest in cards.items()}


def directory_line(settings: Settings) -> DirectoryLine:
    """A line to it. Raises FetchError where its authority cannot be read."""
    return DirectoryLine(directory_address(settings), settings.directory.api_key or "")


def directory_address(settings: Settings) -> Address:
    """Where it is. Raises FetchError where the file of its authority is not there."""
    asked = settings.directory
    authority = str(settings.path(asked.ca_file)) if asked.ca_file else ""
    if authority and not Path(authority).is_file():
        raise FetchError(say("config.fetch_ca_file", path=asked.ca_file))
    return Address((asked.url or "").strip(), ca_file=authority, timeout=asked.timeout)
