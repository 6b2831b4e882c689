"""Sixty nights of an invented country against an independent model: they agree every night, crashes or not."""

import email
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from signal import SIGKILL
from typing import Any

from connectors.ledger import Ledger, open_ledger
from flows.nightly import Night, run_night
from flows.occasion import Occasion
from schemas.change import Change, PostRef
from schemas.decision import DecisionEntry, Verdict
from schemas.lifecycle import Event
from tests.night.invented_life import Country, Weather
from tests.night.killable import in_child
from tests.night.model import AT_A_PLACE, NOWHERE, Key, Model, differing
from tests.night.small import settings_of

NIGHTS, FIRST = 60, date(2026, 11, 22)
NO_SAFEGUARD: dict[str, Any] = {
    "max_deactivation_share": 1.0,
    "max_update_share": 1.0,
    "max_creation_share": 1.0,
}  # tests/pipelines/test_expect.py is about them
OF_A_STRUCTURE = ("two_titulaires", "no_titulaire", "structure_not_mentioned")
MET = (
    "nights held by the annuaire",
    "nights held by a register",
    "half copied workbooks",
    "moves into a broken workbook",
    "deactivations that waited",
)
TOLD = ("update_account", "card_alert")
UNTIL_ENTERED, VERDICTS = (1, 20), ("accepted", "refused", "postponed")


def key_of(change: Change) -> Key:
    """What a change says, in the model's words."""
    at = change.assignment
    place = (at.structure_code, at.function, at.rank) if change.kind in AT_A_PLACE else NOWHERE
    who = "" if change.reasons[0] in OF_A_STRUCTURE else change.account_id or change.person.national_id
    told = ("cpx_number",) if change.kind == "create_account" else ("card_expires_on", "last_name", "email")
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
    mails: int = 0
    seconds: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    entries: dict[date, list[Key]] = field(default_factory=dict)

    def play(self, day: date) -> Night:
        settings = settings_of(self.root, **NO_SAFEGUARD)
        return run_night(settings, Occasion(day, self.root / "out"), lambda *_: None)

    def night(self, day: date, deadly: list[int]) -> Night:
        """Killed at each of these steps it reaches, then played to its end."""
        start = time.perf_counter()
        for step in deadly:
            self.crashes += in_child(partial(self.play, day), deadly=step) == -SIGKILL
        night = self.play(day)
        self.seconds += time.perf_counter() - start
        return night

    def ledger(self) -> Ledger:
        return open_ledger(f"sqlite:///{self.root / 'var' / 'annuaire.db'}")

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
        weather = diary.country.live(day)
        diary.country.write(tmp_path, day, weather)
        deadly = [chance.randint(1, 45) for _ in range(chance.choice([0, 0, 1, 2]))]
        night = diary.night(day, deadly)
        check(diary, day, weather, night)
        live_on(diary, chance, day)
    lost, doubled = lost_and_doubled(diary)
    tell(diary, lost, doubled)
    assert (lost, doubled) == (0, 0)
    assert diary.crashes >= NIGHTS / 4
    assert all(diary.counts[one] for one in MET), diary.counts


def check(diary: Diary, day: date, weather: Weather, night: Night) -> None:
    """The night is what the model says it must be."""
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
    wanted = diary.model.night(diary.country.view(day, weather))
    assert differing(wanted.open, found) == "", day
    assert found == wanted.open, day
    announced, closed = announced_and_closed(diary, day)
    assert closed == wanted.closed, day
    assert differing(wanted.announced, announced) == "", f"announced on {day}"
    assert posts == sorted("-".join(filter(None, one)) for one in wanted.mailed), day
    diary.counts["announced"] += len(announced)
    diary.counts["mails"] += len(posts)


def announced_and_closed(diary: Diary, day: date) -> tuple[list[Key], dict[Key, str]]:
    """What a mail of the night told of as new, once each; and how changes ended."""
    with diary.ledger() as ledger:
        states = ledger.states()
        told = [
            key_of(state.change)
            for key, state in states.items()
            if state.told_on == day
            for one in ledger.history(key)
            if (one.event.day, one.event.by) == (day, "mail")
        ]
    assert len(told) == len(set(told)), f"announced twice on {day}"
    closed = {key_of(one.change): one.status for one in states.values() if one.since == day and not one.is_open}
    return told, dict(closed)


def live_on(diary: Diary, chance: random.Random, day: date) -> None:
    """The day after: updaters answer, or enter what they were asked, or do nothing for a long time."""
    with diary.ledger() as ledger:
        states = {key_of(one.change): one for one in ledger.states().values() if one.is_open}
        for key, item in sorted(diary.model.open.items(), key=repr):
            if item.status != "notified" or chance.random() > 0.15:
                continue
            verdict: Verdict = chance.choices(VERDICTS, (6, 2, 2))[0]  # type: ignore[assignment]
            until = day + timedelta(days=chance.randint(1, 12)) if verdict == "postponed" else None
            decide(ledger, states[key].change, verdict, day, until)
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


def decide(ledger: Ledger, change: Change, verdict: Verdict, day: date, until: date | None) -> None:
    updater = PostRef(post=change.updater.post, scope=change.updater.scope)
    entry = DecisionEntry(change.id, verdict, until, "", updater, "retour.xlsx", f"{change.id}{day}", "accepted")
    note = until.isoformat() if until else "0" * 16
    event = Event(change.id, day, "notified", verdict, "decision", note)  # type: ignore[arg-type]
    ledger.record_decisions([entry], [event], datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def lost_and_doubled(diary: Diary) -> tuple[int, int]:
    """Open changes that the store has not, and announcements beyond one for each time a change became new."""
    with diary.ledger() as ledger:
        states = ledger.states()
        lost = set(diary.model.open) - {key_of(one.change) for one in states.values() if one.is_open}
        lives = [
            Counter(one.event.after if one.event.by != "mail" else "told" for one in ledger.history(key))
            for key in states
        ]
        assert ledger.verify_chain() is None
    return len(lost), sum(max(0, life["told"] - life["new"]) for life in lives)


def tell(diary: Diary, lost: int, doubled: int) -> None:
    """The numbers of the closing note (`pytest -s`)."""
    store = sum(path.stat().st_size for path in (diary.root / "var").glob("annuaire.db*"))
    sys.stdout.write(
        f"\n{NIGHTS} nights, {diary.crashes} crashes, {lost} changes lost, {doubled} mails doubled, "
        f"{diary.seconds:.1f} s of nights and crashes, store {store / 1024:.0f} KiB, {dict(diary.counts)}, "
        f"{len(diary.country.accounts)} accounts, {len(diary.model.open)} changes open\n"
    )


def test_the_model_knows_nothing_of_the_product() -> None:
    source = (Path(__file__).parent / "model.py").read_text(encoding="utf-8")
    rooms = ("pipelines", "connectors", "flows", "schemas")
    assert not [line for line in source.splitlines() if "import" in line and any(room in line for room in rooms)]
