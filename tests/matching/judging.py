"""What a matching made of the labelled set: ours as the night runs it, and two simpler ones on the same lines."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz, process

from pipelines.changes.compare import compare
from pipelines.names import full_key
from schemas.changes.change import Change
from schemas.people.likeness import PRIOR, score_of, weights
from schemas.words import fold
from tests.matching.fitting import Example
from tests.matching.labelled import LabelledSet

CONFIDENCE = 0.95
REVIEW, ASTRAY = "?", "!"
Answers = dict[str, str]
"""Line → account; "" for nobody; "?" for somebody to decide; "!" where that question does not name the account that the
line is about, or its post is taken away meanwhile."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Lines by what was said and what is true. `right`, `wrong`: matched by itself, to the true account or another;
    `review_with_account`: left to somebody, with the true account named and its post left alone.
    """

    name: str
    lines: int
    with_account: int
    right: int
    wrong: int
    review: int
    review_with_account: int

    @property
    def automatic(self) -> int:
        """Lines matched without asking."""
        return self.right + self.wrong

    @property
    def precision(self) -> float:
        """Of the lines matched by itself, those matched rightly."""
        return self.right / self.automatic if self.automatic else 1.0

    @property
    def recall(self) -> float:
        """Of the lines whose person has an account, those matched to it by itself."""
        return self.right / self.with_account

    @property
    def found(self) -> float:
        """The same, with those left to somebody."""
        return (self.right + self.review_with_account) / self.with_account

    @property
    def wrong_at_most(self) -> float:
        """Upper bound at 95 % of the share of automatic matches that are wrong (Clopper–Pearson, one side)."""
        return upper_bound(self.wrong, self.automatic)


def upper_bound(wrong: int, trials: int) -> float:
    """The share at which so few errors or fewer would be seen one time in twenty; 0 of n: the rule of three."""
    low, high = wrong / trials if trials else 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, trials, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _at_most(wrong: int, trials: int, share: float) -> float:
    """Probability of at most so many errors."""
    if share >= 1:
        return 0.0
    return sum(
        math.exp(
            math.lgamma(trials + 1)
            - math.lgamma(count + 1)
            - math.lgamma(trials - count + 1)
            + (count * math.log(share) if count else 0.0)
            + (trials - count) * math.log1p(-share)
        )
        for count in range(wrong + 1)
    )


# ── matchings ────────────────────────────────────────────────────────────────────────────────────


def ours(labelled: LabelledSet) -> Answers:
    """As the night does it, with what becomes of the account meanwhile."""
    night = compare(labelled.snapshot)
    named, lost = _named(night.changes), _lost(night.changes)
    answers: Answers = {}
    for found in night.matches:
        location, place = found.line.location, found.line.assignment.structure_code
        true = labelled.truth[location]
        answers[location] = found.account_id or (REVIEW if found.how == "doubt" else "")
        if answers[location] == REVIEW and true and (true not in named or {(true, ""), (true, place)} & lost):
            answers[location] = ASTRAY
    return answers


def _named(changes: Sequence[Change]) -> set[str]:
    """Accounts that a review is about, or has among its candidates."""
    return {key for change in changes if change.kind == "review" for key in accounts_of(change)}


def _lost(changes: Sequence[Change]) -> set[tuple[str, str]]:
    """(account, structure) of the assignments that end; (account, "") of the accounts that are deactivated."""
    ended = {(one.account_id or "", one.assignment.structure_code) for one in changes if one.kind == "end_assignment"}
    return ended | {(one.account_id or "", "") for one in changes if one.kind == "deactivate_account"}


def accounts_of(change: Change) -> Iterator[str]:
    """The account that a review is about, and those among its candidates, id first."""
    if change.account_id:
        yield change.account_id
    for one in change.fields:
        if one.field == "candidate" and one.source == "annuaire":
            yield (one.after or "").split(" ")[0]


def exact_join(labelled: LabelledSet) -> Answers:
    """Equal names, case and accents aside; only where one account alone has the name."""
    accounts: dict[str, list[str]] = defaultdict(list)
    for key, one in labelled.snapshot.accounts.items():
        accounts[full_key(one.last_name, one.first_name)].append(key)
    found = {line.location: accounts[full_key(line.last_name, line.first_name)] for line in labelled.snapshot.lines}
    return {location: keys[0] if len(keys) == 1 else "" for location, keys in found.items()}


def cut_off(labelled: LabelledSet, limit: float) -> Answers:
    """The account with the nearest name (rapidfuzz, words sorted), if it is near enough."""
    ids = list(labelled.snapshot.accounts)
    names = [fold(f"{one.last_name} {one.first_name}") for one in labelled.snapshot.accounts.values()]
    answers: Answers = {}
    lines = labelled.snapshot.lines
    for start in range(0, len(lines), 2000):
        part = lines[start : start + 2000]
        asked = [fold(f"{line.last_name} {line.first_name}") for line in part]
        near = process.cdist(asked, names, scorer=fuzz.token_sort_ratio, dtype=np.uint8, score_cutoff=limit)
        best = near.argmax(axis=1)
        for row, line in enumerate(part):
            answers[line.location] = ids[best[row]] if near[row, best[row]] >= limit else ""
    return answers


def judge(labelled: LabelledSet) -> list[Judgement]:
    """Ours and the baselines, on the same lines."""
    answers = {
        "ours": ours(labelled),
        "exact name join": exact_join(labelled),
        "rapidfuzz ≥ 90": cut_off(labelled, 90),
        "rapidfuzz ≥ 85": cut_off(labelled, 85),
    }
    return [judged(name, said, labelled.truth) for name, said in answers.items()]


def judged(name: str, said: Answers, truth: dict[str, str]) -> Judgement:
    """Count."""
    automatic = {key: answer for key, answer in said.items() if answer not in ("", REVIEW, ASTRAY)}
    asked = [key for key, answer in said.items() if answer in (REVIEW, ASTRAY)]
    right = sum(truth[key] == answer for key, answer in automatic.items())
    return Judgement(
        name,
        lines=len(truth),
        with_account=sum(bool(account) for account in truth.values()),
        right=right,
        wrong=len(automatic) - right,
        review=len(asked),
        review_with_account=sum(bool(truth[key]) and said[key] == REVIEW for key in asked),
    )


# ── shown ────────────────────────────────────────────────────────────────────────────────────────


def report(judgements: Sequence[Judgement]) -> str:
    """A table, as docs/matching.md has it."""
    rows = ["| matching | precision | recall | with right question | to review | wrong | wrong, at most (95 %) |"]
    rows.append("|---|---|---|---|---|---|---|")
    for one in judgements:
        rows.append(
            f"| {one.name} | {one.precision:.2%} | {one.recall:.1%} | {one.found:.1%} | {one.review / one.lines:.1%} "
            f"| {one.wrong} of {one.automatic} | {one.wrong_at_most:.2%} |"
        )
    return "\n".join(rows)


def told_apart(halves: Sequence[LabelledSet], fresh: LabelledSet) -> str:
    """Two people side by side, line by line: what was made of each story."""
    rows = ["| pairs of two people | to their own account | left to somebody | nobody's | to the other's account |"]
    rows.append("|---|---|---|---|---|")
    both = sum((stories(half, ours(half)) for half in halves), Counter[tuple[str, str]]())
    late = stories(fresh, ours(fresh))
    rows.append(_apart(both, "namesake", "namesakes, training and held out"))
    rows += [_apart(late, story, f"{title}, fresh") for story, title in STORIES_OF_TWO.items()]
    return "\n".join(rows)


STORIES_OF_TWO = {
    "namesake": "namesakes",
    "swapped_namesake": "swapped names",
    "relative": "relatives",
    "copied_number": "pasted numbers",
    "shared_mailbox": "shared mailboxes",
}


def _apart(found: Counter[tuple[str, str]], story: str, title: str) -> str:
    counts = [found[story, outcome] for outcome in ("right", "review", "nobody", "wrong")]
    bound = f"{counts[3]} (at most {upper_bound(counts[3], sum(counts)):.2%})"
    return f"| {sum(counts):,} {title} | {' | '.join(f'{count:,}' for count in counts[:3])} | {bound} |"


def reliability(examples: Sequence[Example]) -> str:
    """Score by score: what it promises, and what came true."""
    rows = ["| score (bits) | pairs | promised | one person |", "|---|---|---|---|"]
    rows += [
        f"| {low:+d} to {high:+d} | {count} | {promised:.1%} | {true:.1%} |"
        for low, high, count, promised, true in bins(examples)
    ]
    return "\n".join(rows)


def bins(
    examples: Sequence[Example], edges: Sequence[int] = (-99, -6, -4, -2, 0, 2, 4, 6, 8, 99)
) -> Iterator[tuple[int, int, int, float, float]]:
    """(from, to, pairs, mean probability, share of one person) for each interval of scores."""
    assert PRIOR in weights(), "the tables are not fitted"
    scored = [(score_of(one.evidence), one.same) for one in examples]
    for low, high in pairwise(edges):
        inside = [(score, same) for score, same in scored if low <= score < high]
        if inside:
            promised = sum(1 / (1 + math.pow(2, -score)) for score, _ in inside) / len(inside)
            yield low, high, len(inside), promised, sum(same for _, same in inside) / len(inside)


def stories(labelled: LabelledSet, said: Answers) -> Counter[tuple[str, str]]:
    """(story, outcome) of the labelled pairs: right, wrong, review or nobody."""
    found: Counter[tuple[str, str]] = Counter()
    for pair in labelled.pairs:
        answer, true = said[pair.location], labelled.truth[pair.location]
        outcome = (
            "review"
            if answer in (REVIEW, ASTRAY)
            else "nobody"
            if not answer
            else "right"
            if answer == true
            else "wrong"
        )
        found[pair.story, outcome] += 1
    return found
