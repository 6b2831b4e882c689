"""The labelled set: workbook lines whose account is known, in a snapshot of invented people (docs/matching.md).

Two halves from two seeds: the weights are fitted on one, everything said of them is measured on the other. Each half
is a whole night (annuaire, register, workbooks), so that what is judged is what runs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from pipelines.normalize import civility_code, split_name
from pipelines.policy import Policy
from pipelines.sources.national.consolidate import consolidate
from pipelines.sources.snapshot import Snapshot
from schemas.nomenclatures import label_of
from schemas.people.assignment import Account, Assignment
from schemas.people.identifiers import CpxReading, NumberKind, classify_cpx, with_luhn_key
from schemas.people.person import RegisterPerson
from schemas.people.structure import Structure
from schemas.people.workbook_line import WorkbookLine
from schemas.reading.source import WorkbookScope
from tests.matching import writing
from tests.matching.invented_people import LOOKS_LIKE, MEN, WOMEN, Somebody, address, somebody, telephone

TRAINING, HELD_OUT, FRESH = 20261122, 20261123, 20261124
TRAINING_SIZE = 2.0
DAY = date(2026, 11, 22)
ASSISTANT = "ASSISTANT"
_REGIONS = ("11", "24", "28", "32", "44", "52", "53", "75", "76", "84")
ACCOUNT_FORMS = {"plain": 800, "birth": 60, "no_accents": 80, "half": 20, "typing": 20, "swapped": 5, "title": 15}
ACCOUNT_NUMBERS = {"right": 880, "missing": 40, "adeli": 50, "serial": 20, "unlinked": 10}


@dataclass(frozen=True, slots=True)
class Pair:
    """A line and an account, whether they are one person, and the story that put them side by side."""

    location: str
    account_id: str
    same: bool
    story: str


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A snapshot and its pairs; for each line (by location) the account it is about, "" when its person has none, and
    its person's own number.
    """

    snapshot: Snapshot
    pairs: tuple[Pair, ...]
    truth: dict[str, str]
    persons: dict[str, str]


@dataclass(slots=True)
class _Stage:
    chance: Random
    places: list[Structure]
    boards: dict[str, str] = field(default_factory=dict)  # structure → telephone of its switchboard
    people: dict[str, RegisterPerson] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    lines: list[WorkbookLine] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)
    born: int = 0

    def somebody(self, place: str = "", *, last: str = "", first: str = "", sex: str = "") -> Somebody:
        """A new person, in the register if their profession is."""
        self.born += 1
        who = somebody(self.chance, self.born, place or self.place(), last=last, first=first, sex=sex)
        if who.registered:
            self.people[who.number] = _registered(who, self.chance)
            self.links[who.adeli] = who.number
        return who

    def place(self) -> str:
        """The code of an establishment."""
        return self.chance.choice(self.places).code

    def account(self, who: Somebody) -> str:
        """Give them an account, as the annuaire has it: older, with errors of its own."""
        account_id = f"EF{len(self.accounts):06d}"
        name = writing.write_name(self.chance, who, ACCOUNT_FORMS)
        self.accounts[account_id] = Account(
            account_id=account_id,
            civility="Mme" if who.sex == "F" else "M.",
            last_name=name.last,
            first_name=name.first,
            profession=label_of("professions", who.profession),
            number=_number(self.chance, who, ACCOUNT_NUMBERS),
            card_type="CPS",
            card_expires_on=None,
            email=self.email(who, 0.04),
            phone=self.phone(who),
            active=True,
            assignments=(Assignment(who.place, ASSISTANT, ""),),
        )
        return account_id

    def email(self, who: Somebody, changed: float) -> str:
        """Their own; the mailbox of the unit; a new one; or none."""
        draw = self.chance.random()
        if draw < 0.06:
            return f"hemovigilance@es{who.place[:8].lower()}.example.org"
        if draw < 0.14:
            return ""
        return address(who.first, who.birth, who.place, 0) if draw < 0.14 + changed else who.email

    def phone(self, who: Somebody) -> str:
        """Their own, the switchboard's, or none."""
        draw = self.chance.random()
        return self.boards[who.place] if draw < 0.35 else who.phone if draw < 0.85 else ""

    def profession(self, who: Somebody) -> str:
        """Theirs, another one (« infirmière » for the secretary), or none."""
        draw = self.chance.random()
        return "" if draw < 0.1 else self.chance.choice(("10", "21", "60", "SEC")) if draw < 0.13 else who.profession

    def line(
        self, who: Somebody, account_id: str, *, number: CpxReading | None = None, email: str | None = None
    ) -> str:
        """A workbook line about them; its location."""
        location = f"Feuil1!{len(self.lines) + 2}"
        written = writing.write_name(self.chance, who)
        title, last, first = split_name(written.last, written.first, one_cell=False)
        place = who.place if self.chance.random() < 0.88 else self.place()
        self.lines.append(
            WorkbookLine(
                source="workbook:invented",
                location=location,
                assignment=Assignment(place, ASSISTANT, ""),
                structure_type="ES",
                structure_name="",
                region_code="",
                parent_code="",
                civility=civility_code(title or self.chance.choice(("", "Mme" if who.sex == "F" else "M."))),
                last_name=last,
                first_name=first,
                profession=self.profession(who),
                profession_text="",
                number=number or _number(self.chance, who, writing.NUMBERS),
                card_type="",
                card_expires_on=None,
                emails=tuple(filter(None, (self.email(who, 0.1) if email is None else email,))),
                phones=tuple(filter(None, (self.phone(who),))),
                bills=None,
                left=False,
            )
        )
        self.truth[location] = account_id
        self.persons[location] = who.number
        return location

    def pair(self, location: str, account_id: str, story: str) -> None:
        """Keep a line and an account side by side."""
        self.pairs.append(Pair(location, account_id, self.truth[location] == account_id, story))


def _registered(who: Somebody, chance: Random) -> RegisterPerson:
    """The register knows the present name, and most places."""
    return RegisterPerson(
        national_id=who.number,
        last_name=who.last,
        first_name=who.first,
        civilities=("MME" if who.sex == "F" else "M",),
        professions=(who.profession,),
        categories=("C",),
        finess=frozenset({who.place} if chance.random() < 0.8 else ()),
        activities=b"",
    )


def _number(chance: Random, who: Somebody, shares: dict[str, int]) -> CpxReading:
    """The number as somebody typed it, read as the night reads it."""
    kind = writing.draw(chance, shares)
    if kind == "missing":
        return classify_cpx("")
    if not who.registered or kind == "right":
        return classify_cpx(who.number)
    if kind == "adeli":
        return classify_cpx(who.adeli)
    if kind == "serial":
        return CpxReading(f"999{who.serial:07d}", who.number, NumberKind.RPPS, ("SERIAL_RESOLVED",))
    if kind == "unlinked":
        return classify_cpx("0" + with_luhn_key(f"{10 + who.serial % 80}8{who.serial // 80:05d}"))
    return classify_cpx(who.number[:-1] + str((int(who.number[-1]) + 1) % 10))


# ── stories ──────────────────────────────────────────────────────────────────────────────────────


def _one_person(stage: _Stage) -> None:
    """The same person in the annuaire and in a workbook."""
    who = stage.somebody()
    account = stage.account(who)
    stage.pair(stage.line(who, account), account, "one_person")


def _namesake(stage: _Stage) -> None:
    """Two people of one name, one in ten in the same establishment; the other may have an account of their own."""
    first = stage.somebody()
    account = stage.account(first)
    place = first.place if stage.chance.random() < 0.1 else ""
    other = stage.somebody(place, last=first.last, first=first.first, sex=first.sex)
    own = stage.account(other) if stage.chance.random() < 0.4 else ""
    if stage.chance.random() < 0.6:
        stage.pair(stage.line(first, account), account, "one_person")
    location = stage.line(other, own)
    stage.pair(location, account, "namesake")
    if own:
        stage.pair(location, own, "one_person")


def _relative(stage: _Stage) -> None:
    """A family in one hospital: one last name, another or a like first name, often one telephone."""
    sex = stage.chance.choice("FM")
    first = stage.somebody(sex=sex)
    account = stage.account(first)
    like = LOOKS_LIKE.get(first.first, "")
    name = like or stage.chance.choice([n for n in (WOMEN if sex == "M" else MEN) if n != first.first])
    other = stage.somebody(first.place, last=first.last, first=name, sex="F" if sex == "M" else "M")
    stage.pair(stage.line(replace(other, phone=first.phone), ""), account, "relative")


def _swapped_namesake(stage: _Stage) -> None:
    """« MARTIN Thomas » and « THOMAS Martin »: two people, one in five in the same establishment."""
    first = stage.somebody(last=stage.chance.choice(("MARTIN", "THOMAS", "SIMON", "LAURENT", "VINCENT")), sex="M")
    account = stage.account(first)
    place = first.place if stage.chance.random() < 0.2 else ""
    other = stage.somebody(place, last=first.first.upper(), first=first.last.capitalize(), sex="M")
    stage.pair(stage.line(other, ""), account, "swapped_namesake")


def _copied_number(stage: _Stage) -> None:
    """The number of the row above pasted on a newcomer's, the mailbox too one time in five; some share a first name."""
    first = stage.somebody()
    account = stage.account(first)
    stage.pair(stage.line(first, account, number=classify_cpx(first.number)), account, "one_person")
    name = first.first if stage.chance.random() < 0.15 else ""
    other = stage.somebody(first.place, first=name, sex=first.sex if name else "")
    email = first.email if stage.chance.random() < 0.2 else None
    stage.pair(stage.line(other, "", number=classify_cpx(first.number), email=email), account, "copied_number")


def _shared_mailbox(stage: _Stage) -> None:
    """A colleague at the same establishment who gives the mailbox of the unit."""
    first = stage.somebody()
    account = stage.account(first)
    other = stage.somebody(first.place)
    mailbox = f"hemovigilance@es{first.place[:8].lower()}.example.org"
    stage.accounts[account] = replace(stage.accounts[account], email=mailbox)
    stage.pair(stage.line(other, "", email=mailbox), account, "shared_mailbox")


Story = Callable[[_Stage], None]
# How many of each, for a set of size 1 (size 1 = 2,040 lines).
STORIES: tuple[tuple[Story, int], ...] = (
    (_one_person, 1300),
    (_namesake, 280),
    (_relative, 120),
    (_swapped_namesake, 40),
    (_copied_number, 60),
    (_shared_mailbox, 60),
)


def labelled_set(seed: int, size: float = 1.0) -> LabelledSet:
    """One half. The same seed and size give the same set, on any machine."""
    chance = Random(seed)
    stories = [story for story, count in STORIES for _ in range(round(count * size))]
    places = list(_structures(max(40, len(stories) // 20)))
    stage = _Stage(chance, places, {one.code: telephone(chance) for one in places})
    chance.shuffle(stories)
    for story in stories:
        story(stage)
    mentioned = frozenset(line.assignment.structure_code for line in stage.lines)
    snapshot = Snapshot(
        day=DAY,
        policy=Policy(),
        accounts=stage.accounts,
        structures={one.code: one for one in places},
        register=consolidate(stage.people, (), stage.links, crosswalk=stage.links),
        lines=tuple(stage.lines),
        scopes=tuple(WorkbookScope("workbook:invented", "region", code, mentioned=mentioned) for code in _REGIONS),
    )
    return LabelledSet(snapshot, tuple(stage.pairs), stage.truth, stage.persons)


def _structures(count: int) -> Iterator[Structure]:
    """Establishments of nobody, with a number that has its key."""
    for at in range(count):
        code = with_luhn_key(f"{10 + at % 80}9{at // 80:05d}")
        yield Structure(code, "ES", f"Établissement {at}", _REGIONS[at % len(_REGIONS)])
