"""An explanation in a terminal of 80 columns."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.looking.explained import Answer, Past
from flows.looking.live import Live
from flows.terminal.console import stdout
from flows.terminal.judgement_line import judgement_text
from pipelines.answer_choices import shown_fields
from pipelines.matching.explanation import Weighing, argued
from pipelines.phrase import action_text, field_text, post_text, source_text, value_text
from pipelines.reports.explaining.explain import Explained
from pipelines.reports.explaining.survivorship import Kept
from pipelines.reports.explaining.views import FIELDS, View
from schemas.changes.judgement import Judgement
from schemas.changes.lifecycle import StoredEvent
from schemas.changes.remark import FOR_A_HUMAN, KeptRemark
from schemas.changes.stored import StoredDecision
from schemas.glyphs import pair
from schemas.nomenclatures import say
from schemas.typography import moment_text

_SIDE_BY_SIDE = 3  # what is readable beside the labels in 80 columns

_OWN = "contrat"  # how the source of a rule begins that stands in no procedure (reasons.csv)


def print_explanation(answer: Answer) -> None:
    """Print sources side by side, the match, the doubts, then each change with its rules, its updater and its
    history.
    """
    console = stdout()
    found = answer.explanation
    _heading(console, say("explain.title", found=answer.asked, day=f"{answer.day:%d/%m/%Y}"))
    _heading(console, say("explain.views"))
    for at in range(0, len(found.views), _SIDE_BY_SIDE):
        console.print(_side_by_side(found.views[at : at + _SIDE_BY_SIDE]))
    for text in answer.vanished:
        _line(console, text)
    if not found.views and not answer.vanished:
        _line(console, say("explain.no_source"))
    for name, message in answer.unused:
        _line(console, say("explain.unused", source=source_text(name), found=message))
    if answer.live:
        _live(console, answer.live)
    if found.kept:
        _heading(console, say("explain.kept"))
        console.print(_golden(found.kept))
    _section(console, "matched", found.matches)
    _section(console, "weighed", [_weighed(one) for one in found.weighed])
    _section(console, "doubts", [say("explain.rule", sentence=one.sentence, source=one.source) for one in found.doubts])
    _section(console, "uncompared", found.uncompared)
    _section(console, "remarks", [_remark(one) for one in answer.remarks])
    _section(console, "judged", [_judgement(one) for one in answer.judgements])
    _heading(console, say("explain.changes"))
    if not found.changes:
        _line(
            console,
            say(
                "explain.no_change_known"
                if found.uncompared or answer.unused or answer.vanished
                else "explain.no_change"
            ),
        )
    for one in found.changes:
        _change(console, one, answer.past.get(one.change.id))


def _judgement(one: Judgement) -> str:
    return judgement_text("explain.judgement" if one.stands else "explain.judgement_undone", one)


def _live(console: Console, live: Live) -> None:
    _heading(console, say("explain.live", moment=moment_text(live.asked_at.astimezone())))
    for at in range(0, len(live.views), _SIDE_BY_SIDE):
        console.print(_side_by_side(live.views[at : at + _SIDE_BY_SIDE]))
    if live.message:
        _line(console, live.message)
    if live.views:
        _line(console, say("explain.live_opposition"))


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _line(console: Console, text: str, indent: int = 2) -> None:
    console.print(" " * indent + text, markup=False)


def _section(console: Console, key: str, lines: Sequence[str]) -> None:
    if lines:
        _heading(console, say(f"explain.{key}"))
        for line in lines:
            _line(console, line)


def _side_by_side(views: Sequence[View]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    table.add_column("", width=16)
    for view in views:
        table.add_column(f"{source_text(view.source)}\n{view.place}", overflow="fold", ratio=1)
    for name in FIELDS:
        if any(name in view.values for view in views):
            table.add_row(field_text(name), *(Text(view.values.get(name, "–")) for view in views))
    table.add_row()
    return table


def _golden(kept: Sequence[Kept]) -> Table:
    """Each value with its source; beside it what another source gives."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False, show_header=False)
    table.add_column("", width=16)
    table.add_column("", overflow="fold", ratio=1)
    table.add_column("", overflow="fold", ratio=1, style="dim")
    several = len({one.account_id for one in kept}) > 1
    for one in kept:
        value = value_text(one.field, one.value)
        if one.others:
            others = ", ".join(
                say("explain.kept_other", value=value_text(one.field, o.value), source=source_text(o.source))
                for o in one.others
            )
            value = f"{value}\n{say('explain.kept_also', others=others)}"
        source = f"{one.account_id}, {source_text(one.source)}" if several else source_text(one.source)
        table.add_row(field_text(one.field), Text(value), Text(f"← {source}"))
    return table


def _weighed(one: Weighing) -> str:
    return say("explain.weighed_line", place=one.place, key=one.key, why=argued(one.likeness))


def _change(console: Console, one: Explained, past: Past | None) -> None:
    change = one.change
    state = past.state if past else None
    status = say(f"status.{state.status if state else change.status}")
    facts = [say(f"severity.{change.severity}"), status]
    if not one.tonight:
        facts.append(say("explain.not_tonight"))
    console.print(Text(f"{change.id}  {action_text(change)}", style="bold"))
    _line(console, ", ".join(facts))
    for field in shown_fields(change):
        before, after = (value_text(field.field, value) or "–" for value in (field.before, field.after))
        _line(console, pair(field_text(field.field), after if field.before is None else f"{before} → {after}"))
    _labelled(console, "rules", [_rule(rule.sentence, rule.source) for rule in one.rules])
    _labelled(console, "updater", one.updater)
    _labelled(console, "history", list(_history(past)) if past else [say("explain.no_store")])
    console.print()


def _labelled(console: Console, key: str, lines: Sequence[str]) -> None:
    if lines:
        _line(console, say(f"explain.{key}"))
        for line in lines:
            _line(console, line, 4)


def _history(past: Past) -> Iterator[str]:
    state = past.state
    if state:
        yield say("explain.first_seen", date=f"{state.first_seen:%d/%m/%Y}")
    for event in past.events:
        yield _event(event)
    if state and state.told_on:
        yield say("explain.told", date=f"{state.told_on:%d/%m/%Y}")
    said = {one.file_name: one.remark.text for one in past.remarks if one.remark.kind in ("asked", "uncounted")}
    for decision in past.decisions:
        yield from _decision(decision, said.get(decision.entry.file_name, ""))
    for remark in past.remarks:
        if remark.remark.kind in (*FOR_A_HUMAN, "stranger"):
            yield _remark(remark)


def _remark(found: KeptRemark) -> str:
    label = say(f"remark_label.{found.remark.kind}")
    who = found.sender or (post_text(found.post) if found.post else say("remark.no_post"))
    return say("explain.remark", date=f"{found.day:%d/%m/%Y}", label=label, who=who, text=found.remark.text)


def _event(found: StoredEvent) -> str:
    event = found.event
    status = say("explain.born" if event.after == "new" else f"status.{event.after}")
    if event.after == "superseded" and event.note:
        status = say("explain.successor", id=event.note)
    if event.by == "decision" and event.note.startswith("CHG-"):
        status = say("explain.with_half", status=status, id=event.note)
    if event.by == "run" and event.after in ("done", "withdrawn") and event.note:
        status = say("explain.absent", status=status, since=f"{date.fromisoformat(event.note):%d/%m/%Y}")
    return say("explain.event", date=f"{event.day:%d/%m/%Y}", status=status, by=say(f"explain.by_{event.by}"))


def _decision(found: StoredDecision, said: str) -> Iterator[str]:
    """`said`: as it was written, where it was not understood."""
    entry = found.entry
    known = entry.verdict in ("accepted", "refused", "postponed")
    verdict = entry.said or (say(f"decision.{entry.verdict}") if known else said or "?")
    if entry.postponed_to:
        verdict = f"{verdict} {say('explain.until', date=f'{entry.postponed_to:%d/%m/%Y}')}"
    comment = say("explain.comment", comment=entry.comment) if entry.comment else ""
    file = entry.file_name or say("explain.forgotten")
    yield say("explain.decision", verdict=verdict, file=file, date=f"{found.at:%d/%m/%Y}", comment=comment)
    if entry.outcome == "refused" and entry.reason:
        yield say("explain.refused_decision", reason=entry.reason)


def _rule(sentence: str, source: str) -> str:
    """With the place in the procedure where it has one: a rule of our own is not to be looked up by a reader."""
    return sentence if source.startswith(_OWN) else say("explain.rule", sentence=sentence, source=source)
