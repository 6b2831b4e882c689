"""What came in, a line for each source: the file, its size and rows, what went for it; or why it did not come."""

from collections.abc import Iterator, Sequence

from schemas.glyphs import pair
from schemas.nomenclatures import say
from schemas.reading.arrival import Brought
from schemas.typography import size_text


def fetch_lines(brought: Sequence[Brought]) -> Iterator[str]:
    """Yield one or more lines for each."""
    for one in brought:
        source = say(f"source.{one.source.replace('.', '_')}")
        yield pair(source[0].upper() + source[1:], _outcome(one))
        if one.removed:
            yield "  " + say("fetch.removed", count=len(one.removed), names=", ".join(one.removed))
        yield from (f"  {remark}" for remark in one.remarks)


def _outcome(one: Brought) -> str:
    file = one.file
    if one.outcome == "failed":
        day = f"{file.moment:%d/%m/%Y}" if file else ""
        return f"{one.message} " + (say("fetch.last_stays", name=file.name, day=day) if file else say("fetch.no_last"))
    if file is None:
        return say("fetch.unchanged_unknown")
    values = {"path": one.path, "size": size_text(file.size), "rows": file.rows}
    return say(f"fetch.{one.outcome}", **values)
