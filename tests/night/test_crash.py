"""Killed (SIGKILL) at any step and started again, a night ends the same and sends each mail exactly once."""

import email
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.store import LockOwner, Store, open_store
from connectors.store.tables import metadata
from flows.night.nightly import run_night
from flows.run.request import Request
from schemas.changes.change import PostRef
from schemas.changes.decision import DecisionEntry, Verdict
from schemas.changes.lifecycle import ChangeState, Event
from schemas.errors import RunInProgressError
from tests.invented_nights import answer
from tests.night.killable import WITHIN, WRITES, in_child, lying_there, telling
from tests.night.small import ADMIN, BOOKS, Files, settings_of, write_files
from tests.patience import patient
from tests.postgres import new_database
from tests.spec.tables import (
    ASSISTANT,
    CRH,
    ES,
    ES_52,
    OTHER_ES,
    SITE,
    SITE_52,
    STRUCTURES,
    TITULAIRE,
    Line,
    Person,
    Role,
    account,
    card,
    registered,
    row,
)

FIRST, SECOND = date(2026, 11, 21), date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
PEOPLE = [Person(700 + at, f"FICTIVE-{letter * 3}", "Ode") for at, letter in enumerate("ABCDEFGHIJKLMNO")]
EVERY = 5  # of the steps to be killed at
CHANCE = r"\d+(?=\.part$)|\d{8}T\d{6}Z-[0-9a-f]{6}"  # in the name of a file: the process, the run
STAFF: list[tuple[Person, str, Role]] = [
    (PEOPLE[0], "24", CRH),
    (PEOPLE[1], "52", CRH),
    (PEOPLE[2], "ETS-CPDL", TITULAIRE),
    (PEOPLE[3], ES, TITULAIRE),
    (PEOPLE[4], OTHER_ES, TITULAIRE),
    (PEOPLE[5], ES_52, TITULAIRE),
    (PEOPLE[6], SITE, TITULAIRE),
    (PEOPLE[7], SITE_52, TITULAIRE),
    *((PEOPLE[at], ES, ASSISTANT) for at in (8, 9, 10, 11)),
    *((PEOPLE[at], ES_52, ASSISTANT) for at in (12, 13)),
]


# ── two nights of a small country ────────────────────────────────────────────────────────────────


def book_of(at: str) -> str:
    one = STRUCTURES[at]
    return f"regions/{one.region_code}.csv" if one.type in ("ES", "REGION") else "ets/cpdl.csv"


def files(**emails: str) -> Files:
    """All sources agree, but for the addresses that a workbook gives to some (FICTIVE-A… → address)."""
    books: dict[str, list[Line] | None] = {name: [] for name in BOOKS}
    for who, at, role in STAFF:
        lines = books[book_of(at)]
        assert lines is not None
        lines.append(row(who, at, role, email=emails.get(who.last_name[-1], who.email)))
    annuaire = [account(*place) for place in STAFF]
    return Files(annuaire, books, [registered(one) for one in PEOPLE], [card(one) for one in PEOPLE])


def first_files() -> Files:
    """Eight addresses to enter, and a card that ends soon, in both regions and the ETS."""
    found = files(**{letter: f"new.{letter.lower()}@example.org" for letter in "FGHIJKLMN"})
    return replace(found, cards=[card(who, "2026-12-01" if who is PEOPLE[12] else "2028-05-31") for who in PEOPLE])


def second_files() -> Files:
    """I done, J another target, K no more; somebody new; the CRH-ST of 52 gone: hers are the administrator's."""
    letters = dict.fromkeys("FGHILMN", "")
    found = files(**{letter: f"new.{letter.lower()}@example.org" for letter in letters}, J="other.j@example.org")
    lines = found.books["regions/24.csv"]
    assert lines is not None
    created = replace(found, books={**found.books, "regions/24.csv": [*lines, row(PEOPLE[14], ES)]})
    annuaire = [
        Line(one.who, {**one.cells, "email": "new.i@example.org"} if one.who is PEOPLE[8] else one.cells)
        for one in found.annuaire
    ]
    gone = [Line(one.who, {**one.cells, "active": "Non"}) if one.who is PEOPLE[1] else one for one in annuaire]
    return replace(created, annuaire=gone, cards=None)  # no new cards tonight: the last ones do


def play(root: Path, address: str, day: date) -> None:
    """A night; while a killed one's session still holds the lock, a moment later."""
    until = time.monotonic() + patient(10)
    while time.monotonic() < until:
        try:
            run_night(settings_of(root, address, remind_after_days=1), Request(day, root / "out"))
        except RunInProgressError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("the lock of a killed run is never freed")


def decide(store: Store) -> None:
    """One accepted, one refused, one postponed until the second night."""
    verdicts: dict[str, Verdict] = {"L": "accepted", "M": "refused", "N": "postponed"}
    for state in store.states().values():
        verdict = verdicts.get(state.change.person.last_name[-1])
        if verdict is None or state.change.kind != "update_account":
            continue
        until = SECOND if verdict == "postponed" else None
        updater = PostRef(post=state.change.updater.post, scope=state.change.updater.scope)
        entry = DecisionEntry(state.change.id, verdict, until, "", updater, "r.xlsx", state.change.id, "accepted")
        note = until.isoformat() if until else "0" * 16
        event = Event(state.change.id, FIRST, "notified", verdict, "decision", note)  # type: ignore[arg-type]
        answer(store, [entry], [event], datetime(2026, 11, 21, 12, tzinfo=UTC))


# ── what a night leaves ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Left:
    """Everything a night leaves that may not depend on how often it was killed."""

    files: dict[str, bytes]
    mails: list[tuple[str, str]]
    states: dict[str, ChangeState]
    events: list[tuple[Event, bool]]
    runs: list[tuple[object, ...]]
    annuaire: Any
    steps: dict[str, str]


def left(root: Path, address: str) -> Left:
    with opened(root, address) as store:
        states = store.states()
        runs = store.runs()
        assert store.verify_chain() is None
        run_id = runs[0].run_id
        history = [one for key in sorted(states) for one in store.history(key)]
        events = [(one.event, one.run_id == run_id) for one in history]
        return Left(
            files=outputs(root / "out", run_id),
            mails=mails(root / "var" / "outbox"),
            states=states,
            events=events,
            runs=[(one.as_of, one.status, one.counts, one.sources) for one in runs],
            annuaire=store.annuaire_at(SECOND),
            steps=store.steps(run_id),
        )


def outputs(out: Path, run_id: str) -> dict[str, bytes]:
    """Every file but the timings and the copy of the witness, which names the first run; its run named « RUN »."""
    found = sorted(path for path in out.rglob("*") if path.is_file() and path.name not in ("run.json", ".witness.json"))
    whole = [path for path in found if not path.name.endswith(".part")]
    return {str(path.relative_to(out)): path.read_bytes().replace(run_id.encode(), b"RUN") for path in whole}


def mails(outbox: Path) -> list[tuple[str, str]]:
    """(recipient, Message-ID) of every mail of the outbox."""
    messages = [email.message_from_bytes(path.read_bytes()) for path in sorted(outbox.glob("*.eml"))]
    return sorted((str(one["To"]), str(one["Message-ID"])) for one in messages)


@contextmanager
def opened(root: Path, address: str) -> Iterator[Store]:
    with open_store(store_of(root, address)) as store:
        yield store


def store_of(root: Path, address: str) -> str:
    """The address of the store, from wherever one stands."""
    return address if "postgresql" in address else f"sqlite:///{root / 'var' / 'annuaire.db'}"


# ── the same second night, again and again ───────────────────────────────────────────────────────


@dataclass(frozen=True)
class Stage:
    """The country after its first night; `again(n)` sets it up once more: (folder, store)."""

    again: Callable[[object], tuple[Path, str]]
    on_server: bool

    def deadly(self, looks: list[str]) -> list[tuple[int, str]]:
        """The steps to be killed at, counted from 1: of those that leave the same behind (in the middle of one
        transaction) the first.

        On a server not those of files: its tables stand there as they do at the next step of the store, and what a
        file leaves half written is the same as beside SQLite.
        """
        return [(at, name) for at, name in telling(looks).items() if not (self.on_server and "write" in name)]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder = tmp_path_factory.mktemp(f"crash-{request.param}")
    base = folder / "base"
    server = new_database() if request.param == "postgresql" else ""
    address = server or "sqlite:///var/annuaire.db"
    write_files(base, first_files(), FIRST)
    play(base, address, FIRST)
    with opened(base, address) as store:
        decide(store)
    write_files(base, second_files(), SECOND)

    if server:
        keep(server)

    def again(name: object) -> tuple[Path, str]:
        root = folder / str(name)
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(base, root)
        if server:
            put_back(server)
        return root, address

    return Stage(again, bool(server))


def keep(server: str) -> None:
    """Keep the tables' content aside. Nothing here needs a disk that was waited for: what is killed is us."""
    name = sa.make_url(server).database
    with speaking(server) as say:
        say(f"ALTER DATABASE {name} SET synchronous_commit = off")
        say("CREATE SCHEMA kept")
        for table in metadata.sorted_tables:
            say(f'CREATE TABLE kept."{table.name}" AS TABLE public."{table.name}"')


def put_back(server: str) -> None:
    """The database as it was after the first night."""
    names = [table.name for table in metadata.sorted_tables]
    with speaking(server) as say:
        say("TRUNCATE " + ", ".join(f'public."{name}"' for name in names))
        for name in names:
            say(f'INSERT INTO public."{name}" SELECT * FROM kept."{name}"')


@contextmanager
def speaking(server: str) -> Iterator[Callable[[str], object]]:
    """Statements to the server, in one transaction."""
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        yield lambda text: connection.execute(sa.text(text))
    engine.dispose()


@pytest.fixture(scope="module")
def whole(stage: Stage) -> tuple[Left, list[str]]:
    """What the second night leaves when nobody kills it, and its steps, each with what it would leave if killed."""
    root, address = stage.again("whole")
    log, look = root / "steps", partial(lying_there, root, store_of(root, address))
    assert in_child(partial(play, root, address, SECOND), log=log, look=look) == 0, log.read_text()
    return left(root, address), log.read_text().splitlines()


def names_of(looks: list[str]) -> list[str]:
    """The names of the steps alone."""
    return [line.partition("\t")[0] for line in looks]


def test_the_second_night_has_something_of_everything(whole: tuple[Left, list[str]]) -> None:
    found, looks = whole
    steps = names_of(looks)
    after = {event.after for event, tonight in found.events if tonight}
    assert after == {"new", "notified", "done", "superseded", "withdrawn"}
    assert {"accepted", "refused"} <= {state.status for state in found.states.values()}
    assert {to for to, _ in found.mails} >= {ADMIN, PEOPLE[0].email, PEOPLE[1].email, PEOPLE[2].email}
    done = {name.partition(" ")[2] for name in steps}
    rare = {"release", "hold"}  # a night that is held, or let out
    assert done == {name.rpartition(".")[2] for name in (*WRITES, *WITHIN)} - rare


def test_killed_at_any_step_and_started_again_the_night_ends_the_same(
    stage: Stage, whole: tuple[Left, list[str]]
) -> None:
    wanted, looks = whole
    finished = names_of(looks).index("after finish")
    for at, name, (root, address) in killed_at_each(stage, stage.deadly(looks)):
        killed = (root / "out" / "changeset.json").read_bytes()
        begun = unfinished(root, address)
        play(root, address, SECOND)
        found = left(root, address)
        if at > finished and not begun:  # the night was over: what was started is another one
            found = replace(found, files=wanted.files, events=wanted.events, runs=wanted.runs, steps=wanted.steps)
        assert found == wanted, f"killed {name} (step {at})"
        assert not begun or run_of(root) == begun, f"another run, killed {name} (step {at})"
        if begun and begun.encode() in killed:  # the change set had been written already
            assert (root / "out" / "changeset.json").read_bytes() == killed, name


def killed_at_each(stage: Stage, steps: list[tuple[int, str]]) -> Iterator[tuple[int, str, tuple[Path, str]]]:
    """(step, name, the country where the second night was killed there) of each of these steps.

    Beside SQLite nothing but files outlives a night: it is played once, and rests at each step while they are copied.
    """
    if stage.on_server:
        for at, name in steps:
            yield at, name, really_killed(stage, at)
        return
    root, address = stage.again("killed")
    rested_at(root, address, {at for at, _ in steps})
    for at, name in steps:
        shutil.rmtree(root)
        aside(root, at).rename(root)
        yield at, name, (root, address)


def really_killed(stage: Stage, at: int) -> tuple[Path, str]:
    root, address = stage.again("killed")
    assert in_child(partial(play, root, address, SECOND), deadly=at) == -SIGKILL, at
    return root, address


def rested_at(root: Path, address: str, steps: Collection[int]) -> None:
    """Play the second night to its end, and keep aside what lies there at each of these steps."""

    def keep(at: int) -> None:
        if at in steps:
            shutil.copytree(root, aside(root, at))

    assert in_child(partial(play, root, address, SECOND), at_step=keep) == 0


def aside(root: Path, at: int) -> Path:
    return root.with_name(f"{root.name}-{at}")


@pytest.mark.parametrize("stage", ["sqlite"], indirect=True, scope="module")
def test_what_lies_there_at_a_step_is_what_a_night_killed_there_leaves(
    stage: Stage, whole: tuple[Left, list[str]]
) -> None:
    """Which is why not every step has to be died at: every fifth is."""
    steps = stage.deadly(whole[1])[::EVERY]
    assert {name.split()[0] for _, name in steps} == {"before", "after"}
    found = {at: lying(*place) for at, _, place in killed_at_each(stage, steps)}
    assert found == {at: lying(*really_killed(stage, at)) for at, _ in steps}


def lying(root: Path, address: str) -> tuple[set[str], dict[str, int], Left]:
    """Files, half-written ones among them and without what a process names by chance; rows; and what is read there."""
    names = {re.sub(CHANCE, "", str(path.relative_to(root))) for path in root.rglob("*")}
    return names, rows_in(root / "var" / "annuaire.db"), left(root, address)


def rows_in(database: Path) -> dict[str, int]:
    engine = sa.create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        count = {
            name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()
            for name in sa.inspect(connection).get_table_names()
        }
    engine.dispose()
    return count


def unfinished(root: Path, address: str) -> str:
    """The id of the run that was killed; "" when it had not begun, or was over."""
    with opened(root, address) as store:
        return next((run.run_id for run in store.runs() if run.status == "running"), "")


def test_killed_again_and_again_the_night_ends_the_same(stage: Stage, whole: tuple[Left, list[str]]) -> None:
    wanted, steps = whole
    root, address = stage.again("unlucky")
    for at in range(3, len(steps), 5):
        assert in_child(partial(play, root, address, SECOND), deadly=at) in (-SIGKILL, 0)
    play(root, address, SECOND)
    assert left(root, address).mails == wanted.mails
    assert left(root, address).states == wanted.states


def test_the_same_night_again_is_silent(stage: Stage) -> None:
    root, address = stage.again("twice")
    play(root, address, SECOND)
    first, first_run = left(root, address), run_of(root)
    play(root, address, SECOND)
    second = left(root, address)
    assert (second.mails, second.states) == (first.mails, first.states)
    assert second.files["changeset.json"] == first.files["changeset.json"]
    assert run_of(root) != first_run


def run_of(root: Path) -> str:
    return (root / "out" / "changeset.json").read_text(encoding="utf-8").split('"run_id": "')[1].split('"')[0]


def test_of_two_runs_at_once_the_second_says_so_and_stops(stage: Stage) -> None:
    root, address = stage.again("both")
    before = mails(root / "var" / "outbox")
    with opened(root, address) as store, store.lock(LockOwner(4711, "ailleurs", "t"), NOW):
        code, told = sync(root, address)
    assert code == 1
    assert "4711" in told
    assert "ailleurs" in told
    assert "Traceback" not in told
    assert mails(root / "var" / "outbox") == before
    assert not (root / "out2").exists()


def sync(root: Path, address: str) -> tuple[int, str]:
    """(exit code, stderr) of the command, in a process of its own."""
    toml = root / "annuaire.toml"
    toml.write_text(f'[annuaire]\nexport = "efit/export.csv"\n[store]\nurl = "{address}"\n', encoding="utf-8")
    words = ["sync", "-c", str(toml), "--as-of", (SECOND + timedelta(days=1)).isoformat(), "--out", str(root / "out2")]
    done = subprocess.run(
        [Path(sys.executable).parent / "efit-annuaire", *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr
