"""The night's comparison, from the judged sources to the changes, in one reading."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.assemble import assemble
from pipelines.diff import diff_account
from pipelines.draft import Draft
from pipelines.foresee import foresee
from pipelines.identify import Identity, identify
from pipelines.match import Match, match
from pipelines.route import Directory, directory, owner_of
from pipelines.rules.assignments import plan
from pipelines.rules.cards import card_alert
from pipelines.rules.creations import create
from pipelines.rules.reviews import closed_structures, doubtful_accounts, doubtful_lines, titulaires, warn_of_vacancies
from pipelines.rules.roles import incompatible_roles, unknown_functions
from pipelines.world import World
from schemas.change import Change
from schemas.routing import Route
from schemas.spread import Spread

AT_ONCE = 20_000  # accounts of one slice: half a second of work


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes of the night, who holds which post, how many active accounts each updater answers for; and how it
    was seen: what each workbook line was matched with, who each active account is.
    """

    changes: tuple[Change, ...]
    book: Directory
    accounts: Mapping[tuple[str, str], int]
    matches: tuple[Match, ...]
    identities: Mapping[str, Identity]


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
    matches = match(world)
    identities = identify(world, matches)
    planned = plan(world, identities)
    create(world, matches, planned)
    warn_of_vacancies(world, planned)
    drafts: list[Draft] = list(planned.drafts)
    for found in _in_slices(world, tuple(identities.values()), spread, at_once):
        drafts.extend(found)
    drafts.extend(doubtful_accounts(identities))
    drafts.extend(doubtful_lines(matches))
    drafts.extend(incompatible_roles(world, matches, identities, planned.ended))
    drafts.extend(unknown_functions(world))
    drafts.extend(titulaires(world, planned))
    drafts.extend(closed_structures(world, planned))
    locked_out = frozenset(end.account_id for end in foresee(world, identities, 0) if end.lost)
    book = directory(world, planned, overrides, admin, named, locked_out)
    owners = (owner_of(account.assignments, book)[0] for account in world.active_accounts())
    accounts: Counter[tuple[str, str]] = Counter((owner.post, owner.scope) for owner in owners)
    return Comparison(assemble(drafts, book, world.day), book, accounts, matches, identities)


def differences(world: World, identities: Sequence[Identity]) -> list[Draft]:
    """What differs in each of some accounts, and what there is to say of its card; one account knows of no other."""
    drafts: list[Draft] = []
    for identity in identities:
        drafts.extend(diff_account(world, identity))
        drafts.extend(card_alert(world, identity))
    return drafts


def _in_slices(
    world: World, identities: Sequence[Identity], spread: Spread | None, at_once: int
) -> Iterable[list[Draft]]:
    """Put together in the order of the accounts, the slices are what one look at all of them gives."""
    if spread is None or len(identities) <= at_once:
        return [differences(world, identities)]
    slices = (identities[at : at + at_once] for at in range(0, len(identities), at_once))
    return spread(differences, world, slices)
