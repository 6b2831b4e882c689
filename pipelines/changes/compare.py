"""The night's comparison, from the judged sources to the changes, in one reading."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from pipelines.changes.access import standing
from pipelines.changes.assemble import assemble
from pipelines.changes.closing import closing, without_care
from pipelines.changes.draft import Draft
from pipelines.changes.earlier import Earlier
from pipelines.changes.fields import diff_account
from pipelines.changes.foresee import AccessEnd, foresee
from pipelines.changes.held_ends import disbelieve
from pipelines.changes.routing import LockedOut, Routing, owner_of, routing_tonight
from pipelines.changes.rules.assignments import plan
from pipelines.changes.rules.cards import ALERTS, readable
from pipelines.changes.rules.creations import create
from pipelines.changes.rules.doubts import DOUBTS
from pipelines.changes.rules.moved_columns import MOVED_COLUMNS
from pipelines.changes.rules.named_beside import NAMED
from pipelines.changes.rules.not_understood import WORDINGS
from pipelines.changes.rules.reviews import REVIEWS, warn_of_vacancies
from pipelines.changes.rules.roles import ROLES
from pipelines.changes.rules.scene import Scene, slid, unplaced
from pipelines.changes.rules.silent_functions import UNHEARD
from pipelines.changes.rules.silent_structures import SILENCE
from pipelines.changes.withheld import knows_nobody, withheld
from pipelines.matching.candidates import Match
from pipelines.matching.doubts.doubles import keep_doubles
from pipelines.matching.doubts.moved_columns import MovedBlock, without_moved
from pipelines.matching.doubts.sharing import tell_of_sharing
from pipelines.matching.identify import Identity, identify
from pipelines.matching.index import indexed
from pipelines.matching.match import match
from pipelines.sources.snapshot import Snapshot
from schemas.changes.change import Change
from schemas.changes.routing import Route
from schemas.parallel import ParallelMap

AT_ONCE = 20_000  # accounts of one slice: a third of a second of work

_NOTHING_EARLIER = Earlier()
_TWO_ROWS = 2  # of a column of establishments that slid: an exchange of two, or the borders of two hospitals

EVERY_RULE = (
    *ALERTS,
    *DOUBTS,
    *REVIEWS,
    *SILENCE,
    *UNHEARD,
    *ROLES,
    *WORDINGS,
    *NAMED,
    *MOVED_COLUMNS,
)  # beside what differs, is added or ends


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes of the night, who holds which post, how many active accounts each updater answers for; and how it
    was seen: what each workbook line was matched with, who each active account is, whose access ends by when, and how
    the accesses of each updater's accounts stand (`access`); and the accounts whose deactivation waits for a
    workbook, and those that close; and the workbooks whose column of establishments moved (`unplaced`).
    """

    changes: tuple[Change, ...]
    routing: Routing
    accounts: Mapping[tuple[str, str], int]
    matches: tuple[Match, ...]
    identities: Mapping[str, Identity]
    ends: tuple[AccessEnd, ...]
    standings: Mapping[tuple[str, str], Counter[str]]
    waiting: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    unplaced: frozenset[str] = frozenset()


def compare(
    snapshot: Snapshot,
    overrides: Sequence[Route] = (),
    admin: Sequence[str] = (),
    named: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    spread: ParallelMap | None = None,
    at_once: int = AT_ONCE,
    earlier: Earlier = _NOTHING_EARLIER,
    *,
    explained: bool = True,
) -> Comparison:
    """Match, diff, apply every rule of contract §6, route. Equal sources in any order give equal changes.

    `overrides`: routes before the built-in table; `admin`: the administrator's addresses; `named`: those of a post
    that the configuration names, before the annuaire's holders. `spread`: whoever looks at `at_once` accounts each.
    `earlier`: what is known of the nights before; unless it is to be `explained`, no match is held for nothing.
    """
    index = indexed(snapshot)
    matches = match(snapshot, index)
    index.all_matched()
    believed, moved = without_moved(matches, snapshot)
    identities = identify(snapshot, believed, index)
    tell_of_sharing(identities, earlier.sharing if knows_nobody(snapshot.register) else (), snapshot.judgements)
    keep_doubles(identities, index)
    del index  # a tenth of what is held by now, and nobody asks it any more
    planned = plan(_without_shifted(snapshot, moved), identities, matches)
    disbelieve(planned, earlier.held)
    create(snapshot, believed, planned)
    warn_of_vacancies(snapshot, planned)
    believed, matches = tuple(filter(Match.asks, believed)), matches if explained else ()
    scene = Scene(snapshot, believed, identities, planned, moved)
    drafts = chain(
        planned.drafts,
        chain.from_iterable(_in_slices(snapshot, tuple(identities.values()), spread, at_once)),
        (draft for rule in EVERY_RULE for draft in rule(scene)),
    )
    blind = knows_nobody(snapshot.register)
    stay = earlier.kept | earlier.held
    closed = closing(identities, planned, stay | earlier.in_question if blind else stay)
    ends = tuple(foresee(snapshot, identities))
    lost = frozenset(end.account_id for end in ends if end.lost)
    routing = routing_tonight(
        snapshot, planned, overrides, admin, named, _locked_out(snapshot, identities, ends, earlier)
    )
    standings = standings_of(snapshot, identities, lost, routing)
    accounts = {updater: found.total() for updater, found in standings.items()}
    found, waiting = [*without_care(drafts, closed)], frozenset(planned.waiting)
    del planned, scene, drafts, believed  # what each draft was made of
    drawn = assemble(_one_by_one(found), routing, snapshot.day)
    changes = tuple(one for one in drawn if not snapshot.judgements.answered(one))
    changes = withheld(changes, earlier) if blind else changes
    return Comparison(
        changes, routing, accounts, matches, identities, ends, standings, waiting, closed, unplaced(moved)
    )


def _one_by_one(drafts: list[Draft]) -> Iterator[Draft]:
    """Yield each draft, and hold nothing of it behind: they take as much as the changes that are made of them."""
    drafts.reverse()
    while drafts:
        yield drafts.pop()


def _without_shifted(snapshot: Snapshot, moved: Sequence[MovedBlock]) -> Snapshot:
    """The snapshot in which no workbook whose establishments' column slid ends anybody for having no row at a place;
    where but two rows slid, anybody at the places concerned.
    """
    blocks = slid(moved)
    unheard = {one.lines[0].source for one in blocks if len(one.lines) > _TWO_ROWS}
    silent: dict[str, set[str]] = defaultdict(set)
    for one in blocks:
        silent[one.lines[0].source].update(line.assignment.structure_code for line in one.lines)
        silent[one.lines[0].source].update(*(snapshot.accounts[key].places for key in one.accounts))
    scopes = tuple(
        replace(one, whole=one.whole and one.source not in unheard, mentioned=one.mentioned - silent[one.source])
        if one.source in silent
        else one
        for one in snapshot.scopes
    )
    return replace(snapshot, scopes=scopes) if silent else snapshot


def _locked_out(
    snapshot: Snapshot, identities: Mapping[str, Identity], ends: Iterable[AccessEnd], earlier: Earlier
) -> LockedOut:
    """Who cannot log in tonight, and of whom that is not known."""
    lost = {end.account_id: (end.reason, end.day) for end in ends if end.lost and end.day <= snapshot.day}
    unsure = {key for key, one in identities.items() if not (one.told and readable(snapshot, one) and one.certain)}
    # Of whom nothing is known tonight, what was announced goes on: a card that has ended since lets nobody in.
    ended = {key: day for key, day in earlier.card_ends.items() if key in unsure and day <= snapshot.day}
    lost = {key: ("card_expired", day) for key, day in ended.items()} | lost
    return LockedOut(lost, unsure, earlier.locked_out)


def standings_of(
    snapshot: Snapshot, identities: Mapping[str, Identity], lost: frozenset[str], routing: Routing
) -> dict[tuple[str, str], Counter[str]]:
    """Return updater → how the accesses of the accounts they answer for stand."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for identity in identities.values():
        owner, _ = owner_of(identity.account.assignments, routing)
        found[owner.post, owner.scope][standing(snapshot, identity, lost)] += 1
    return dict(found)


def differences(snapshot: Snapshot, identities: Sequence[Identity]) -> list[Draft]:
    """Return the differences of some accounts, each of which knows of no other."""
    return [draft for identity in identities for draft in diff_account(snapshot, identity)]


def _in_slices(
    snapshot: Snapshot, identities: Sequence[Identity], spread: ParallelMap | None, at_once: int
) -> Iterable[list[Draft]]:
    """Put together in the order of the accounts, the slices are what one look at all of them gives."""
    if spread is None or len(identities) <= at_once:
        return [differences(snapshot, identities)]
    slices = (identities[at : at + at_once] for at in range(0, len(identities), at_once))
    return spread(differences, snapshot, slices)
