"""One installation: a command that sees another store, key or configuration than were used here stops at once."""

from collections.abc import Iterator

from connectors.store.whose import Whose, whose_store
from connectors.system.witness import read_witness
from flows.settings.model import Settings
from flows.settings.signing import keyring
from flows.state.copied import copy_told
from flows.state.installed import present, witnesses
from pipelines.installation import UsedInstallation, configuration_astray, key_astray, store_astray
from schemas.changes.installed import Installation
from schemas.errors import ConfigurationError, StoreError


def check_installation(settings: Settings) -> None:
    """Refuse raises ConfigurationError for what this command sees otherwise, before a store or a key is made
    anywhere.
    """
    if problems := list(astray(settings)):
        raise ConfigurationError(problems)


def astray(settings: Settings) -> Iterator[str]:
    """Yield what is not as the installation that was used here has it, and which environment is lacking."""
    here = present(settings)
    whose = whose_or_nobodys(settings)
    used = list(_used(settings))
    problems = list(store_astray(here, whose.first_run, used))
    known = known_installation(whose, used)
    if known and not problems:
        keys = keyring(settings)
        before = {*keys.replaced_fingerprints(), settings.signing_key_lost or ""}
        place = settings.shown(keys.path)
        problems += [*configuration_astray(here, known), *key_astray(here, known, before, place)]
    yield from problems


def copy_here(settings: Settings) -> tuple[str, ...]:
    """Return what a command that sends or takes says of a copy whose original is still there; () else."""
    return copy_told(settings, last_seen(settings)) if settings.mail.smtp_url or settings.mail.mailbox else ()


def last_seen(settings: Settings) -> Installation | None:
    """Return this installation as its last night saw it; None before one."""
    return known_installation(whose_or_nobodys(settings), list(_used(settings)))


def known_installation(whose: Whose, used: list[UsedInstallation]) -> Installation | None:
    """Return it as the store has it, else as its witness does."""
    if whose.installation or not whose.first_run:
        return whose.installation
    ours = (one.witness.installation for one in used if one.witness.first_run == whose.first_run)
    return next((one for one in ours if one), None)


def whose_or_nobodys(settings: Settings) -> Whose:
    """Return the store asked, without making it; one that does not answer says so itself when it is opened."""
    try:
        return whose_store(settings.database(settings.store.url))
    except StoreError:
        return Whose()


def _used(settings: Settings) -> Iterator[UsedInstallation]:
    for path in witnesses(settings):
        try:
            witness = read_witness(path)
        except StoreError:  # our own is said to be damaged where it is asked; another's proves nothing
            continue
        if witness:
            yield UsedInstallation(witness, settings.shown(path))
