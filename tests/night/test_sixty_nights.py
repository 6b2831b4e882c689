"""Sixty nights of an invented country against an independent model: they agree every night, crashes or not."""

import email
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from signal import SIGKILL
from typing import Any

from connectors.store import Store, open_store
from flows.night.nightly import Night, run_night
from flows.run.request import Request
from pipelines.lifecycle.decisions.decide import JudgedFile, ReturnedFile, judge_decisions
from pipelines.lifecycle.decisions.objections import Terms
from schemas.changes.change import Change
from schemas.changes.decision import ReturnedLine, Verdict
from schemas.changes.lifecycle import ChangeState
from tests.invented_nights import answer
from tests.night.invented_life import Country, Weather
from tests.night.killable import in_child
from tests.night.model import Model, differing
from tests.night.model_country import AT_A_PLACE, NOWHERE, Item, Key, View
from tests.night.small import BOOKS, Files, settings_of, write_files

NIGHTS, FIRST = 60, date(2026, 11, 22)
NO_SAFEGUARD: dict[str, Any] = {
    "max_deactivation_share": 1.0,
    "max_update_share": 1.0,
    "max_creation_share": 1.0,
}  # tests/pipelines/test_expect.py is about them
OF_A_STRUCTURE = ("two_titulaires", "no_titulaire", "structure_not_mentioned", "line_not_understood")
MET = (
    "nights held by the annuaire",
    "nights held by a register",
    "half copied workbooks",
    "moves into a broken workbook",
    "deactivations that waited",
    "restored",
    "vanished",
    "old reports",
)
TOLD = ("update_account", "card_alert")
RESTORES = range(5, NIGHTS - 10, 2)  # the nights that may be lost, where nothing else is out of the ordinary
UNTIL_ENTERED, VERDICTS = (1, 20), ("accepted", "refused", "postponed")


def key_of(change: Change) -> Key:
    """What a change says, in the model's words."""
    at = change.assignment
    place = (at.structure_code, at.function, at.rank) if change.kind in AT_A_PLACE else NOWHERE
    who = "" if change.reasons[0] in OF_A_STRUCTURE else change.account_id or change.person.national_id
    told = {
        "create_account": ("cpx_number",),
        "card_alert": ("card_expires_on",),  # how to reach the holder is beside it
    }.get(change.kind, ("card_expires_on", "last_name", "email"))
    fields = [(one.field, one.after or "") for one in change.fields if one.field in told]
    kept = change.kind in (*TOLD, "create_account")
    reason = "" if change.kind == "end_assignment" else change.reasons[0]
    return Key(change.kind, reason, who, place, tuple(fields) if kept else ())


@dataclass
class Diary:
    """The service at work: its folder, its store, and what was counted."""

    root: Path
    country: Country
    model: Model = field(default_factory=Model)
    crashes: int = 0
    others: int = 0  # runs over other inputs before the night's own
    restored: bool = False
    lost_on: date | None = None  # the night that the last restore lost
    unread: dict[Key, Item] = field(default_factory=dict)  # what was announced then, and could not be read since
    kept: dict[Key, Item] = field(default_factory=dict)  # the open changes, as the copy of the store has them
    undone: dict[Key, Item] = field(default_factory=dict)  # what ended on the lost night, and stands again
    news: dict[Key, Item] = field(default_factory=dict)  # what was announced on the lost night, of which an id is left
    mails: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    entries: dict[date, list[Key]] = field(default_factory=dict)

    def play(self, day: date, release: str | None = None) -> Night:
        settings = settings_of(self.root, **NO_SAFEGUARD)
        return run_night(settings, Request(day, self.root / "out", release=release))

    def night(self, day: date, deadly: list[int]) -> Night:
        """Killed at each of these steps it reaches, then played to its end; let out where the store was put back."""
        start = time.perf_counter()
        release = None
        if self.restored:
            held = self.play(day)
            assert (held.exit_code, self.new_mails()) == (4, []), day
            release, self.restored = held.changeset.run_id, False
            self.counts["restored"] += 1
        for step in deadly:
            self.crashes += in_child(partial(self.play, day, release), deadly=step) == -SIGKILL
        night = self.play(day, release)
        self.seconds += time.perf_counter() - start
        return night

    def over_other_inputs(self, day: date, files: Files, step: int) -> None:
        """A run over yesterday's files, killed: somebody found that they were yesterday's."""
        write_files(self.root, files, day)
        self.crashes += in_child(partial(self.play, day), deadly=step) == -SIGKILL
        self.others += 1

    def back_up(self, to: Path) -> None:
        with sqlite3.connect(self.root / "var" / "annuaire.db") as live, sqlite3.connect(to) as copy:
            live.backup(copy)
        self.kept = deepcopy(self.model.open)
        for connection in (live, copy):
            connection.close()

    def put_back(self, kept: Path, day: date) -> None:
        for leftover in self.root.glob("var/annuaire.db*"):
            leftover.unlink()
        (self.root / "var" / "annuaire.db").write_bytes(kept.read_bytes())
        self.restored, self.lost_on = True, day
        self.undone = {key: item for key, item in self.kept.items() if key not in self.model.open}
        self.news = {key: item for key, item in self.model.open.items() if key not in self.kept}

    def remember(self, view: View) -> None:
        """What was announced on a night that was lost, and can be read again, is not new; nor what ended on it."""
        tonight = self.model.tonight(view)
        for key in tonight.keys() & self.undone.keys() - self.model.open.keys():
            self.model.open[key] = self.undone[key]
        self.undone = {}
        whole = view.register_read and len(view.books_read) == len(BOOKS) and all(row.readable for row in view.rows)
        # Of an id nobody knows which file it was read in: it has ended only once all there is was read without it.
        self.unread |= {} if whole else {key: deepcopy(one) for key, one in self.news.items() if key not in tonight}
        self.news = {}
        for key in list(self.unread):
            if key in tonight:
                self.model.open[key] = self.unread.pop(key)
            elif whole:
                del self.unread[key]

    def store(self) -> Store:
        return open_store(f"sqlite:///{self.root / 'var' / 'annuaire.db'}")

    def new_mails(self) -> list[str]:
        """The posts that got a mail since the last time, each as often as it got one."""
        paths = sorted((self.root / "var" / "outbox").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        messages = [email.message_from_bytes(path.read_bytes()) for path in paths[self.mails :]]
        self.mails = len(paths)
        return sorted(str(one["Message-ID"]).strip("<").partition("@")[0].rpartition(".")[0] for one in messages)


def test_sixty_nights_agree_with_the_model(tmp_path: Path) -> None:
    chance = random.Random(60)
    diary = Diary(tmp_path, Country(20261122, FIRST))
    for number in range(NIGHTS):
        day = FIRST + timedelta(days=number)
        files, calm = diary.country.files, not diary.model.away
        weather = diary.country.live(day)
        after_restore, other = diary.restored, bool(files) and calm and weather.ordinary and chance.random() < 0.95
        if after_restore and not weather.ordinary:
            continue  # whoever put the store back waits for a night on which everything is there
        if number and calm:
            diary.back_up(tmp_path / "kept.db")
        if other and files and not after_restore:
            diary.over_other_inputs(day, files, chance.randint(20, 60))
        diary.country.write(tmp_path, day, weather)
        deadly = [chance.randint(1, 55) for _ in range(chance.choice([0, 0, 1, 2]))]
        night = diary.night(day, deadly)
        check(diary, day, weather, night, twice=after_restore or other)
        if number in RESTORES and calm and weather.ordinary and not after_restore:
            diary.put_back(tmp_path / "kept.db", day)
        else:
            live_on(diary, chance, day)
    lost, doubled = lost_and_doubled(diary)
    tell(diary, lost, doubled)
    assert (lost, doubled) == (0, 0)
    assert diary.crashes >= NIGHTS / 4
    assert diary.others >= 5
    assert all(diary.counts[one] for one in MET), diary.counts


def check(diary: Diary, day: date, weather: Weather, night: Night, *, twice: bool) -> None:
    """The night is what the model says it must be.

    `twice`: something of it had been played before, over other inputs or in a store that was lost: then a reminder
    may come a second time, and what closed then may close again. Nothing is new twice all the same.
    """
    found = {key_of(change): change.status for change in night.changeset.changes}
    assert len(found) == len(night.changeset.changes), day
    posts = diary.new_mails()
    if weather.landslide or weather.truncated:  # the whole night waits
        assert (night.exit_code, posts) == (4, []), day
        diary.counts["nights held by the annuaire" if weather.truncated else "nights held by a register"] += 1
        return
    diary.counts["half copied workbooks"] += len(weather.halved)
    diary.counts["moves into a broken workbook"] += weather.transfer
    diary.counts["deactivations that waited"] += night.summary["counts"]["waiting_deactivations"]
    view = diary.country.view(day, weather)
    diary.remember(view)
    wanted = diary.model.night(view)
    if twice:
        forget_unread(diary, day, wanted.open, found)
    assert differing(wanted.open, found) == "", day
    assert found == wanted.open, day
    announced, closed = announced_and_closed(diary, day)
    mailed = sorted("-".join(filter(None, one)) for one in wanted.mailed)
    if twice:
        assert set(wanted.announced) <= set(announced), f"announced on {day}"
        assert set(announced) <= set(wanted.announced) | set(closed), f"announced on {day}"
        assert set(mailed) <= set(posts), day
    else:
        assert closed == wanted.closed, day
        assert differing(wanted.announced, announced) == "", f"announced on {day}"
        assert posts == mailed, day
    diary.counts["vanished"] += bool(diary.model.doubtful)
    diary.counts["announced"] += len(announced)
    diary.counts["mails"] += len(posts)


def forget_unread(diary: Diary, day: date, wanted: dict[Key, str], found: Collection[Key]) -> None:
    """What was new on the night that was lost, and cannot be read tonight, nobody knows of: once read, it is known."""
    for key in set(wanted) - set(found):
        assert diary.lost_on is not None, day
        assert diary.model.open[key].since == diary.lost_on, day
        diary.unread[key] = diary.model.open.pop(key)
        del wanted[key]


def announced_and_closed(diary: Diary, day: date) -> tuple[list[Key], dict[Key, str]]:
    """What a mail of the night told of as new, once each; and how changes ended."""
    with diary.store() as store:
        states = store.states()
        told = [
            key_of(state.change)
            for key, state in states.items()
            if state.told_on == day
            for one in store.history(key)
            if (one.event.day, one.event.by) == (day, "mail")
        ]
    assert len(told) == len(set(told)), f"announced twice on {day}"
    closed = {key_of(one.change): one.status for one in states.values() if one.since == day and not one.is_open}
    return told, dict(closed)


def live_on(diary: Diary, chance: random.Random, day: date) -> None:
    """The day after: updaters answer, or enter what they were asked, or do nothing for a long time."""
    with diary.store() as store:
        states = {key_of(one.change): one for one in store.states().values() if one.is_open}
        diary.counts["old reports"] += sum(answers_a_life_before(store, one, day) for one in states.values())
        for key, item in sorted(diary.model.open.items(), key=repr):
            if item.status != "notified" or chance.random() > 0.15:
                continue
            verdict: Verdict = chance.choices(VERDICTS, (6, 2, 2))[0]  # type: ignore[assignment]
            until = day + timedelta(days=chance.randint(1, 12)) if verdict == "postponed" else None
            if diary.model.open.get(key) is not item or item.status != "notified":
                continue  # it was settled with its other half
            decide(store, states[key].change, verdict, day, until)
            diary.model.decide(key, verdict, day, until)
            diary.counts[verdict] += 1
            if verdict == "accepted" and chance.random() < 0.9:
                diary.entries.setdefault(day + timedelta(days=chance.randint(*UNTIL_ENTERED)), []).append(key)
    for key, item in sorted(diary.model.open.items(), key=repr):
        if item.status == "notified" and chance.random() < 0.05:  # entered without a word
            diary.entries.setdefault(day, []).append(key)
    for key in diary.entries.pop(day, []):
        if key in diary.model.open:
            diary.country.enter(key)
            diary.counts["entered"] += 1


def judged(store: Store, change: Change, verdict: Verdict, day: date, until: date | None, report: date) -> JudgedFile:
    """An answer on the report of a day, as `decisions` judges it; every signature is ours."""
    lot, token = f"{report:%Y%m%d}-AAAAAAAA", f"{change.id}:x"
    line = ReturnedLine(lot, "Cartes", 4, token, verdict, "", until, "", "")
    file = ReturnedFile("retour.xlsx", f"{change.id}{day}")
    return judge_decisions([line], store.states(), lambda *_: True, day, file, Terms(store.issued()))


def decide(store: Store, change: Change, verdict: Verdict, day: date, until: date | None) -> None:
    found = judged(store, change, verdict, day, until, day)
    assert found.refusals == (), day
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    answer(store, (*found.decisions, *found.implied), found.events, at)


def answers_a_life_before(store: Store, state: ChangeState, day: date) -> bool:
    """Whether the change was announced in a life before; then an answer on the report of that day is refused."""
    if state.status != "notified" or state.announced_on != day:
        return False
    told = [one.event.day for one in store.history(state.change.id) if one.event.by == "mail"]
    before = [one for one in told if one < day]
    if before:
        found = judged(store, state.change, "refused", day, None, before[-1])
        assert (found.events, len(found.refusals)) == ((), 1), day
    return bool(before)


def lost_and_doubled(diary: Diary) -> tuple[int, int]:
    """Open changes that the store has not, and announcements beyond one for each time a change became new."""
    with diary.store() as store:
        states = store.states()
        lost = set(diary.model.open) - {key_of(one.change) for one in states.values() if one.is_open}
        lives = [
            Counter(one.event.after if one.event.by != "mail" else "told" for one in store.history(key))
            for key in states
        ]
        assert store.verify_chain() is None
    return len(lost), sum(max(0, life["told"] - life["new"]) for life in lives)


def tell(diary: Diary, lost: int, doubled: int) -> None:
    """The numbers of the closing note (`pytest -s`)."""
    store = sum(path.stat().st_size for path in (diary.root / "var").glob("annuaire.db*"))
    sys.stdout.write(
        f"\n{NIGHTS} nights, {diary.crashes} crashes, {diary.others} over other inputs, "
        f"{lost} changes lost, {doubled} mails doubled, "
        f"{diary.seconds:.1f} s of nights and crashes, store {store / 1024:.0f} KiB, {dict(diary.counts)}, "
        f"{len(diary.country.accounts)} accounts, {len(diary.model.open)} changes open\n"
    )


def test_the_model_knows_nothing_of_the_product() -> None:
    source = (Path(__file__).parent / "model.py").read_text(encoding="utf-8")
    rooms = ("pipelines", "connectors", "flows", "schemas")
    assert not [line for line in source.splitlines() if "import" in line and any(room in line for room in rooms)]
