"""« The data changed » told apart from « our rules changed » (docs/lifecycle.md)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from pipelines.lifecycle.decisions.answer_digests import altered, subjects, words_altered
from pipelines.lifecycle.fingerprints import account_key, person_key, place_key
from pipelines.names import full_key
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change, Updater
from schemas.changes.lifecycle import ChangeState
from schemas.changes.safeguard import Hold
from schemas.nomenclatures import reasons
from schemas.people.card import Card
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.fingerprints import Fingerprints
from schemas.reading.source import WorkbookScope
from schemas.reading.source_names import ANNUAIRE, WORKBOOK, is_workbook, of_persons, register_name

RULES, SETTINGS, DATA, ROUTING = "rules", "settings", "data", "routing"
OURS = (RULES, SETTINGS)
_MADE = "."  # between the digest of what is installed and that of the configuration, in the digest of the rules


@dataclass(frozen=True, slots=True)
class Used:
    """A source as it was last used: its digest, by which rules, on which day."""

    sha256: str
    rules: str
    day: date


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of the nights before: each source as it was last used, the digests of what was said of each
    account, person and place, and by which `rules` the persons were last seen whole.
    """

    used: Mapping[str, Used] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What is as it was when other rules last looked at it; empty when our rules are the same.

    `sources`: names whose file is the same, byte for byte. `evidence`: keys of `fingerprints_of` that say the same,
    for the national files and the export change every day, but not about everybody. `others`: names of sources that
    other rules last used. `days`: name → the day that was. `answered`: of whom other answers stand than then. `ours`:
    what of our rules is another: what is installed, or the configuration alone.
    """

    sources: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    days: Mapping[str, date] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    ours: str = RULES


def unchanged_of(digests: Mapping[str, str], tonight: Fingerprints, before: Before, rules: str) -> Unchanged:
    """Return `digests`: source → SHA-256 of tonight's file, of those that could be read."""
    others = {name for name, used in before.used.items() if used.rules != rules}
    if before.rules != rules:
        others |= {name for name in of_persons() if name in before.used}
    if not others:
        return Unchanged()
    same = (name for name, used in before.used.items() if used.sha256 and digests.get(name) == used.sha256)
    return Unchanged(
        sources=frozenset(same),
        evidence=frozenset(tonight.same_as(before.evidence)),
        others=frozenset(others),
        days={name: used.day for name, used in before.used.items()},
        answered=altered(tonight.answers, before.evidence),
        ours=_which({before.rules, *(used.rules for used in before.used.values())}, rules),
    )


def _which(before: Collection[str], rules: str) -> str:
    """« settings » where nothing but the configuration is another."""
    made, settings, _ = rules.partition(_MADE)
    same = all(one.partition(_MADE)[:2] == (made, _MADE) for one in before if one)
    return SETTINGS if settings and same else RULES


def origins_of(
    changes: Sequence[Change],
    known: Mapping[str, ChangeState],
    unchanged: Unchanged,
    usable: Collection[str],
    snapshot: Snapshot,
) -> dict[str, str]:
    """Change id → data, rules, settings (of the configuration) or routing.

    A change that is new, or true again, is the rules' doing when all that it rests on says what it said when other
    rules last looked, and neither an answer nor a day that came since explains it. A known one keeps its origin; one
    that other rules give to another updater is `routing` until that updater has been told.
    """
    night = _Night(unchanged, frozenset(usable), snapshot)
    found = {}
    for change in changes:
        state = known.get(change.id)
        if state is not None and state.is_open:
            found[change.id] = state.origin if change.status == "new" else _of_known(change, state, night)
        else:
            found[change.id] = unchanged.ours if night.by_rules(change) else DATA
    return found


def _of_known(change: Change, state: ChangeState, night: "_Night") -> str:
    told = state.told_to is not None and state.told_to.name in (_meant(change.updater), change.updater.name)
    if state.origin == ROUTING:
        return DATA if told else ROUTING
    moved = not told and not _same_post(_meant(state.change.updater), _meant(change.updater))
    return ROUTING if moved and night.by_rules(change) else state.origin


def _meant(updater: Updater) -> str:
    """Whom the routing names, whether they can act or not."""
    return updater.escalated_from or updater.name


def _same_post(before: str, now: str) -> bool:
    """An older version wrote no scope."""
    return before == now or now.startswith(f"{before}-")


@dataclass(frozen=True)
class _Night:
    """What the changes of tonight are asked about."""

    unchanged: Unchanged
    usable: frozenset[str]
    snapshot: Snapshot

    def by_rules(self, change: Change) -> bool:
        """All that it rests on says what it said when other rules last looked, and no answer or day explains it."""
        others, days = self.unchanged.others, self.unchanged.days
        if not others:
            return False
        names = self._sources(change)
        if names.isdisjoint(others) or not all(self._rests(name, change) for name in names):
            return False
        if not self.unchanged.answered.isdisjoint(subjects(change, self.snapshot)):
            return False
        since = min((days[name] for name in names if name in days), default=self.snapshot.day)
        return not self._day_has_come(change, since)

    def _rests(self, name: str, change: Change) -> bool:
        """The source says of this change what it said."""
        if name in self.unchanged.sources and not (is_workbook(name) and words_altered(self.unchanged.answered)):
            return True
        evidence = self.unchanged.evidence
        if name == ANNUAIRE:
            return self._altered.isdisjoint(self._told_by(change))
        if name in of_persons():
            return not change.person.national_id or person_key(self._number(change)) in evidence
        codes = [code for code in self._places(change) if name in {one.source for one in self._scopes(code)}]
        return bool(codes) and all(place_key(name, code) in evidence for code in codes)

    @cached_property
    def _altered(self) -> frozenset[tuple[str, object]]:
        """By what one may come upon the accounts of which the annuaire does not say what it said."""
        found: set[tuple[str, object]] = set()
        for key, account in self.snapshot.accounts.items():
            if account_key(key) not in self.unchanged.evidence:
                found |= {("account", key), ("name", full_key(account.last_name, account.first_name))}
                found.add(("number", self.snapshot.register.resolve(account.number.number)))
                found |= {("structure", held.structure_code) for held in account.assignments}
        return frozenset(found)

    def _told_by(self, change: Change) -> set[tuple[str, object]]:
        """By what an account is come upon that a change is about; about somebody without one, that it may be about."""
        if change.account_id:
            return {("account", change.account_id)}
        person = change.person
        if not person.last_name:
            return {("structure", change.assignment.structure_code)}
        number = self._number(change)
        return {("name", full_key(person.last_name, person.first_name)), *({("number", number)} if number else ())}

    def _day_has_come(self, change: Change, since: date) -> bool:
        """A card has begun, ended or come within the warning since, or a function has ended: nobody's doing."""
        today = self.snapshot.day
        if since >= today:
            return False
        cards = self.snapshot.register.cards.get(self._number(change), ())
        if any(self._at(card, since) != self._at(card, today) for card in cards):
            return True
        account = self.snapshot.accounts.get(change.account_id or "")
        lines = self._lines_about(change)
        declared = [account.card_expires_on if account else None, *(line.card_expires_on for line in lines)]
        if any(self._left(end, since) != self._left(end, today) for end in declared if end):
            return True
        return any(since < line.ended_on <= today for line in lines if line.ended_on)

    def _at(self, card: Card, day: date) -> tuple[object, ...]:
        return card.usable(day), card.opposed(day), self._left(card.ends_on, day)

    def _left(self, ends_on: date, day: date) -> tuple[bool, ...]:
        """Which of the days that matter a card has reached."""
        return tuple((ends_on - day).days <= limit for limit in (-1, *self.snapshot.policy.expiry_warning_days))

    def _lines_about(self, change: Change) -> list[WorkbookLine]:
        """The lines that may be about the person of a change: of their number, or of their name."""
        name = f"{change.person.last_name}\0{change.person.first_name}"
        number = self._number(change)
        return [*(self._lines.get(number, ()) if number else ()), *self._lines.get(name, ())]

    @cached_property
    def _lines(self) -> Mapping[str, list[WorkbookLine]]:
        found: dict[str, list[WorkbookLine]] = defaultdict(list)
        for line in self.snapshot.lines:
            found[self.snapshot.register.resolve(line.number.number)].append(line)
            found[f"{line.last_name}\0{line.first_name}"].append(line)
        return found

    def _number(self, change: Change) -> str:
        return self.snapshot.register.resolve(change.person.national_id)

    def _places(self, change: Change) -> set[str]:
        """The structures that a change is about, and the account's others."""
        account = self.snapshot.accounts.get(change.account_id or "")
        codes = account.places if account else frozenset()
        return {code for code in (*codes, change.assignment.structure_code) if code in self.snapshot.structures}

    def _scopes(self, code: str) -> Iterable[WorkbookScope]:
        return self.snapshot.scopes_of(self.snapshot.structures[code])

    def _sources(self, change: Change) -> set[str]:
        """The sources a change rests on: the annuaire, the registers its reasons need, where its values were read, and
        the workbooks of its place and of the account's others.
        """
        needs = {need for reason in change.reasons for need in reasons()[reason]["needs"].split("|") if need}
        names = {ANNUAIRE} | {register_name(need) for need in needs if need != WORKBOOK}
        names |= {field.source for field in change.fields}
        if WORKBOOK in needs:
            names |= {scope.source for code in self._places(change) for scope in self._scopes(code)}
        return names & self.usable


def upgrade_holds(
    changes: Sequence[Change], origins: Mapping[str, str], released: Mapping[tuple[str, str, str], int]
) -> tuple[Hold, ...]:
    """Return one hold per updater whose changes only our rules brought, or brought to them, until somebody lets them
    out.
    """
    counts = Counter(
        (change.updater.post, change.updater.scope) for change in changes if by_rules_alone(change, origins)
    )
    return tuple(
        Hold(post, scope, RULES, count, count)
        for (post, scope), count in sorted(counts.items())
        if count > released.get((post, scope, RULES), 0)
    )


def by_rules_alone(change: Change, origins: Mapping[str, str]) -> bool:
    """Tell whether only our rules brought it, or brought it to this updater, who has not been told."""
    origin = origins.get(change.id)
    return (origin in OURS and change.status == "new") or origin == ROUTING


def brought_by(changes: Iterable[Change], origins: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return updater (post, scope) → what of ours brought what waits: « rules », « settings », « routing », or « mixed
    ».
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for change in changes:
        if by_rules_alone(change, origins):
            found[change.updater.post, change.updater.scope].add(origins[change.id])
    return {updater: next(iter(one)) if len(one) == 1 else "mixed" for updater, one in found.items()}
