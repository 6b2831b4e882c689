"""Root at work in the installation of the service's account: what a command leaves there is the service's to use."""

import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.system.ownership import ROOT, hand_over, owner_of
from schemas.errors import ConfigurationError

if TYPE_CHECKING:
    from flows.settings.model import Settings

SLACK = 1.0  # the clock of a file system lags behind ours by a tick
_NAMES = ("-c", "--config")


def leave_to_owner(tokens: Sequence[str], since: float) -> None:
    """Give what root wrote since to the account that the configuration's folder belongs to, where that is another.

    Otherwise the next night of the service could read neither its key nor its store.
    """
    config = _configuration(tokens)
    if os.geteuid() != ROOT or config is None or owner_of(config.parent) in (ROOT, None):
        return
    from flows.settings.load import load_settings  # a command without a configuration needs none of it

    try:
        settings = load_settings(config)
    except ConfigurationError:
        return
    hand_over(settings.root, _places(settings), since - SLACK)


def _configuration(tokens: Sequence[str]) -> Path | None:
    for token, following in pairwise([*tokens, ""]):
        name, _, value = token.partition("=")
        if name in _NAMES:
            return Path(value or following)
    return None


def _places(settings: "Settings") -> Iterator[Path]:
    """Where commands write, as the configuration has it."""
    from flows.installing.init import SLIPS
    from flows.settings.passwords import DEFAULT_FILE
    from flows.state.installed import POINTER

    mail = settings.mail
    named = (
        mail.outbox,
        mail.inbox,
        mail.passwords_file,
        settings.store.witness,
        *(one.into for one in settings.fetch),
    )
    yield settings.state_folder
    yield from (settings.root / name for name in ("out", SLIPS, DEFAULT_FILE, POINTER))
    yield from (settings.path(name) for name in named if name)
    yield from (settings.path(one.into) for one in settings.fetch)
    yield from (settings.path(one.path).parent for one in settings.workbook)
