"""What the lines are whose account was not found: which of them are questions whatever the evidence (§6)."""

from collections import Counter
from collections.abc import Sequence

from benchmarks.consequences.cases import Case
from benchmarks.consequences.judge import Outcome
from benchmarks.consequences.show import share, table
from pipelines.matching.candidates import Match
from pipelines.matching.scoring import strong_name

_LINE = "the line has somebody else's number, and the rest does not tell whose it is"
_ACCOUNT = "the account has somebody else's number, and the line nothing that tells more"
_FUZZY = "only a fuzzy name, no number: `ambiguous_match`, a review"
_NUMBERED = "a fuzzy or another last name beside the number, or numbers that differ"
_NAME = "the very name, and somebody else may be meant"
_WAYS = (_LINE, _ACCOUNT, _FUZZY, _NUMBERED, _NAME)


def left_over(outcomes: Sequence[Outcome]) -> str:
    """The table of the lines that are left to somebody, in hundredths of the lines that have an account; and the recall
    of all other lines.
    """
    found = [_counted(one) for one in outcomes]
    lines = [one.total().with_account for one in outcomes]
    right = [one.total().right for one in outcomes]
    rows = [(way, *(share(one[way], total) for one, total in zip(found, lines, strict=True))) for way in _WAYS]
    forbidden = [one[_FUZZY] for one in found]
    most = [share(total - never, total) for total, never in zip(lines, forbidden, strict=True)]
    rest = [share(mine, total - never) for mine, total, never in zip(right, lines, forbidden, strict=True)]
    rows += [("recall that is left where that review stays one", *most), ("of these lines matched", *rest)]
    return table(("lines whose account was not found", *(one.name for one in outcomes)), rows)


def _counted(outcome: Outcome) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in outcome.comparison.matches:
        case = outcome.country.by_line[one.line.location]
        if case.account_id and not one.account_id:
            found[_what(one, case, outcome)] += 1
    return found


def _what(found: Match, case: Case, outcome: Outcome) -> str:
    number = outcome.country.snapshot.register.resolve(found.line.number.number)
    if number and number not in case.numbers:
        return _LINE
    account = outcome.country.snapshot.accounts[case.account_id].number
    theirs = outcome.country.snapshot.register.resolve(account.number)
    if account.usable and theirs not in case.numbers:
        return _ACCOUNT
    likeness = next((one.likeness for one in found.candidates if one.key == case.account_id), None)
    strong = likeness is not None and strong_name(likeness.evidence)
    if not number and not strong:
        return _FUZZY
    return _NAME if strong else _NUMBERED
