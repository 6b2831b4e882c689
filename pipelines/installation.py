"""Whether a command sees the installation that was used here, or another one: what it lacks is named."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from schemas.changes.installed import Installation
from schemas.changes.witness import Witness
from schemas.nomenclatures import say


@dataclass(frozen=True, slots=True)
class UsedInstallation:
    """An installation that was used here: what its witness knows, and where that lies."""

    witness: Witness
    path: str


def store_astray(present: Installation, first_run: str, used: Collection[UsedInstallation]) -> Iterator[str]:
    """Yield why the store is not the one that was used here; nothing where it is, or where none was.

    `first_run`: of the store that this command sees, "" where it is empty or not there. A store emptied in its place is
    no other one: its witness says so. Who gives everything himself, store and way out, tries something: nobody who
    was told by the other one is told again.
    """
    if first_run and any(one.witness.first_run == first_run for one in used):
        return
    for one in used:
        known = one.witness.installation
        if not one.witness.first_run or one.witness.store in ("", present.store):
            continue
        if known and known.way_out != present.way_out and not present.lacks(known):
            continue
        yield say(
            "astray.store_other" if first_run else "astray.store_empty",
            run=one.witness.run_id,
            day=f"{one.witness.as_of:%d/%m/%Y}",
            known=one.witness.store,
            found=present.store,
        )
        yield _lacking(present, known, "store.url", "EFIT_STORE__URL")
        yield say("astray.anew", path=one.path)
        return


def key_astray(present: Installation, known: Installation, before: Collection[str], place: str) -> Iterator[str]:
    """Yield why the signing key is not the one of this store. `before`: fingerprints of the keys that it replaced or
    lost.
    """
    if known.key in ("", present.key) or known.key in before:
        return
    values = {"known": known.key, "found": present.key, "path": place}
    yield say("astray.key_other" if present.key else "astray.key_none", **values)
    yield _lacking(present, known, place, "EFIT_SIGNING_KEY")
    yield say("astray.key_lost", known=known.key)


def configuration_astray(present: Installation, known: Installation) -> Iterator[str]:
    """Yield why the configuration is not the one of this store."""
    if present.id and known.id and present.id != known.id:
        yield say("astray.configuration", known=known.id, found=present.id, config=known.config)


def _lacking(present: Installation, known: Installation | None, key: str, variable: str) -> str:
    names = present.lacks(known) if known else ()
    if names:
        return say("astray.lacking", names=", ".join(names))
    return say("astray.given", key=key, variable=variable)


def altered(present: Installation, known: Installation) -> tuple[str, ...]:
    """Return the keys of the configuration whose values the last night saw otherwise; none where the signing key
    differs.
    """
    if present.key != known.key:
        return ()
    keys = present.seen.keys() | known.seen.keys()
    return tuple(sorted(key for key in keys if present.seen.get(key) != known.seen.get(key)))
