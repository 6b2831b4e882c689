"""The tables, as docs/matching.md has them."""

from collections.abc import Callable, Iterable, Sequence

from benchmarks.consequences import mixups, ordinary
from benchmarks.consequences.country import HARDER, RIGHT
from benchmarks.consequences.judge import Outcome, Tally
from tests.matching.judging import upper_bound

ORDINARY = (RIGHT, *(one.name for one in ordinary.KINDS))
MIXED = tuple(one.name for one in mixups.KINDS)
SIDES = {
    "a line carries another's number": tuple(one for one in MIXED if one.startswith("line_")),
    "an account carries another's number": (*(one for one in MIXED if one.startswith("account_")), "two_accounts"),
    "an overwritten row": ("successor", "successor_unknown"),
    "two things at once": ("two_things",),
}
UNNUMBERED = ("no_number", "no_number_near", "no_address")
STAYING = tuple(one for one in (*ORDINARY, *MIXED) if one not in SIDES["an overwritten row"])

Shown = Callable[[Tally], str]


def share(part: int, whole: int) -> str:
    """A percentage; a dash where there is nothing to share."""
    return f"{part / whole:.1%}" if whole else "–"


def precision(tally: Tally, *, sighted: bool = False) -> str:
    """With the upper bound at 95 % (Clopper–Pearson); `sighted`: without those whom nobody could tell apart."""
    wrong, matched = tally.wrong - tally.blind * sighted, tally.matched - tally.blind * sighted
    return (
        f"{1 - wrong / max(1, matched):.2%} ({wrong} of {matched:,}; at most {upper_bound(wrong, matched):.2%} wrong)"
    )


def _reviews(tally: Tally) -> str:
    return f"{100 * tally.reviews / tally.lines:.1f}" if tally.lines else "–"


# ── the promise ──────────────────────────────────────────────────────────────────────────────────

# What, of which classes (all when none is named), how it is shown, and what must be.
_GOALS: tuple[tuple[str, Iterable[str], Shown, str], ...] = (
    ("persons standing in a workbook whose assignment is ended", (), lambda one: str(one.ends), "0"),
    ("… whose account is deactivated", (), lambda one: str(one.deactivations), "0"),
    ("created again and ended (create + end of one person)", (), lambda one: str(one.create_ends), "0"),
    ("created with an account, or under another's number", (), lambda one: str(one.creations), "0"),
    ("accounts with an update that makes them somebody else", (), lambda one: str(one.updates), "0"),
    ("accounts that get another's function", (), lambda one: str(one.additions), "0"),
    ("accounts that get another's own mailbox", (), lambda one: str(one.addresses), "0"),
    ("people harmed in any of these ways, at most so many of a hundred lines", (),
     lambda one: f"{one.harmed} ({upper_bound(one.harmed, one.lines):.2%})", "0"),
    ("wrong automatic matches, of which nobody could decide", (),
     lambda one: f"{one.wrong}, {one.blind}", "only those"),
    ("harm of any kind to whom nobody could tell from another", (), lambda one: str(one.blind_harm), "few"),
    ("all lines: precision, the undecidable aside", (), lambda one: precision(one, sighted=True), "≥ 99.9 %"),
    ("… recall", (), lambda one: share(one.right, one.with_account), "≥ 80 %"),
    ("… recall without those of whose number it is asked", (),
     lambda one: share(one.right - one.asked, one.with_account), ""),
    ("… or a question that names the account, which keeps its post", (),
     lambda one: share(one.right + one.kept, one.with_account), ""),
    ("ordinary errors only: precision", ORDINARY, precision, "≥ 99.96 %"),
    ("… decided without a human", ORDINARY, lambda one: share(one.decided, one.lines), "≥ 82 %"),
    ("… left to review, per 100 lines", ORDINARY, _reviews, "≤ 18"),
    ("lines without a number: decided without a human", UNNUMBERED,
     lambda one: share(one.decided, one.lines), "≥ 75 %"),
    ("leavers (« Parti », absent, moved) still in post", STAYING,
     lambda one: f"{one.leavers_missed} of {one.leavers}", "few"),
    ("newcomers of whom nothing is said", STAYING, lambda one: f"{one.newcomers_missed} of {one.newcomers}", "0"),
)  # fmt: skip


def goals(outcomes: Sequence[Outcome]) -> str:
    """The table of the promise: what is in each country, and what must be."""
    head = ("", *(f"{one.name}, {one.total().lines:,} lines" for one in outcomes), "must be")
    return table(
        head, [(what, *(shown(one.total(kinds)) for one in outcomes), goal) for what, kinds, shown, goal in _GOALS]
    )


# ── class by class ───────────────────────────────────────────────────────────────────────────────

_COLUMNS: dict[str, Shown] = {
    "lines": lambda one: f"{one.lines:,}",
    "harmed": lambda one: f"{one.harmed} (≤ {upper_bound(one.harmed, one.lines):.2%})" if one.lines else "–",
    "ends": lambda one: str(one.ends),
    "deact.": lambda one: str(one.deactivations),
    "create + end": lambda one: str(one.create_ends),
    "creations": lambda one: str(one.creations),
    "updates": lambda one: str(one.updates),
    "functions": lambda one: str(one.additions),
    "mailbox": lambda one: str(one.addresses),
    "wrong match": lambda one: str(one.wrong - one.blind),
    "blind": lambda one: str(one.blind + one.blind_harm),
    "decided": lambda one: share(one.decided, one.lines),
    "reviews": _reviews,
    "named, kept": lambda one: f"{one.named}, {one.kept} of {one.open}" if one.open else "–",
    "leavers": lambda one: f"{one.leavers_missed} of {one.leavers}" if one.leavers else "–",
    "newcomers": lambda one: f"{one.newcomers_missed} of {one.newcomers}" if one.newcomers else "–",
}


def by_class(outcomes: Sequence[Outcome], *, sums_only: bool = False) -> str:
    """A row a class, all countries together; then the sums."""
    seen = {kind for one in outcomes for kind in one.tallies}
    rows: dict[str, Iterable[str]] = {
        name: (name,) for name in ("", *ORDINARY, *MIXED, *HARDER) if name in seen and not sums_only
    }
    parts = {**SIDES, "ordinary errors only": ORDINARY, "several errors at once": HARDER}
    sums = {name: kinds for name, kinds in parts.items() if not seen.isdisjoint(kinds)} | {"all": ()}
    shown = [(name or "of nobody's line", kinds) for name, kinds in rows.items()]
    shown += [(f"**{name}**", kinds) for name, kinds in sums.items()]
    return table(
        ("class", *_COLUMNS),
        [(name, *(column(_together(outcomes, kinds)) for column in _COLUMNS.values())) for name, kinds in shown],
    )


def _together(outcomes: Sequence[Outcome], kinds: Iterable[str]) -> Tally:
    return sum((one.total(kinds) for one in outcomes), Tally())


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """As Markdown."""
    titles = tuple(head)
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
