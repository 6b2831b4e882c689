"""What a person reads of a run on its page: counts, reasons and places; no name, no number, no address."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.night.nightly import Night
from flows.orchestration.states import updater_name
from flows.run.request import Request
from flows.settings.model import Settings
from flows.state.opened import open_to_read, store_exists
from schemas.changes.stored import RunRow
from schemas.glyphs import pair
from schemas.nomenclatures import issue_label, say
from schemas.reports.delivery import Delivery

SEVERITIES = ("access", "important", "info")
NIGHTS = 30
WIDEST = 40  # marks of the longest bar


def show_night(settings: Settings, request: Request, night: Night) -> None:
    """Show the artifacts of one run, on its page and by their keys under « Artifacts »."""
    create_markdown_artifact(_summary(night), key="bilan", description=say("prefect.artifact_summary"))
    create_table_artifact(
        _by_updater(night), key="ecarts-par-destinataire", description=say("prefect.artifact_updaters")
    )
    create_table_artifact(_rejects(night), key="rejets-par-source", description=say("prefect.artifact_rejects"))
    create_markdown_artifact(
        _reports(settings.orchestration.results_url or "", request, night),
        key="rapports",
        description=say("prefect.artifact_reports"),
    )
    if store_exists(settings):
        with open_to_read(settings) as store:
            runs = store.runs(limit=2 * NIGHTS)
        create_markdown_artifact(pending_chart(runs), key="en-attente", description=say("prefect.artifact_pending"))


def _summary(night: Night) -> str:
    changeset = night.changeset
    counts = night.summary["counts"]
    lines = [
        "# " + pair(say("console.title", day=f"{changeset.as_of:%d/%m/%Y}"), say(f"console.status_{changeset.status}")),
        "",
        say("prefect.run", run=changeset.run_id),
        "",
        *_markdown(
            [say("console.total"), *(say(f"severity.{one}") for one in SEVERITIES)],
            [[counts["changes"], *(counts["by_severity"].get(one, 0) for one in SEVERITIES)]],
        ),
        "",
        *([counts["access"]["message"], ""] if counts["access"]["message"] else []),
        f"## {say('console.sources')}",
        "",
        *_markdown(
            [say(f"console.{key}") for key in ("source", "read", "accepted", "rejected", "duplicate", "outcome")],
            [_source(one) for one in night.summary["sources"]],
        ),
        "",
        f"## {say('prefect.timings')}",
        "",
        *_markdown(
            [say("prefect.stage"), say("prefect.seconds")],
            [[say(f"prefect.stage_{stage}"), seconds] for stage, seconds in night.summary["seconds"].items()],
        ),
    ]
    return "\n".join(lines)


def _source(one: dict[str, Any]) -> list[object]:
    counts = [one[key] for key in ("rows_read", "rows_accepted", "rows_rejected", "rows_duplicate")]
    outcome = say(f"console.source_{one['status']}")
    return [one["name"], *counts, pair(outcome, one["message"]) if one["message"] else outcome]


def _by_updater(night: Night) -> list[dict[str, Any]]:
    found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for change in night.changeset.changes:
        found[change.updater.post, change.updater.scope][change.severity] += 1
    return [
        {
            say("console.updater"): updater_name(*updater),
            say("console.total"): counts.total(),
            **{say(f"severity.{one}"): counts[one] for one in SEVERITIES},
        }
        for updater, counts in sorted(found.items())
    ]


def _rejects(night: Night) -> list[dict[str, Any]]:
    counts = Counter((one.source, one.code) for one in night.changeset.rejects)
    return [
        {
            say("console.source"): source,
            say("console.code"): code,
            say("console.count"): count,
            say("console.what"): issue_label(code),
        }
        for (source, code), count in sorted(counts.items())
    ]


def _reports(results_url: str, request: Request, night: Night) -> str:
    """Where the reports lie: links where the results are shared (`orchestration.results_url`), else names alone.

    A browser never opens a file of another machine, and rarely one of its own from a page of a server.
    """
    told = {(one.updater.post, one.updater.scope): one for one in night.deliveries}
    mails = [[updater_name(*updater), say(f"prefect.mail_{_outcome(one)}")] for updater, one in sorted(told.items())]
    shared = results_url.rstrip("/")
    lines = [
        f"- [{one.name}]({shared}/reports/{quote(one.name)})" if shared else f"- {one.name}" for one in night.reports
    ]
    if shared:
        lines.append(f"- [{say('prefect.page')}]({shared}/dashboard/index.html)")
    table = _markdown([say("console.updater"), say("prefect.mail")], mails) if mails else [say("console.silent")]
    return "\n".join([say("prefect.place", path=request.out.resolve() / "reports"), "", *lines, "", *table])


def _outcome(delivery: Delivery) -> str:
    if delivery.unknown:
        return "unknown"
    return "failed" if delivery.error else "out"


def pending_chart(runs: Sequence[RunRow]) -> str:
    """Open changes of the last nights, one bar a night, the oldest first; the last run of a day counts."""
    nights = {one.as_of: one for one in reversed(runs) if one.status in ("complete", "partial", "held")}
    shown = [nights[day] for day in sorted(nights)][-NIGHTS:]
    counts = [int(one.counts.get("changes", 0)) for one in shown]
    most = max(counts, default=0) or 1
    rows = [
        [f"{one.as_of:%d/%m/%Y}", count, "█" * round(WIDEST * count / most) or "·"]
        for one, count in zip(shown, counts, strict=True)
    ]
    return "\n".join(_markdown([say("prefect.night"), say("prefect.pending"), ""], rows))


def _markdown(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    def line(cells: Sequence[object]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return [line(header), line(["---"] * len(header)), *map(line, rows)]
