"""Answers to mails that this service never sent: another installation reads the same mailbox, and they are its own."""

from collections.abc import Sequence
from pathlib import Path

from connectors.excel.returned import read_returned
from connectors.mail.receipt import NAME as RECEIPT
from flows.returns.taking import in_order
from flows.settings.model import Settings
from flows.settings.passwords import passwords
from flows.settings.signing import keyring
from flows.state.opened import open_to_read
from schemas.changes.change import PostRef
from schemas.changes.decision import ReturnedLine
from schemas.errors import SourceError
from schemas.reports.letterbox import Letter


def answers_another(settings: Settings, letter: Letter) -> bool:
    """Tell whether it answers reports, and none of them is one that this service sent; a receipt is no report."""
    reports = [one for one in letter.answers if not one.startswith(RECEIPT)]
    if not reports:
        return False
    with open_to_read(settings) as store:
        return not any(store.mail_sent(f"<{one}>") for one in reports)


def issued_here(settings: Settings, paths: Sequence[Path]) -> bool:
    """Tell whether a line of these files was signed by this service: its mail may be forgotten, its key is not."""
    with open_to_read(settings) as store:
        updaters = {state.change.updater.name: state.change.updater.ref for state in store.states().values()}
    verify, secrets = keyring(settings).verifier(), passwords(settings)

    def ours(line: ReturnedLine, updater: PostRef) -> bool:
        key, _, signature = line.token.partition(":")
        return bool(signature) and verify(line.lot, key, updater, signature)

    for path in paths:
        try:
            lines = read_returned(path, in_order(secrets, path.name)).lines
        except SourceError:  # of another installation it opens with another password
            continue
        if any(ours(line, updater) for line in lines for updater in updaters.values()):
            return True
    return False
