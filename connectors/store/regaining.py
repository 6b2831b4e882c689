"""What was announced after the backup that this store was put back from, written down again."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa

from connectors.store import events
from connectors.store.letters import mails
from connectors.store.nights import changes
from schemas.changes.change import PostRef
from schemas.changes.lifecycle import CLOSED, ChangeState, Event
from schemas.reports.mail import MailRow


def record(connection: sa.Connection, run_id: str, states: Mapping[str, ChangeState], now: datetime) -> None:
    """Bring each change to where it stands: born or woken, told by a mail of that day. Said again, nothing is added."""
    changes.record(connection, {key: (state.change, state.slot, state.origin) for key, state in states.items()})
    status = events.statuses(connection, set(states))
    lost = [key for key in sorted(states) if status.get(key, "") in ("", *CLOSED)]
    births = [Event(key, states[key].since, status.get(key, ""), "new", "run") for key in lost]
    asleep = (
        key for key, state in sorted(states.items()) if (status.get(key), state.status) == ("postponed", "notified")
    )
    woken = [Event(key, states[key].since, "postponed", "notified", "run") for key in asleep]
    events.append(connection, run_id, [*births, *woken], now)
    unheard = {*lost, *(key for key in states if status.get(key) == "new")}
    groups: dict[tuple[date, PostRef], list[str]] = defaultdict(list)
    for key, state in sorted(states.items()):
        if state.told_on is not None and state.told_to is not None:
            groups[state.told_on, state.told_to].append(key)
    for (day, updater), ids in groups.items():
        message_id = _message_id(updater, day, ids)
        if not mails.is_sent(connection, message_id):
            mails.record(connection, MailRow(message_id, run_id, updater, day, "sent", tuple(ids)), now)
        told = [Event(key, states[key].since, "new", "notified", "mail") for key in ids if key in unheard]
        events.append(connection, run_id, told, now)


def _message_id(updater: PostRef, day: date, ids: list[str]) -> str:
    """Of a mail that is known by what it told: its own was lost with the store."""
    digest = hashlib.sha256("".join(ids).encode()).hexdigest()[:32]
    name = updater.name
    return f"<{name}.{day:%Y%m%d}.{digest}@witness>"
