"""The past in a terminal of 80 columns."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.terminal.console import stdout
from pipelines.phrase import field_text, post_text, source_text, value_text
from schemas.changes.change import PostRef
from schemas.glyphs import pair
from schemas.nomenclatures import label_of, say

_MOST_RUNS = 30
_MOST_LINES = 40
_KEYS = ("accounts_added", "accounts_removed", "structures_added", "structures_removed")


def print_runs(found: dict[str, Any]) -> None:
    """Print the last runs, newest first."""
    console = stdout()
    runs = found["runs"]
    if not runs:
        console.print(say("past.nothing"))
        return
    columns = [say(f"past.{name}") for name in ("day", "run", "state", "changes", "out")]
    table = _table(say("past.title"), *columns)
    for run in runs[:_MOST_RUNS]:
        out = [source_text(one["name"]) for one in run["sources"] if one["status"] != "ok"]
        count = str(run["counts"].get("changes", "–"))
        status = say(f"past.status_{run['status']}")
        if asked := run["counts"].get("regions"):
            status = f"{status}, {say('run_name.regions', count=len(asked), names=', '.join(asked))}"
        table.add_row(_day(run["as_of"]), run["run_id"], status, count, "\n".join(out) or "–")
    console.print(table)
    _more(console, len(runs) - _MOST_RUNS)


def print_day(found: dict[str, Any]) -> None:
    """Print the annuaire of a day in numbers, the open changes by updater and kind."""
    console = stdout()
    day = _day(found["as_of"])
    last = _day(found["known_on"] or found["as_of"])
    console.print(Text(say("past.annuaire", day=last), style="bold"))
    if not found["recorded"]:
        console.print(say("past.before_first", day=day))
        return
    if last != day:
        console.print(say("past.last_known", last=last, day=day))
    counted = found["counts"]
    console.print(say("past.accounts", active=counted["active"], inactive=counted["inactive"]))
    counts = ", ".join(f"{label_of('structure_types', kind)} {n}" for kind, n in counted["structures"].items())
    console.print(say("past.structures", counts=counts), markup=False)
    console.print()
    if not found["changes"]:
        console.print(say("past.none_open"))
        return
    console.print(_open_changes(found["changes"], last))


def _open_changes(changes: Sequence[dict[str, Any]], day: str) -> Table:
    table = _table(
        say("past.open", day=day), say("console.updater"), say("column.kind"), say("past.state"), say("console.total")
    )
    counts = Counter((c["updater"]["post"], c["updater"]["scope"], c["kind"], c["status"]) for c in changes)
    for (post, scope, kind, status), count in sorted(counts.items()):
        updater = post_text(PostRef(post=post, scope=scope))
        table.add_row(updater, say(f"kind.{kind}"), say(f"status.{status}"), str(count))
    return table


def print_between(found: dict[str, Any]) -> None:
    """Print what came, went and moved."""
    console = stdout()
    title = say("past.between", before=_day(found["before"]), after=_day(found["after"]))
    console.print(Text(title, style="bold"))
    if not any(found[key] for key in (*_KEYS, "altered", "changes")):
        console.print(say("past.same"))
    for key in _KEYS:
        _block(console, key, found[key])
    _block(console, "altered", [_altered(one) for one in found["altered"]])
    _block(console, "moved", [_moved(one) for one in found["changes"]])


def _altered(one: dict[str, str]) -> str:
    values = [value_text(one["field"], one[side]) or "–" for side in ("before", "after")]
    return f"{one['key']}  {pair(field_text(one['field']), ' → '.join(values))}"


def _moved(one: dict[str, str]) -> str:
    states = (say(f"status.{one[side]}") if one[side] else say("past.unborn") for side in ("before", "after"))
    return f"{one['id']}  {pair(say('action.' + one['kind']), ' → '.join(states))}"


def _block(console: Console, key: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    console.print(Text(say(f"past.{key}", count=len(lines)), style="bold"))
    for line in lines[:_MOST_LINES]:
        console.print(f"  {line}", markup=False)
    _more(console, len(lines) - _MOST_LINES)


def _more(console: Console, count: int) -> None:
    if count > 0:
        console.print(say("past.more", count=count))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%d/%m/%Y}"
