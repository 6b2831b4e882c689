"""Others on the same lines: the exact join of names, rapidfuzz, and Splink in the peers' environment."""

import csv
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.consequences.country import Country
from benchmarks.consequences.judge import Outcome
from benchmarks.consequences.show import table
from pipelines.normalize import phone_key
from pipelines.sources.snapshot import Snapshot
from schemas.nomenclatures import code_of
from schemas.people.assignment import Account
from schemas.people.identifiers import NumberKind
from schemas.people.workbook_line import WorkbookLine
from schemas.words import fold
from tests.matching.judging import Answers, Judgement, cut_off, exact_join, judged
from tests.matching.labelled import LabelledSet

PEERS = Path(__file__).parents[2] / ".venv" / "peers" / "bin" / "python"
SCRIPT = Path(__file__).parents[1] / "peers" / "by_splink.py"
THRESHOLDS = (0.999, 0.999999)
_COLUMNS = ("unique_id", "number", "last", "first", "email", "phone", "structure", "profession")


def labelled(country: Country) -> LabelledSet:
    """The country as the judging of answers has it."""
    truth = {location: case.account_id for location, case in country.by_line.items()}
    persons = {location: case.who.number for location, case in country.by_line.items()}
    return LabelledSet(country.snapshot, (), truth, persons)


def by_all(outcome: Outcome) -> dict[str, Judgement]:
    """Ours, and the others that can be had here, each on every line."""
    known = labelled(outcome.country)
    answers = {
        "ours": {one.line.location: one.account_id or "" for one in outcome.comparison.matches},
        "exact name join": exact_join(known),
        "rapidfuzz ≥ 90": cut_off(known, 90),
        **by_splink(outcome.country.snapshot),
    }
    return {name: judged(name, said, known.truth) for name, said in answers.items()}


def comparison(outcomes: Sequence[Outcome]) -> str:
    """Precision and recall of each in each country, as Markdown."""
    found = [by_all(one) for one in outcomes]
    head = [f"{one.name}: {what}" for one in outcomes for what in ("precision", "recall", "wrong")]
    return table(
        ("matching", *head), [(name, *(cell for one in found for cell in _cells(one[name]))) for name in found[0]]
    )


def _cells(one: Judgement) -> tuple[str, ...]:
    return f"{one.precision:.1%}", f"{one.recall:.1%}", f"{one.wrong:,} of {one.automatic:,}"


# ── Splink ───────────────────────────────────────────────────────────────────────────────────────


def by_splink(snapshot: Snapshot) -> dict[str, Answers]:
    """Threshold → answers; nothing where the peers' environment has not been made (`make bench-matching` does)."""
    if not PEERS.exists():
        return {}
    with TemporaryDirectory() as folder:
        lines, accounts, answers = (Path(folder) / name for name in ("lines.csv", "accounts.csv", "answers.csv"))
        _write(lines, (_of_line(line, snapshot) for line in snapshot.lines))
        _write(accounts, (_of_account(one, snapshot) for one in snapshot.active_accounts()))
        subprocess.run([PEERS, SCRIPT, lines, accounts, answers], check=True, capture_output=True, text=True)
        with answers.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
    return {f"Splink 5, probability ≥ {limit}": _above(limit, found, snapshot) for limit in THRESHOLDS}


def _above(limit: float, found: Sequence[dict[str, str]], snapshot: Snapshot) -> Answers:
    sure = {one["line"]: one["account"] for one in found if float(one["probability"]) >= limit}
    return {line.location: sure.get(line.location, "") for line in snapshot.lines}


def _write(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_COLUMNS, *rows])


def _of_line(line: WorkbookLine, snapshot: Snapshot) -> tuple[str, ...]:
    email, phone = next(iter(line.emails), ""), next(iter(line.phones), "")
    name, place = (line.last_name, line.first_name), line.assignment.structure_code
    return (
        line.location,
        _checked(line, snapshot),
        *map(_plain, name),
        email,
        phone_key(phone),
        place,
        line.profession,
    )


def _of_account(one: Account, snapshot: Snapshot) -> tuple[str, ...]:
    name, place = (one.last_name, one.first_name), one.assignments[0].structure_code
    job = code_of("professions", one.profession)
    return (one.account_id, _checked(one, snapshot), *map(_plain, name), one.email, phone_key(one.phone), place, job)


def _checked(who: Account | WorkbookLine, snapshot: Snapshot) -> str:
    """A number that the register gives to somebody with a word of that name, or that is outside the register."""
    if not who.number.usable or who.number.kind is NumberKind.ESTABLISHMENT:
        return who.number.number if who.number.usable else ""
    key = snapshot.register.resolve(who.number.number)
    person = snapshot.register.persons.get(key)
    if person is None:
        return ""
    written = _words(who.last_name, who.first_name)
    return key if not written or written & _words(person.last_name, person.first_name) else ""


def _words(*names: str) -> set[str]:
    return {word for name in names for word in _plain(name).split() if len(word) > 2}


def _plain(name: str) -> str:
    return fold(name).replace("-", " ").replace("'", " ")
