"""The alarm of a night that was held whole: its subject says which source is not whole, and it names nobody."""

from datetime import UTC, datetime
from pathlib import Path

from connectors.mail.alert import compose_alert
from flows.orchestration.cause import Cause, cause_of_hold
from flows.settings.load import load_settings
from tests.night.commanded import EXPORT, Service
from tests.spec.tables import Person, account, row

STAFF = [Person(100 + at, f"FICTIVE-{chr(65 + at)}{chr(65 + at)}", "Ode") for at in range(9)]


def subject_of(cause: Cause) -> str:
    message = compose_alert(
        "held",
        "sync-annuaire",
        "essai",
        cause.lines,
        sources=cause.sources,
        sender="annuaire@example.org",
        to="admin.efit@example.org",
        sent_at=datetime(2026, 11, 22, 5, tzinfo=UTC),
    )
    return str(message["Subject"]).replace("\u00a0", " ")


def test_the_subject_says_which_source_held_the_night(tmp_path: Path) -> None:
    service = Service(tmp_path)
    service.write([account(who) for who in STAFF], [row(who) for who in STAFF])
    assert service.night()[0] == 0
    service.cut(EXPORT, 0.5)
    assert (service.night()[0], sum(service.mails().values())) == (4, 0)  # « held, nothing sent » (contract §1)
    cause = cause_of_hold(load_settings(service.config).store_url)
    assert subject_of(cause) == "e-FIT exécutions : nuit retenue, source pas entière : annuaire e-FIT"
    assert EXPORT in cause.lines[0]
    assert "FICTIVE" not in "".join(cause.lines)


def test_where_no_source_is_to_blame_a_set_is_held(tmp_path: Path) -> None:
    service = Service(tmp_path)
    assert cause_of_hold(load_settings(service.config).store_url) == Cause()  # no night yet
    assert subject_of(Cause()) == "e-FIT exécutions : un envoi est retenu"
