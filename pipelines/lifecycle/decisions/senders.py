"""Who may answer a report by mail: the post's holder, delegate or configured recipient, nobody else (contract §7)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from schemas.changes.change import PostKey, PostRef
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import ADMIN_EFIT, CHV_ST_ETS_POST, CRH_ST_POST, POSTS
from schemas.people.assignment import Account
from schemas.people.structure import Structure
from schemas.people.vocabulary import WORD


def holders(accounts: Iterable[Account], structures: Mapping[str, Structure]) -> dict[PostKey, frozenset[str]]:
    """Return (post, scope) → the addresses of those who hold it in the annuaire, remplaçants of a CRH-ST included."""
    found: dict[PostKey, set[str]] = {}
    for account in accounts:
        if not (account.active and account.email):
            continue
        for held in account.assignments:
            structure = structures.get(held.structure_code)
            kind = structure.type if structure else ""
            if held.function == "CRH_ST" and kind == "REGION":
                post = (CRH_ST_POST, held.structure_code)
            elif held.function == "CHV_ST" and kind == "ETS" and held.rank == "TITULAIRE":
                post = (CHV_ST_ETS_POST, held.structure_code)
            else:
                continue
            found.setdefault(post, set()).add(account.email.strip().lower())
    return {post: frozenset(addresses) for post, addresses in found.items()}


def post_of_report(lines: Sequence[ReturnedLine], states: Mapping[str, ChangeState]) -> PostRef | None:
    """Tell whose report came back: as the file says, also where its lines have gone to another post since; else of the
    changes it names the post that most are routed to; None where it names none.
    """
    said = next((found for line in lines if (found := _post_called(line.addressee))), None)
    if said and any(line.token.partition(":")[0] in states for line in lines):
        return said
    named = (states.get(line.token.partition(":")[0]) for line in lines)
    posts = Counter((state.change.updater.post, state.change.updater.scope) for state in named if state)
    if not posts and any(line.token.startswith(WORD) for line in lines):
        return PostRef(post=ADMIN_EFIT)  # words are shown to nobody else
    if not posts:
        return None
    (post, scope), _ = posts.most_common(1)[0]
    return PostRef(post=post, scope=scope)


def _post_called(name: str) -> PostRef | None:
    """« CRH_ST-24 »."""
    post, _, scope = name.partition("-")
    known = next((one for one in POSTS if one == post), None)
    return PostRef(post=known, scope=scope) if known else None


def may_answer(
    sender: str,
    post: PostRef,
    states: Mapping[str, ChangeState],
    held_by: Mapping[PostKey, frozenset[str]],
    named: Mapping[PostKey, Sequence[str]],
    admin: Sequence[str],
) -> bool:
    """Tell whether the address is one of the post: a holder's, one that its reports went to, a configured or delegated
    one.

    The administrator answers for a post only that nobody can be written to at.
    """
    key = (post.post, post.scope)
    addresses = {one.lower() for one in (*held_by.get(key, ()), *named.get(key, ()))}
    for state in states.values():
        if state.is_open and (state.change.updater.post, state.change.updater.scope) == key:
            addresses |= {one.lower() for one in state.change.updater.recipients}
    if post.post == ADMIN_EFIT or not addresses:
        addresses |= {one.lower() for one in admin}
    return sender.lower() in addresses
