"""The tables, as docs/matching.md has them."""

from collections.abc import Iterable, Iterator

from benchmarks.consequences import mixups, ordinary
from benchmarks.consequences.judge import Outcome, Tally
from tests.matching.judging import upper_bound

HEAD = (
    "class",
    "lines",
    "wrong ends",
    "deactivated",
    "create + end",
    "wrong creations",
    "wrong updates",
    "wrong additions",
    "another's address",
    "wrong matches (of which blind)",
    "decided",
    "reviews / 100",
    "not matched: right account named, and kept",
    "leavers missed",
    "newcomers missed",
)
ORDINARY = ("right", *(one.name for one in ordinary.KINDS))
MIXED = tuple(one.name for one in mixups.KINDS)
SIDES = {
    "a line carries another's number": tuple(one for one in MIXED if one.startswith("line_")),
    "an account carries another's number": (*(one for one in MIXED if one.startswith("account_")), "two_accounts"),
    "successors": ("successor", "successor_unknown"),
    "two things at once": ("two_things",),
}
UNNUMBERED = ("no_number", "no_number_near", "no_address")


def by_class(outcome: Outcome) -> str:
    """A row a class, then the sums."""
    order = {name: at for at, name in enumerate((*ORDINARY, *MIXED))}
    shown = sorted(outcome.tallies, key=lambda name: order.get(name, -1))
    rows = [_row(name or "(nobody's)", outcome.tallies[name]) for name in shown]
    sums = {**SIDES, "ordinary errors only": ORDINARY, "all": ()}
    rows += [_row(f"**{title}**", outcome.total(kinds)) for title, kinds in sums.items()]
    return table(HEAD, rows)


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    return (
        name,
        f"{tally.lines:,}",
        *(str(getattr(tally, one)) for one in ("ends", "deactivations", "create_ends", "creations", "updates")),
        str(tally.additions),
        str(tally.addresses),
        f"{tally.wrong} ({tally.blind})",
        _share(tally.decided, tally.lines),
        f"{100 * tally.reviews / tally.lines:.1f}" if tally.lines else str(tally.reviews),
        f"{tally.named}, {tally.kept} of {tally.open}",
        f"{tally.leavers_missed} of {tally.leavers}",
        f"{tally.newcomers_missed} of {tally.newcomers}",
    )


def goals(outcome: Outcome) -> str:
    """The table of the promise: what is, and what must be."""
    everybody, everyday = outcome.total(), outcome.total(ORDINARY)
    bare, late = outcome.total(UNNUMBERED), outcome.total(SIDES["successors"])
    gone = outcome.total(kind for kind in (*ORDINARY, *MIXED) if kind not in SIDES["successors"])
    rows = [
        ("persons standing in a workbook whose assignment is ended", everybody.ends, "0"),
        ("… whose account is deactivated", everybody.deactivations, "0"),
        ("created again and ended (create + end of one person)", everybody.create_ends, "0"),
        ("created though they have an account, or under another's number", everybody.creations, "0"),
        ("accounts with an update that makes them somebody else", everybody.updates, "0"),
        ("accounts that get another's function", everybody.additions, "0"),
        ("wrong automatic matches, of which nobody could decide", f"{everybody.wrong}, {everybody.blind}", "all blind"),
        ("all classes: precision", _precision(everybody), "≥ 99.9 %"),
        ("all classes: recall", _share(everybody.right, everybody.with_account), "≥ 80 %"),
        ("ordinary errors only: precision", _precision(everyday), "≥ 99.96 %"),
        ("… decided without a human", _share(everyday.decided, everyday.lines), "≥ 82 %"),
        ("… left to review, per 100 lines", f"{100 * everyday.reviews / max(1, everyday.lines):.1f}", "≤ 18"),
        ("lines without a number: decided without a human", _share(bare.decided, bare.lines), "≥ 75 %"),
        ("leavers still in post (« Parti », absent, moved)", f"{gone.leavers_missed} of {gone.leavers}", "few"),
        ("newcomers of whom nothing is said", f"{gone.newcomers_missed} of {gone.newcomers}", "0"),
        ("overwritten rows: predecessor left in post, a question", f"{late.leavers_missed} of {late.leavers}", "all"),
    ]
    return table(("what", f"seed {outcome.seed}", "goal"), [tuple(map(str, row)) for row in rows])


def _precision(tally: Tally) -> str:
    wrong = tally.wrong
    bound = upper_bound(wrong, tally.matched)
    return f"{1 - wrong / max(1, tally.matched):.2%} ({wrong} of {tally.matched:,}; at most {bound:.2%})"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "–"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """As Markdown."""
    return "\n".join(_lines(tuple(head), rows))


def _lines(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
