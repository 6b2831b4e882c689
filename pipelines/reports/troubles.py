"""What is wrong with the night itself, in few words for the administrator's subject: the cause first (contract §6a)."""

from collections.abc import Iterable, Iterator, Sequence

from pipelines.phrase import source_text
from schemas.nomenclatures import say
from schemas.reading.absence import GONE_AFTER, Absence
from schemas.reading.source import SourceReport, SourceStatus
from schemas.typography import say_count


def troubles_of(sources: Iterable[SourceReport], missing: Sequence[Absence]) -> tuple[str, ...]:
    """Return « sans registre RPPS », « classeur 24.csv à vérifier », « 1 compte disparu »; () on an ordinary night."""
    gone = sum(one.exports < GONE_AFTER for one in missing)
    return (*_of_sources(sources), *([say_count("trouble.vanished", gone)] if gone else []))


def _of_sources(sources: Iterable[SourceReport]) -> Iterator[str]:
    for one in sources:
        if not one.usable:
            yield say(f"trouble.{one.status.value}", source=_short(one.name))
        elif one.unknown or one.message:
            yield say(f"trouble.{SourceStatus.HELD.value}", source=_short(one.name))


def _short(name: str) -> str:
    """The source by its name, a workbook by its file's alone."""
    kind, _, path = name.partition(":")
    return source_text(f"{kind}:{path.rpartition('/')[2]}") if path else source_text(name)
