"""The night's comparison, from the judged sources to the changes, in one reading."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.assemble import assemble
from pipelines.diff import diff_account
from pipelines.draft import Draft
from pipelines.foresee import foresee
from pipelines.identify import Identity, identify
from pipelines.match import Match, match
from pipelines.route import Directory, directory, owner_of
from pipelines.rules.assignments import plan
from pipelines.rules.cards import ALERTS
from pipelines.rules.creations import create
from pipelines.rules.reviews import REVIEWS, warn_of_vacancies
from pipelines.rules.roles import ROLES
from pipelines.rules.scene import Scene
from pipelines.world import World
from schemas.change import Change
from schemas.routing import Route

RULES = (*ALERTS, *REVIEWS, *ROLES)  # beside what differs, is added or ends


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
) -> Comparison:
    """Match, diff, apply every rule of contract §6, route. Equal sources in any order give equal changes.

    `overrides`: routes before the built-in table; `admin`: the administrator's addresses; `named`: those of a post
    that the configuration names, before the annuaire's holders.
    """
    matches = match(world)
    identities = identify(world, matches)
    planned = plan(world, identities)
    create(world, matches, planned)
    warn_of_vacancies(world, planned)
    scene = Scene(world, matches, identities, planned)
    drafts: list[Draft] = [
        *planned.drafts,
        *(draft for identity in identities.values() for draft in diff_account(world, identity)),
        *(draft for rule in RULES for draft in rule(scene)),
    ]
    locked_out = frozenset(end.account_id for end in foresee(world, identities, 0) if end.lost)
    book = directory(world, planned, overrides, admin, named, locked_out)
    owners = (owner_of(account.assignments, book)[0] for account in world.active_accounts())
    accounts: Counter[tuple[str, str]] = Counter((owner.post, owner.scope) for owner in owners)
    return Comparison(assemble(drafts, book, world.day), book, accounts, matches, identities)
