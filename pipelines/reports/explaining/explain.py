"""Why the night says what it says of one account, number or change: every source's view, the match, rules and route.

`Explanation` holds what a person reads: labels, dates JJ/MM/AAAA, sentences. It draws nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipelines.changes.compare import Comparison
from pipelines.changes.routing import route_of
from pipelines.matching.candidates import Match
from pipelines.matching.explanation import Weighing, weighings
from pipelines.matching.identify import Identity
from pipelines.names import full_key
from pipelines.phrase import escalation_text, place_text, post_text, reason_text, source_text
from pipelines.reports.explaining.survivorship import Kept, kept_of
from pipelines.reports.explaining.uncompared import uncompared
from pipelines.reports.explaining.views import View, account_view, card_view, line_view, person_view
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change, PostRef
from schemas.glyphs import pair
from schemas.nomenclatures import ADMIN_EFIT, code_of, reasons, say
from schemas.people.assignment import Account, Assignment
from schemas.people.identifiers import NumberKind, classify_cpx
from schemas.people.workbook_line import WorkbookLine


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a question is about: accounts, the national identifications they go by, or one change alone.

    A change about somebody without account and number is found by `name` (a key) at `place`; one about a structure has
    a `place` and no name: everybody there is shown.
    """

    accounts: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    change_id: str = ""
    place: str = ""
    name: str = ""

    def says(self, line: WorkbookLine) -> bool:
        """Tell whether the line is of the place, and of the name where there is one."""
        named = not self.name or full_key(line.last_name, line.first_name) == self.name
        return bool(self.place) and line.assignment.structure_code == self.place and named

    def holds(self, account: Account) -> bool:
        """Tell whether the account is one of them, or works at the place that the question is about."""
        at_place = bool(self.place) and not self.name and account.active
        here = at_place and any(one.structure_code == self.place for one in account.assignments)
        return account.account_id in self.accounts or here

    def concerns(self, change: Change) -> bool:
        """Tell whether the change is about them, or is a question that names them."""
        return (
            change.id == self.change_id
            or change.account_id in self.accounts
            or (bool(change.person.national_id) and change.person.national_id in self.numbers)
            or any(key in self.accounts or key in self.numbers for key in _named_in(change))
        )


def _named_in(change: Change) -> Iterator[str]:
    """The accounts and persons that a question lists."""
    for one in change.fields:
        if one.field in ("candidate", "account"):
            yield (one.after or one.before or "").partition(" ")[0]


@dataclass(frozen=True, slots=True)
class RuleSaid:
    """A rule that fired: its code, what it says, and where it comes from (contract or procedure)."""

    code: str
    sentence: str
    source: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A change with the rules that made it, and why its updater is the one; `tonight`: the sources still show it."""

    change: Change
    tonight: bool
    rules: tuple[RuleSaid, ...]
    updater: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer; `matches` and `doubts` are sentences. `kept`: the golden record, value by value; `uncompared`: what
    was not looked at, and why.
    """

    subject: Subject
    views: tuple[View, ...] = ()
    kept: tuple[Kept, ...] = ()
    matches: tuple[str, ...] = ()
    weighed: tuple[Weighing, ...] = ()
    doubts: tuple[RuleSaid, ...] = ()
    uncompared: tuple[str, ...] = ()
    changes: tuple[Explained, ...] = field(default=())


def find_subject(text: str, snapshot: Snapshot, changes: Mapping[str, Change]) -> Subject | None:
    """Return of a change id, an account id or a number as people type it; None when no source of tonight has it.

    `changes`: tonight's and those the store remembers.
    """
    asked = text.strip()
    if asked.upper() in changes:
        return _of_change(changes[asked.upper()], snapshot)
    account = next((key for key in snapshot.accounts if key.upper() == asked.upper()), None)
    if account is not None:
        return Subject((account,), _numbers(snapshot, (account,)))
    return _of_number(asked, snapshot, changes.values())


def _of_change(change: Change, snapshot: Snapshot) -> Subject:
    accounts = (change.account_id,) if change.account_id in snapshot.accounts and change.account_id else ()
    number = change.person.national_id
    own = {number, snapshot.register.resolve(number)} if number else set()
    if accounts or own:
        return Subject(accounts, _numbers(snapshot, accounts) | own, change.id)
    person = change.person
    name = full_key(person.last_name, person.first_name) if person.last_name else ""
    return Subject((), frozenset(), change.id, change.assignment.structure_code, name)


def _of_number(text: str, snapshot: Snapshot, changes: Iterable[Change]) -> Subject | None:
    reading = classify_cpx(text)
    register = snapshot.register
    numbers = {reading.number, register.resolve(reading.number)} if reading.usable else set()
    if reading.kind is NumberKind.SERIAL:
        numbers = set(register.by_serial.get(reading.number, ()))
    held = tuple(
        key
        for key, one in sorted(snapshot.accounts.items())
        if one.number.usable and _same(one.number.number, numbers, snapshot)
    )
    subject = Subject(held, frozenset(numbers) | _numbers(snapshot, held))
    told = any(_same(line.number.number, numbers, snapshot) for line in snapshot.lines if line.number.usable)
    known = held or told or numbers & register.persons.keys() or any(map(subject.concerns, changes))
    return subject if numbers and known else None


def _same(number: str, numbers: Iterable[str], snapshot: Snapshot) -> bool:
    return snapshot.register.resolve(number) in numbers


def _numbers(snapshot: Snapshot, accounts: Iterable[str]) -> frozenset[str]:
    numbers = {snapshot.accounts[key].number for key in accounts}
    usable = {one.number for one in numbers if one.usable}
    return frozenset(usable | {snapshot.register.resolve(number) for number in usable})


def explain(subject: Subject, snapshot: Snapshot, comparison: Comparison, known: Mapping[str, Change]) -> Explanation:
    """Return everything about the subject. `known`: the changes the store remembers; tonight's come first."""
    persons = _persons(subject, comparison)
    matches = [one for one in comparison.matches if _about(one, subject, persons)]
    mine = [found for key in subject.accounts if (found := comparison.identities.get(key))]
    tonight = {change.id: change for change in comparison.changes}
    every = {**known, **tonight}
    concerned = [change for change in (*tonight.values(), *known.values()) if subject.concerns(change)]
    return Explanation(
        subject,
        tuple(_views(subject, persons, matches, snapshot)),
        tuple(one for identity in mine for one in kept_of(identity)),
        tuple(_match_texts(subject, matches, snapshot, comparison)),
        tuple(weighings(matches, mine)),
        tuple(_doubts(subject, comparison)),
        tuple(text for one in mine for text in uncompared(snapshot, one, _ended(one, comparison))),
        tuple(_explained(every[key], key in tonight, comparison) for key in dict.fromkeys(c.id for c in concerned)),
    )


def _ended(identity: Identity, comparison: Comparison) -> list[Assignment]:
    """The functions of an account of which tonight's changes say that they are over."""
    key = identity.account.account_id
    mine = [one for one in comparison.changes if one.account_id == key]
    if any(one.kind == "deactivate_account" for one in mine):
        return list(identity.account.assignments)
    return [_assignment_of(one) for one in mine if one.kind == "end_assignment"]


def _assignment_of(change: Change) -> Assignment:
    place = change.assignment
    return Assignment(place.structure_code, code_of("functions", place.function), code_of("ranks", place.rank))


def _persons(subject: Subject, comparison: Comparison) -> frozenset[str]:
    """The national identifications the subject goes by, the certain matches' included."""
    identities = (comparison.identities.get(key) for key in subject.accounts)
    return subject.numbers | {one.person_id for one in identities if one and one.person_id}


def _about(found: Match, subject: Subject, persons: frozenset[str]) -> bool:
    return bool(
        found.account_id in subject.accounts
        or (found.person_id and found.person_id in persons)
        or (found.line.number.usable and found.line.number.number in persons)
        or any(candidate.key in (*subject.accounts, *persons) for candidate in found.candidates)
        or subject.says(found.line)
    )


def _views(subject: Subject, persons: frozenset[str], matches: Iterable[Match], snapshot: Snapshot) -> Iterator[View]:
    """Side by side: the annuaire, the registers, the cards, the workbooks."""
    yield from (account_view(one, snapshot) for _, one in sorted(snapshot.accounts.items()) if subject.holds(one))
    register = snapshot.register
    yield from (person_view(register.persons[key], register) for key in sorted(persons & register.persons.keys()))
    cards = [card for key in sorted(persons) for card in register.cards.get(key, ())]
    yield from (card_view(card, snapshot.day) for card in sorted(cards, key=lambda card: (card.ends_on, card.serial)))
    yield from (line_view(found.line, snapshot) for found in matches)


def _match_texts(
    subject: Subject, matches: Iterable[Match], snapshot: Snapshot, comparison: Comparison
) -> Iterator[str]:
    for key in subject.accounts:
        identity = comparison.identities.get(key)
        account = snapshot.accounts.get(key)
        if identity is None:
            if account and not account.active:
                yield say("explain.inactive", account=key)
        elif identity.registered:
            yield say("explain.registered", account=key, number=identity.person_id)
        else:
            yield say("explain.unregistered", account=key)
    for found in matches:
        place = say("explain.place", source=source_text(found.line.source), location=place_text(found.line.location))
        yield pair(place, say(f"match.{found.how}"))


def _doubts(subject: Subject, comparison: Comparison) -> Iterator[RuleSaid]:
    for key in subject.accounts:
        identity = comparison.identities.get(key)
        for doubt in identity.doubts if identity else ():
            labels = ", ".join(f"{one.key} {one.label}" for one in doubt.candidates)
            yield RuleSaid(
                doubt.reason, say("explain.doubt", candidates=labels or "–"), reasons()[doubt.reason]["source"]
            )


def _explained(change: Change, tonight: bool, comparison: Comparison) -> Explained:
    rules = tuple(RuleSaid(code, reason_text(change, ""), reasons()[code]["source"]) for code in change.reasons)
    return Explained(change, tonight, rules, tuple(_why_updater(change, comparison)))


def _why_updater(change: Change, comparison: Comparison) -> Iterator[str]:
    """The row of the routing table, who holds the post, what happens when nobody does (procedure §4)."""
    routing, place, updater = comparison.routing, change.assignment, change.updater
    held = _assignment_of(change)
    function = place.function and f"{place.function} {place.rank.lower()}".strip()
    structure = f"{place.structure_type} {place.structure_code}".strip()
    route, scope = route_of(held if place.structure_code else None, routing)
    yield say("explain.place_routed", function=function or say("explain.no_function"), structure=structure or "–")
    if updater.uncovered:
        yield say("explain.route_none", source=route.source)
    else:
        meant = _post(route.updater, scope)
        yield say("explain.route", source=route.source, post=meant)
    if updater.escalated_from:
        yield escalation_text(updater)
    yield say("explain.holders", post=_post(updater.post, updater.scope), holders=", ".join(updater.recipients) or "–")
    if change.kind in ("update_account", "deactivate_account", "card_alert") and change.also_concerned:
        yield say("explain.highest", posts=", ".join(map(post_text, change.also_concerned)))


def _post(post: str, scope: str) -> str:
    if post != ADMIN_EFIT and not scope:
        return say(f"post_name.{post}")
    return post_text(PostRef.model_validate({"post": post, "scope": scope}))
