"""What was taken out of a national file for the people of one night, kept so that the same file is not read again."""

from dataclasses import dataclass

from schemas.reading.issue import Issue
from schemas.reading.source import SourceReport, Wanted


@dataclass(frozen=True, slots=True)
class Extraction:
    """The rows of `wanted` in a file, and what reading the whole of it found.

    `mark`: of the file as it lay there, by which it is known without reading it; "" where that would not be sure.
    `at`: column → position. `lines`: (line number, line) of the rows, byte for byte as Latin-1 shows them.
    `unread`: wanted numbers met in quarantined rows.
    """

    mark: str
    report: SourceReport
    issues: tuple[Issue, ...]
    wanted: Wanted
    at: dict[str, int]
    lines: tuple[tuple[int, str], ...]
    unread: tuple[str, ...]

    def covers(self, wanted: Wanted) -> bool:
        """Tell whether everybody wanted was wanted then: what a reading for them would find is among the rows."""
        known = self.wanted
        return (
            not wanted.everyone
            and wanted.national_ids <= known.national_ids
            and wanted.serials <= known.serials
            and wanted.names <= known.names
        )
