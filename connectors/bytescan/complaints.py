"""The issues of one file that is read: named up to a number, then counted."""

from collections import Counter
from collections.abc import Callable

from connectors.bytescan.lines import decode_stray
from schemas.nomenclatures import say
from schemas.reading.issue import Issue, issue

MOST_ISSUES = 1000  # named one by one, per code and file

ComplaintTold = Callable[[Issue], object]
"""Hears of every issue as it is found."""


def line_place(number: int) -> str:
    """Return « ligne 12 »."""
    return say("reading.line", number=number)


class Complaints:
    """The issues of one file: each code named up to a thousand times, then counted; `told` hears of all."""

    def __init__(
        self, source: str, place: Callable[[int], str] = line_place, told: ComplaintTold | None = None
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._source = source
        self._place = place
        self._told = told
        self._issues: list[Issue] = []
        self._fallbacks, self._first_fallback = 0, 0

    def add(self, at: int | str, code: str, field: str = "", *, key: str = "", **values: object) -> None:
        """Take one more row with this code at this line, or in this place.

        `key`: another sentence than the code's own.
        """
        if self._told or self.counts[code] < MOST_ISSUES:
            place = self._place(at) if isinstance(at, int) else at
            self.keep(Issue(self._source, place, field, code, say(key or f"issue.{code}", **values)))
        else:
            self.counts[code] += 1

    def keep(self, found: Issue) -> None:
        """Keep an issue that was said elsewhere."""
        self.counts[found.code] += 1
        if self.counts[found.code] <= MOST_ISSUES:
            self._issues.append(found)
        if self._told:
            self._told(found)

    def decodable(self, number: int, line: bytes) -> bool:
        """Tell whether it is text: UTF-8, or Windows-1252 which is remembered; else quarantined as ENCODING."""
        try:
            line.decode()
        except UnicodeDecodeError:
            try:
                decode_stray(line)
            except UnicodeDecodeError:
                self.add(number, "ENCODING", key="issue.ENCODING_LOST")
                return False
            self.other_encoding(1, number)
        return True

    def other_encoding(self, count: int, first: int) -> None:
        """Note that so many lines are Windows-1252, the first of them at this line."""
        self._fallbacks += count
        self._first_fallback = min(self._first_fallback or first, first)

    def extend(self, later: "Complaints") -> None:
        """Take those of the part of the file that follows: as if one had read both."""
        named = Counter({code: min(count, MOST_ISSUES) for code, count in self.counts.items()})
        for one in later._issues:
            named[one.code] += 1
            if named[one.code] <= MOST_ISSUES:
                self._issues.append(one)
        self.counts += later.counts
        if later._fallbacks:
            self.other_encoding(later._fallbacks, later._first_fallback)

    def all(self) -> tuple[Issue, ...]:
        """Return what was found, in the order of the file; then what was only counted, and the other encoding."""
        more = [
            Issue(self._source, "", "", code, say("reading.more", count=count - MOST_ISSUES, shown=MOST_ISSUES))
            for code, count in sorted(self.counts.items())
            if count > MOST_ISSUES
        ]
        return (*self._issues, *more, *self.fallback())

    def fallback(self) -> tuple[Issue, ...]:
        """Return the one issue of all lines that are Windows-1252, if any; neither counted nor told."""
        if not self._fallbacks:
            return ()
        found = say("reading.encoding", count=self._fallbacks, first=self._first_fallback)
        return (issue(self._source, self._place(self._first_fallback), "", "ENCODING", found=found, system="Windows"),)
