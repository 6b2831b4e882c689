"""`delta OLD NEW`: what changed between two national extracts, person by person (docs/delta.md)."""

import json
from collections import Counter
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

from connectors.sources.extract import Extract, FindIndex, no_index, open_extract
from connectors.system.private_file import stream_private
from flows.looking.two_extracts import people
from flows.run.exits import EXIT_DONE, EXIT_HELD, EXIT_PARTIAL
from flows.run.progress import Progress
from flows.terminal.console import print_json, progress
from flows.terminal.delta_screen import alarm_text, print_delta
from flows.terminal.folding import complain
from pipelines.extracts.delta import alarms
from pipelines.extracts.rows import distinct
from schemas.errors import ConfigurationError, SourceError
from schemas.nomenclatures import say
from schemas.reading.delta import DeltaSide, DeltaSummary, Operation, PersonDelta


def play_delta(old: Path, new: Path, out: Path | None, config: Path | None = None, *, as_json: bool) -> int:
    """Compare, write the detail to `out`, print the numbers; by the indexes that the nights of `config` left, if any.

    3 when a file cannot be used, 4 when so much changed that somebody should look first; the detail is written all the
    same. Raises ConfigurationError where the two do not compare or `out` is one of them.
    """
    if out and out.exists() and any(path.exists() and out.samefile(path) for path in (old, new)):
        raise ConfigurationError([say("delta.overwrites", path=out)])
    find_index = _indexes(config) if config else no_index
    try:
        with progress() as tell:
            summary = write_delta(old, new, out, tell, find_index)
    except SourceError as error:
        problem = say("delta.unusable", path=error.location, found=error.message)
        complain([problem])
        if as_json:
            print_json({"status": "error", "exit_code": EXIT_PARTIAL, "errors": [problem]})
        return EXIT_PARTIAL
    if as_json:
        print_json(_document(summary))
        for one in summary.alarms:
            complain([alarm_text(summary, *one)])
    else:
        print_delta(summary, out)
    return EXIT_HELD if summary.alarms else EXIT_DONE


def _indexes(config: Path) -> FindIndex:
    # Here and not above: settings are a third of the time it takes to start, and most who compare have none.
    from flows.settings.load import load_settings
    from flows.state.indexes import index_of

    return partial(index_of, load_settings(config).state_folder)


def write_delta(
    old: Path, new: Path, out: Path | None, tell: Progress, find_index: FindIndex = no_index
) -> DeltaSummary:
    """Write the persons that differ, one JSON line each by national identification, and the whole in numbers.

    Raises ConfigurationError for two extracts of different kinds, SourceError for one that cannot be used.
    """
    counts: Counter[Operation] = Counter()
    fields: Counter[str] = Counter()
    with ExitStack() as stack:
        before, after = (stack.enter_context(_opened(path, tell, find_index)) for path in (old, new))
        if before.kind != after.kind:
            kinds = {"old_kind": say(f"source.{before.kind}"), "new_kind": say(f"source.{after.kind}")}
            raise ConfigurationError([say("delta.kinds", old=old, new=new, **kinds)])
        file = stack.enter_context(stream_private(out)) if out else None
        left_out, persons = people(before, after, tell)
        for person in persons:
            counts[person.operation] += 1
            if person.operation is Operation.MODIFY:
                fields.update({before.columns[one.field] for one in person.fields})
            if file:
                file.write(_line(person))
        sides = (_side(before, after), _side(after, before))
    return DeltaSummary(before.kind, sides, counts, fields, left_out, alarms(counts, sides[0].persons))


def _opened(path: Path, tell: Progress, find_index: FindIndex) -> AbstractContextManager[Extract]:
    def said(done: int, total: int) -> None:
        tell(say("delta.reading", path=path.name), done, total)

    return open_extract(path, path.name, said, find_index)


def _side(extract: Extract, other: Extract) -> DeltaSide:
    survey = extract.survey
    return DeltaSide(
        path=str(extract.path),
        rows_read=survey.read,
        rows_rejected=len(survey.rejected),
        persons=len(distinct(survey.accepted.persons)),
        issues=extract.issues,
        alone=tuple(label for name, label in extract.columns.items() if name not in other.columns),
    )


def _line(person: PersonDelta) -> bytes:
    fields = [{"field": one.field, "before": one.before, "after": one.after} for one in person.fields]
    record = {"national_id": person.national_id, "operation": person.operation, "fields": fields}
    return (json.dumps(record, ensure_ascii=False) + "\n").encode()


def _document(summary: DeltaSummary) -> dict[str, object]:
    return {
        **{operation.value: summary.counts.get(operation, 0) for operation in Operation},
        "rows_read": [side.rows_read for side in summary.sides],
        "rows_rejected": [side.rows_rejected for side in summary.sides],
    }
