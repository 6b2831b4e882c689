"""A line as if nothing had been said in a cell of it: what the annuaire has stands in its place, or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipelines.matching.candidates import Match
from schemas.people.assignment import Account

MOVED = "moved"  # the reason of a line in doubt of which the question about its column tells


def without(**cells: object) -> Callable[[Match, Account], Sequence[Match]]:
    """Return what puts these values in place of a line's."""

    def aside(found: Match, _: Account) -> Sequence[Match]:
        return [replace(found, line=replace(found.line, **cells))]  # type: ignore[arg-type]  # values of the fields

    return aside


def number_kept(found: Match, account: Account) -> Sequence[Match]:
    """Return the line with the number that the annuaire has."""
    return [replace(found, line=replace(found.line, number=account.number, typed_numbers=()))]


def in_doubt(found: Match, _: Account) -> Sequence[Match]:
    """Return the line, to be told of with its column; without a number it is asked about alone."""
    alone = found.how == "doubt" and found.reason == "ambiguous_match" and found.line.number.usable
    return [replace(found, reason=MOVED) if alone else found]


def told_with_it(found: Match) -> Match:
    """Return the line, to be told of with its column, whatever is in doubt of it."""
    return replace(found, reason=MOVED) if found.how == "doubt" else found


def as_held(found: Match, account: Account) -> Sequence[Match]:
    """Return a line for each function that the account has; one in doubt is told of with its column."""
    reason = MOVED if found.how == "doubt" and found.reason == "ambiguous_match" else found.reason
    lines = (replace(found.line, assignment=one) for one in account.assignments)
    return [replace(found, line=line, reason=reason) for line in lines] or [found]
