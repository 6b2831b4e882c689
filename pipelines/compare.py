"""The night's comparison, from the judged sources to the changes, in one reading."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pipelines.assemble import assemble
from pipelines.candidates import Match
from pipelines.diff import diff_account
from pipelines.draft import Draft
from pipelines.foresee import AccessEnd, foresee
from pipelines.identify import Identity, identify
from pipelines.index import indexed
from pipelines.match import match
from pipelines.route import Directory, directory, owner_of
from pipelines.rules.assignments import plan
from pipelines.rules.cards import ALERTS
from pipelines.rules.creations import create
from pipelines.rules.doubts import DOUBTS
from pipelines.rules.reviews import REVIEWS, warn_of_vacancies
from pipelines.rules.roles import ROLES
from pipelines.rules.scene import Scene
from pipelines.rules.silence import SILENCE
from pipelines.rules.wordings import WORDINGS
from pipelines.sharing import tell_of_sharing
from pipelines.world import World
from schemas.change import Change
from schemas.routing import Route
from schemas.spread import Spread

AT_ONCE = 20_000  # accounts of one slice: a third of a second of work

EVERY_RULE = (*ALERTS, *DOUBTS, *REVIEWS, *SILENCE, *ROLES, *WORDINGS)  # beside what differs, is added or ends


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes of the night, who holds which post, how many active accounts each updater answers for; and how it
    was seen: what each workbook line was matched with, who each active account is, whose access ends by when; and the
    accounts whose deactivation waits for a workbook.
    """

    changes: tuple[Change, ...]
    book: Directory
    accounts: Mapping[tuple[str, str], int]
    matches: tuple[Match, ...]
    identities: Mapping[str, Identity]
    ends: tuple[AccessEnd, ...]
    waiting: frozenset[str] = frozenset()


def compare(
    world: World,
    overrides: Sequence[Route] = (),
    admin: Sequence[str] = (),
    named: Mapping[tuple[str, str], tuple[str, ...]] | None = None,
    spread: Spread | None = None,
    at_once: int = AT_ONCE,
) -> Comparison:
    """Match, diff, apply every rule of contract §6, route. Equal sources in any order give equal changes.

    `overrides`: routes before the built-in table; `admin`: the administrator's addresses; `named`: those of a post
    that the configuration names, before the annuaire's holders. `spread`: whoever looks at `at_once` accounts each.
    """
    index = indexed(world)
    matches = match(world, index)
    identities = identify(world, matches, index)
    tell_of_sharing(identities)
    planned = plan(world, identities)
    create(world, matches, planned)
    warn_of_vacancies(world, planned)
    scene = Scene(world, matches, identities, planned)
    drafts: list[Draft] = [
        *planned.drafts,
        *chain.from_iterable(_in_slices(world, tuple(identities.values()), spread, at_once)),
        *(draft for rule in EVERY_RULE for draft in rule(scene)),
    ]
    ends = tuple(foresee(world, identities))
    locked_out = frozenset(end.account_id for end in ends if end.lost and end.day <= world.day)
    book = directory(world, planned, overrides, admin, named, locked_out)
    owners = (owner_of(account.assignments, book)[0] for account in world.active_accounts())
    accounts: Counter[tuple[str, str]] = Counter((owner.post, owner.scope) for owner in owners)
    changes, waiting = assemble(drafts, book, world.day), frozenset(planned.waiting)
    return Comparison(changes, book, accounts, matches, identities, ends, waiting)


def differences(world: World, identities: Sequence[Identity]) -> list[Draft]:
    """The differences of some accounts, each of which knows of no other."""
    return [draft for identity in identities for draft in diff_account(world, identity)]


def _in_slices(
    world: World, identities: Sequence[Identity], spread: Spread | None, at_once: int
) -> Iterable[list[Draft]]:
    """Put together in the order of the accounts, the slices are what one look at all of them gives."""
    if spread is None or len(identities) <= at_once:
        return [differences(world, identities)]
    slices = (identities[at : at + at_once] for at in range(0, len(identities), at_once))
    return spread(differences, world, slices)
