"""What changed between two extracts, in a terminal of 80 columns: numbers, and no person."""

from pathlib import Path

from rich.table import Table
from rich.text import Text

from flows.terminal.console import stdout
from pipelines.extracts.delta import ALARM_SHARE
from schemas.nomenclatures import say
from schemas.reading.delta import DeltaSide, DeltaSummary, Operation

_FIELDS_SHOWN, _ISSUES_SHOWN = 12, 10


def print_delta(summary: DeltaSummary, out: Path | None) -> None:
    """Print the two files with their rows, the persons by operation, what was modified most, and what to beware of."""
    console = stdout()
    names = [Path(side.path).name for side in summary.sides]
    kind = say(f"source.{summary.kind}")
    console.print(say("delta.title", old=names[0], new=names[1], kind=kind), style="bold", markup=False)
    console.print(_files(summary))
    console.print()
    if summary.counts:
        console.print(_operations(summary))
        console.print()
    else:
        console.print(say("delta.none_of_the_others" if summary.left_out else "delta.none"))
    if summary.fields:
        console.print(_fields(summary))
        console.print()
    for side, key in zip(summary.sides, ("delta.only_old", "delta.only_new"), strict=True):
        if side.alone:
            console.print(say(key, found=", ".join(side.alone)), markup=False)
    if summary.left_out:
        console.print(say("delta.left_out", count=summary.left_out), markup=False)
    for side in summary.sides:
        for line in _issues(side):
            console.print(line, markup=False)
    for one in summary.alarms:
        console.print(alarm_text(summary, *one), style="bold", markup=False)
    console.print(say("delta.written", path=out) if out else say("delta.how"), markup=False, soft_wrap=True)


def alarm_text(summary: DeltaSummary, operation: Operation, count: int) -> str:
    """Return what is out of the ordinary, and what to check first."""
    total = summary.sides[0].persons
    values = {"count": _number(count), "total": _number(total), "share": _percent(count / total)}
    return say(f"delta.alarm_{operation}", limit=_percent(ALARM_SHARE), **values)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".replace(".", ",").removesuffix(",0") + "\u00a0%"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at else "left", overflow="fold")
    return table


def _files(summary: DeltaSummary) -> Table:
    table = _table(*(say(key) for key in ("delta.file", "console.read", "console.rejected", "delta.persons")))
    for side in summary.sides:
        numbers = (side.rows_read, side.rows_rejected, side.persons)
        table.add_row(Text(Path(side.path).name), *map(_number, numbers))
    return table


def _operations(summary: DeltaSummary) -> Table:
    table = _table(say("delta.operation"), say("console.count"))
    for operation in Operation:
        table.add_row(say(f"delta.{operation}"), _number(summary.counts.get(operation, 0)))
    return table


def _fields(summary: DeltaSummary) -> Table:
    table = _table(say("delta.field"), say("delta.field_persons"))
    most = sorted(summary.fields.items(), key=lambda item: (-item[1], item[0]))
    for label, count in most[:_FIELDS_SHOWN]:
        table.add_row(Text(label), _number(count))
    if len(most) > _FIELDS_SHOWN:
        table.add_row(say("delta.more_fields", count=len(most) - _FIELDS_SHOWN), "")
    return table


def _issues(side: DeltaSide) -> list[Text | str]:
    if not side.issues:
        return []
    lines: list[Text | str] = [Text(say("delta.rejects", path=side.path), style="bold")]
    for one in side.issues[:_ISSUES_SHOWN]:
        lines.append(Text(f"  {one.location}  {one.code}"))
        lines.append(f"    {one.message}")
    if len(side.issues) > _ISSUES_SHOWN:
        lines.append(Text(say("delta.more", count=len(side.issues) - _ISSUES_SHOWN, path=side.path)))
    return lines
