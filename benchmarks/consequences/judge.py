"""What a night does to the people who are really meant, change by change; the mechanism is not asked.

Of the comparison two things are read: the changes, as an updater gets them, and of each line whether somebody was
concluded of it (`Match.account_id`, `how`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields

from benchmarks.consequences.cases import Case, Row
from benchmarks.consequences.country import Country, country
from pipelines.changes.compare import Comparison, compare
from pipelines.matching.candidates import Match
from pipelines.names import full_key
from schemas.changes.change import Change
from schemas.words import name_key
from tests.matching.judging import accounts_of

ABOUT_WHO = frozenset(("ambiguous_match", "shared_number", "duplicate_account", "number_of_another", "not_in_register"))


@dataclass(slots=True)
class Tally:
    """Counts of one class, or of several together. Persons, accounts and lines are counted once each.

    `harmed`: people to whom any of this is done: `ends` (assignments of who stands there), `deactivations`,
    `create_ends` (created again and ended), `creations` (of who has an account, or under another's number), `updates`
    (another's name or number), `addresses` (another's mailbox), `additions` (another's function). `wrong` matches, of
    which `blind` nobody could decide; `blind_harm`: all of these done to whom nobody could tell from another, counted
    there alone. `decided`: lines of which the right thing was concluded without a human; `asked`: lines matched rightly
    of whose number it is asked all the same. `open`: lines whose person has
    an account and that are matched with none; `named`: a review names that account; `kept`: and its post is left alone.
    Of the leavers `leavers_missed` still have a post; of the newcomers `newcomers_missed` nothing is said.
    """

    lines: int = 0
    carriers: int = 0
    harmed: int = 0
    ends: int = 0
    deactivations: int = 0
    create_ends: int = 0
    creations: int = 0
    updates: int = 0
    addresses: int = 0
    additions: int = 0
    matched: int = 0
    wrong: int = 0
    blind: int = 0
    blind_harm: int = 0
    decided: int = 0
    right: int = 0
    asked: int = 0
    with_account: int = 0
    reviews: int = 0
    open: int = 0
    named: int = 0
    kept: int = 0
    leavers: int = 0
    leavers_missed: int = 0
    newcomers: int = 0
    newcomers_missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A night judged: class → what became of its people; and each harm in words, to look at."""

    name: str
    country: Country
    comparison: Comparison
    tallies: dict[str, Tally]
    told: tuple[str, ...] = ()

    def total(self, kinds: Iterable[str] = ()) -> Tally:
        """Several classes together; all when none is named."""
        chosen = set(kinds)
        return sum((tally for kind, tally in self.tallies.items() if not chosen or kind in chosen), Tally())


def play(seed: int, lines: int = 5_760, kinds: Collection[str] = (), mind: str = "plain") -> Outcome:
    """A whole night on the country of this seed, of one of `MINDS`."""
    made = country(seed, lines, kinds, mind)
    return _Judge(made, compare(made.snapshot)).judged(f"{mind} {seed}")


@dataclass(slots=True)
class _Judge:
    country: Country
    comparison: Comparison
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    told: list[str] = field(default_factory=list)
    rows: dict[str, list[tuple[Case, Row, Match]]] = field(default_factory=lambda: defaultdict(list))
    gone: set[str] = field(default_factory=set)  # accounts wrongly ended or deactivated
    ended: set[tuple[str, str]] = field(default_factory=set)
    created: set[int] = field(default_factory=set)
    harmed: set[int] = field(default_factory=set)
    proposed: dict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))  # account → who asks of it
    asked_at: set[tuple[str, str]] = field(default_factory=set)  # (structure, name) of reviews and alerts of lines

    def judged(self, name: str) -> Outcome:
        """Everything counted."""
        for found in self.comparison.matches:
            case = self.country.by_line[found.line.location]
            row = next(one for one in case.rows if one.location == found.line.location)
            self.rows[row.at.structure_code].append((case, row, found))
        for change in self.comparison.changes:
            self._change(change)
        self._created()
        for found in self.comparison.matches:
            self._line(found)
        for case in self.country.cases:
            self._case(case)
        return Outcome(name, self.country, self.comparison, dict(self.tallies), tuple(self.told))

    def _harm(self, what: str, case: Case, change: Change) -> None:
        tally = self.tallies[case.kind]
        if not case.blind and case.who.serial not in self.harmed:
            self.harmed.add(case.who.serial)
            tally.harmed += 1
        counted = "blind_harm" if case.blind else what
        setattr(tally, counted, getattr(tally, counted) + 1)
        written = ", ".join(f"{field.field} {field.before}→{field.after}" for field in change.fields)
        self.told.append(
            f"{what}{' (blind)' * case.blind} [{case.kind}] {_case_text(case)}: "
            f"{change.kind} {','.join(change.reasons)} {change.person.national_id} {change.person.last_name} "
            f"{change.person.first_name} @{change.assignment.structure_code} {written}"
        )

    # ── changes ──────────────────────────────────────────────────────────────────────────────────

    def _change(self, change: Change) -> None:
        by_kind = {
            "end_assignment": self._end,
            "deactivate_account": self._deactivation,
            "update_account": self._update,
            "add_assignment": self._addition,
            "review": self._review,
            "card_alert": self._alert,
        }
        if judge := by_kind.get(change.kind):
            judge(change)

    def _end(self, change: Change) -> None:
        case = self.country.by_account[change.account_id or ""]
        code = change.assignment.structure_code
        self.ended.add((case.account_id, code))
        if case.stands(code):
            self._harm("ends", case, change)
            self.gone.add(case.account_id)

    def _deactivation(self, change: Change) -> None:
        case = self.country.by_account[change.account_id or ""]
        if case.stands():
            self._harm("deactivations", case, change)
            self.gone.add(case.account_id)

    def _update(self, change: Change) -> None:
        case = self.country.by_account[change.account_id or ""]
        after = {one.field: one.after or "" for one in change.fields}
        if after.get("cpx_number", "") in self.country.numbers - case.numbers or _another_name(case, after):
            self._harm("updates", case, change)
        elif after.get("email", "") in self.country.mailboxes - {case.who.email}:
            self._harm("addresses", case, change)

    def _addition(self, change: Change) -> None:
        if change.account_id is None:
            return
        case = self.country.by_account[change.account_id]
        if not case.stands(change.assignment.structure_code):
            self._harm("additions", case, change)

    def _created(self) -> None:
        """A creation is judged by the line that it comes from."""
        for change in self.comparison.changes:
            if change.kind != "create_account":
                continue
            case = self._origin(change)
            if case is None:
                self.told.append(f"a creation of nobody's line: {change}")
                continue
            self.created.add(case.who.serial)
            if case.account_id or change.person.national_id not in case.numbers:
                self._harm("creations", case, change)
            if case.account_id in self.gone:
                self._harm("create_ends", case, change)

    def _origin(self, change: Change) -> Case | None:
        """Whose line gives this number, or this name, at that structure, and was concluded to be nobody's account."""
        resolve = self.country.snapshot.register.resolve
        free = [
            (case, found)
            for case, _, found in self.rows[change.assignment.structure_code]
            if not found.account_id and found.how != "doubt" and not found.line.left
        ]
        name = full_key(change.person.last_name, change.person.first_name)
        by_number = [
            case
            for case, found in free
            if change.person.national_id in (found.person_id, resolve(found.line.number.number))
        ]
        by_name = [case for case, found in free if full_key(found.line.last_name, found.line.first_name) == name]
        both = [case for case in by_number if case in by_name]
        return next(iter((*both, *by_number, *by_name)), None)

    # ── reviews ──────────────────────────────────────────────────────────────────────────────────

    def _review(self, change: Change) -> None:
        if not ABOUT_WHO & set(change.reasons):
            return
        for key in accounts_of(change):
            self.proposed[key].append(change)
        case = self._subject(change)
        self.tallies[case.kind if case else ""].reviews += 1
        self.asked_at.add((change.assignment.structure_code, _name(change)))

    def _alert(self, change: Change) -> None:
        if change.account_id is None:
            self.asked_at.add((change.assignment.structure_code, _name(change)))

    def _subject(self, change: Change) -> Case | None:
        """Whose line or account it is about."""
        at, name = self.rows[change.assignment.structure_code], _name(change)
        lines = [case for case, _, found in at if full_key(found.line.last_name, found.line.first_name) == name]
        account = self.country.by_account.get(change.account_id or "")
        return next(iter((*lines, *filter(None, [account]))), None)

    # ── lines and people ─────────────────────────────────────────────────────────────────────────

    def _line(self, found: Match) -> None:
        case = self.country.by_line[found.line.location]
        tally = self.tallies[case.kind]
        tally.lines += 1
        tally.carriers += case.carries
        tally.with_account += bool(case.account_id)
        tally.decided += found.how != "doubt" and (found.account_id or "") == case.account_id
        if found.account_id:
            tally.matched += 1
            tally.right += found.account_id == case.account_id
            tally.asked += found.account_id == case.account_id and found.how == "doubt"
            if found.account_id != case.account_id:
                tally.wrong += 1
                tally.blind += case.blind
                self.told.append(f"wrong{' (blind)' * case.blind} [{case.kind}] {_line_text(case, found)}")
        elif case.account_id:
            named = any(_about(change, found, case) for change in self.proposed[case.account_id])
            tally.open += 1
            tally.named += named
            tally.kept += named and case.account_id not in self.gone

    def _case(self, case: Case) -> None:
        tally = self.tallies[case.kind]
        if case.account_id:
            left = [held.structure_code for held in case.held if not case.stands(held.structure_code)]
            if left:
                tally.leavers += 1
                missed = any((case.account_id, code) not in self.ended for code in left)
                tally.leavers_missed += missed
                if missed:
                    self.told.append(f"still in post [{case.kind}] {_case_text(case)}")
        elif case.rows:
            tally.newcomers += 1
            name = full_key(case.row.cells.last, case.row.cells.first)
            told = case.who.serial in self.created or (case.row.at.structure_code, name) in self.asked_at
            tally.newcomers_missed += not told
            if not told:
                self.told.append(f"nothing said of [{case.kind}] {_case_text(case)}")


def _name(change: Change) -> str:
    return full_key(change.person.last_name, change.person.first_name)


def _case_text(case: Case) -> str:
    return f"{case.account_id} {case.who.last} {case.who.first} {case.who.number} @{case.home.structure_code}"


def _line_text(case: Case, found: Match) -> str:
    line = found.line
    return (
        f"{case.who.last} {case.who.first} {case.who.number} of {case.account_id or 'nobody'} → {found.account_id} by "
        f"{found.how}: {line.location} @{line.assignment.structure_code} {line.last_name} {line.first_name} "
        f"{line.number.raw} {' '.join((*line.emails, *line.phones))}"
    )


def _about(change: Change, found: Match, case: Case) -> bool:
    """A review that whoever looks for this line finds: of the account, under the line's name, or of its number."""
    line = found.line
    if change.account_id == case.account_id or _name(change) == full_key(line.last_name, line.first_name):
        return True
    asked = {change.person.national_id, *(one.before for one in change.fields if one.field == "cpx_number")}
    return line.number.usable and line.number.number in asked


def _another_name(case: Case, after: dict[str, str]) -> bool:
    """A last or first name that nothing written of this person has."""
    who = case.who
    cells = [one for one in (case.account, *(row.cells for row in case.rows)) if one]
    last = {name_key(one) for one in (who.last, who.birth, case.registered_as[0], *(cell.last for cell in cells))}
    first = {name_key(one) for one in (who.first, f"{who.first} {who.second}", *(cell.first for cell in cells))}
    given = {name: name_key(after.get(name) or "") for name in ("last_name", "first_name")}
    return given["last_name"] not in {"", *last} or given["first_name"] not in {"", *first}
