"""`demo`: the night on the invented country that is installed with the product."""

from datetime import date
from pathlib import Path

from flows.run.out import check_out
from flows.run.request import Request
from flows.settings.load import load_settings
from flows.settings.model import Settings
from flows.state.installed import SAMPLE
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say

SAMPLE_DAY = date(2026, 11, 22)


def demo_night(out: Path) -> tuple[Settings, Request]:
    """Return the night on the invented country: state and mails stay under `out`. Raises ConfigurationError."""
    config = SAMPLE / "annuaire.toml"
    if not config.is_file():
        raise ConfigurationError([say("cli.no_sample")])
    check_out(out)
    settings = load_settings(config)
    mail = settings.mail.model_copy(update={"outbox": str((out / "outbox").resolve()), "smtp_url": None})
    store = settings.store.model_copy(update={"url": f"sqlite:///{(out / 'var' / 'annuaire.db').resolve()}"})
    settings = settings.model_copy(update={"mail": mail, "store": store})
    return settings, Request(SAMPLE_DAY, out)
