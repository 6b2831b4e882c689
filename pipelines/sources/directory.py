"""What the national directory answers as rows of the register and of the holders' file: judged as theirs are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipelines.digest import row_digests
from pipelines.policy import Policy
from pipelines.sources.baseline import NOTHING_BEFORE, Baseline
from pipelines.sources.judged import Judged
from pipelines.sources.judged_sources import National, Source, Text
from pipelines.sources.national.read_cards import holders_of
from pipelines.sources.national.register import cards_of, persons_of
from pipelines.sources.wholeness.answered import FOUND, known_before, whole_answer
from schemas.nomenclatures import say
from schemas.people.directory_answer import Said
from schemas.people.fhir import (
    FINESS,
    LEGAL_ENTITY,
    STRUCTURE,
    Extension,
    Organization,
    Practitioner,
    PractitionerRole,
)
from schemas.reading.issue import Issue
from schemas.reading.source import SourceReport, contract
from schemas.reading.source_names import DIRECTORY
from schemas.words import clean

PROFESSION, CATEGORY = "TRE_G15", "TRE_R09"
Resource = Mapping[str, Any]
DirectoryFound = TypeVar("DirectoryFound", bound=BaseModel)


@dataclass(slots=True)
class DirectoryAnswers:
    """Rows under the columns of `contract("register_persons")` and `contract("register_cards")`, with `_location`.

    `issues`: the resources that could not be read; `unread`: the numbers that they are about.
    """

    persons: list[list[str]] = field(default_factory=list)
    cards: list[list[str]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    people: int = 0


def whom_to_ask(national: National) -> list[str]:
    """Return the identifications that the files leave in doubt, in order: not there, without a card, or in a row not
    read.

    All of them where the files could not be used.
    """
    files = [one for one in (national.cards, national.adeli, national.persons) if one]
    read = [one for one in (national.persons, national.cards) if one and one.report.usable]
    unread = {number for one in files for number in one.judged.unread}
    known = {number for one in (national.adeli, national.persons) if one for number in one.items}
    carded = holders_of(national.cards.items if national.cards else ())
    asked = (one for one in sorted(national.wanted.national_ids) if one[:1] in ("0", "8"))
    return [one for one in asked if len(read) < 2 or one in unread or one not in known or one not in carded]


def judge_directory(
    text: Text, policy: Policy, baseline: Baseline = NOTHING_BEFORE, asked: Sequence[str] = ()
) -> Source[Said]:
    """Judge the rows as persons and cards; of one that is not usable its report, and of whom nothing is known then."""
    report = _whole(text, asked, baseline, policy) if text.report.usable else text.report
    if not report.usable:
        return Source(report, Judged(Said(), unread=known_before(asked, baseline)), text.issues)
    persons = persons_of(text.frame, DIRECTORY)
    cards = cards_of(text.facts["cards"], DIRECTORY, policy.card_validity_years)
    said = Said(
        {key: replace(one, source=DIRECTORY) for key, one in persons.items.items()},
        tuple(replace(one, source=DIRECTORY, opposition_known=False) for one in cards.items),
    )
    unread = persons.unread | cards.unread | frozenset(text.facts["unread"])
    judged = Judged(said, (*persons.issues, *cards.issues), persons.rejected + cards.rejected, unread)
    return Source(report, judged, text.issues, _digests(text))


def _whole(text: Text, asked: Sequence[str], baseline: Baseline, policy: Policy) -> SourceReport:
    """Held where too many are gone of those whom it knew, of those with a card, or of those with a place."""
    persons, cards = text.frame, text.facts["cards"]
    placed = (persons["finess_site"] != "") | (persons["finess_legal"] != "")
    found = {
        FOUND: {*persons["national_id"], *text.facts["unread"]},
        "cards": {*cards["national_id"]},
        "places": {*persons["national_id"][placed]},
    }
    return whole_answer(text.report, asked, found, baseline, policy)


def noted(found: Source[Said], asked: Sequence[str], national: National) -> Source[Said]:
    """Return it with what is said of it: how many were asked for, and whom the files do not have."""
    known = {number for one in (national.adeli, national.persons) if one for number in one.items}
    carded = holders_of(national.cards.items if national.cards else ())
    people = sum(number not in known for number in found.items.persons)
    cards = sum(card.holder not in carded for card in found.items.cards)
    note = say("directory.note", people=people, cards=cards, asked=len(asked))
    stamp = national.persons.report.stamp if national.persons and national.persons.report.usable else None
    if stamp and (people or cards):
        note += " " + say("directory.against", day=f"{stamp:%d/%m/%Y}")
    return replace(found, notes=(note,))


def _digests(text: Text) -> dict[str, str]:
    """Of a person's own rows and of their cards: one renewed is something new about them."""
    own, cards = row_digests(text.frame, "national_id"), row_digests(text.facts["cards"], "national_id")
    return {key: own.get(key, "") + cards.get(key, "") for key in {**own, **cards}}


def answers_of(
    practitioners: Sequence[Resource], roles: Sequence[Resource], places: Sequence[Resource]
) -> DirectoryAnswers:
    """Return what came of three searches; a resource that cannot be read is set aside, and whoever it names with it."""
    found = DirectoryAnswers()
    work: dict[str, list[PractitionerRole]] = defaultdict(list)
    where = {place.id: place for one in places if (place := _read(Organization, one, found))}
    for one in roles:
        role = _read(PractitionerRole, one, found)
        if role and role.active:
            work[role.practitioner.id].append(role)
    seen: set[str] = set()
    for one in practitioners:
        person = _read(Practitioner, one, found)
        if not person or not person.active or person.id in seen:
            continue
        seen.add(person.id)
        _add(found, person, [_finess(role, where) for role in work[person.id]])
    return found


def _read(kind: type[DirectoryFound], resource: Resource, found: DirectoryAnswers) -> DirectoryFound | None:
    try:
        return kind.model_validate(resource)
    except ValidationError as error:
        place = f"{kind.__name__}/{clean(str(resource.get('id', '?')))[:40]}"
        key = ".".join(str(part) for part in error.errors()[0]["loc"])
        found.issues.append(Issue(DIRECTORY, place, key, "ROW_WIDTH", say("directory.unread", key=key)))
        numbers = resource.get("identifier")
        given = [one.get("value") for one in numbers if isinstance(one, dict)] if isinstance(numbers, list) else []
        found.unread.update(one for one in given if isinstance(one, str))
        return None


def _add(found: DirectoryAnswers, person: Practitioner, places: Sequence[tuple[str, str]]) -> None:
    """One row for each profession at each place, and one for each card."""
    name = person.name[0] if person.name else None
    at = f"Practitioner/{person.id}"
    if not person.national_id or name is None or not name.family:
        key = "name" if person.national_id else "identifier"
        found.issues.append(Issue(DIRECTORY, at, key, "ROW_WIDTH", say("directory.unread", key=key)))
        found.unread.update({person.national_id} - {""})
        return
    found.people += 1
    who = {
        "id_type": person.national_id[:1],
        "identifier": person.national_id[1:],
        "national_id": person.national_id,
        "last_name": clean(name.family),
        "first_name": clean(" ".join(name.given)),
        "_location": at,
    }
    titles = {"civility": "".join(name.prefix[:1]), "civility_practice": "".join(name.suffix[:1])}
    for profession, category in _exercises(person):
        for site, legal in places or [("", "")]:
            work = {"profession": profession, "category": category, "finess_site": site, "finess_legal": legal}
            found.persons.append(_row("register_persons", {**who, **titles, **work}))
    found.cards += [_row("register_cards", {**who, **_card(one)}) for one in person.cards]


def _exercises(person: Practitioner) -> list[tuple[str, str]]:
    """(profession, category) of each profession exercised; one empty where none is told."""
    codes = ((one.code.code(PROFESSION), one.code.code(CATEGORY)) for one in person.qualification)
    return list(dict.fromkeys(pair for pair in codes if pair[0])) or [("", "")]


def _finess(role: PractitionerRole, where: Mapping[str, Organization]) -> tuple[str, str]:
    """(FINESS of the site, of the legal entity) of an activity."""
    place = where.get(role.organization.id)
    given = [*(place.identifier if place else ()), role.organization.identifier]
    numbers = [one for one in given if FINESS in one.system and one.value]
    legal = next((one.value for one in numbers if one.type.code() == LEGAL_ENTITY), "")
    site = next((one.value for one in numbers if one.type.code() != LEGAL_ENTITY), "")
    if not site and not legal:  # 1 and the FINESS number is a structure's own identification
        national = next((one.value for one in given if one.system == STRUCTURE), "")
        site = national[1:] if len(national) == 10 and national.startswith("1") else ""
    return site, legal


def _card(card: Extension) -> dict[str, str]:
    """What number it carries is not told; nor, to whom has no special right, whether it is under opposition."""
    period, opposed = card.part("period").period, card.part("oppositionDate")
    return {
        "card_type": card.part("type").code,
        "serial": card.part("number").number,
        "starts_on": period.start[:10],
        "ends_on": period.end[:10],
        "opposed_on": (opposed.date or opposed.moment)[:10],
    }


def _row(kind: str, values: Mapping[str, str]) -> list[str]:
    return [values.get(column, "") for column in columns_of(kind)]


def columns_of(kind: str) -> list[str]:
    """Return the columns of a national file, as its readers give them."""
    return [*contract(kind).columns, "_location"]


def batches(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Yield so many at a time."""
    return (ids[at : at + size] for at in range(0, len(ids), size))
