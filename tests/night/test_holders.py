"""`[mail] holders`: whose card ends hears of it directly, at most once for each of the three days."""

import contextlib
import email
from datetime import date, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from flows.delivery import holders
from flows.run.run import Run
from schemas.reports.mail import HolderMail
from tests.night.by_command import OUTBOX, Service
from tests.night.small import Files
from tests.spec.tables import ASSISTANT, CRH, ES, TITULAIRE, Person, account, card, registered, row

ENDS = date(2026, 12, 31)
HOLDER = Person(201, "PREMIER-FICTIF", "Ode")
CHV = Person(203, "TROISIEME-FICTIF", "Lia")
ANNE = Person(204, "EXEMPLE", "Anne")


def files(**cells: str) -> Files:
    people = [(HOLDER, "24", CRH), (CHV, ES, TITULAIRE), (ANNE, ES, ASSISTANT)]
    ends = ENDS.isoformat()
    accounts = [account(*place) for place in people[:2]]
    accounts.append(account(ANNE, ES, ASSISTANT, card_expires_on=ends, **cells))
    rows = [row(*place) for place in people[:2]] + [row(ANNE, ES, ASSISTANT, email="autre@example.org")]
    cards = [card(HOLDER), card(CHV), card(ANNE, ends)]
    return Files(accounts, {"regions/24.csv": rows}, [registered(who) for who, _, _ in people], cards)


def before(days: int) -> date:
    return ENDS - timedelta(days=days)


def to_holders(service: Service) -> list[EmailMessage]:
    found = (service.root / "var" / "outbox").glob("HOLDER-*.eml")
    mails = (email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in found)
    return sorted(mails, key=lambda one: str(one["Subject"]))


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path / "service", f"{OUTBOX}\nholders = true")


def test_nobody_is_written_to_unless_the_configuration_says_so(tmp_path: Path) -> None:
    service = Service(tmp_path / "service")
    service.night(files(), before(20))
    assert to_holders(service) == []


def test_each_of_the_three_days_is_told_once_whatever_nights_are_played(service: Service) -> None:
    counts = []
    for days in (91, 90, 89, 89, 31, 30, 29, 1, 0, -1, -60):
        service.night(files(), before(days))
        counts.append(len(to_holders(service)))
    assert counts == [0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_the_mail_is_about_the_person_and_nobody_else(service: Service) -> None:
    service.night(files(), before(30))
    (mail,) = to_holders(service)
    assert mail["To"] == ANNE.email
    assert str(mail["From"]).startswith("Annuaire e-FIT <")
    body = mail.get_body(("plain",))
    assert body is not None
    text = " ".join(str(body.get_content()).split())
    for told in ("Anne EXEMPLE", "31/12/2026", "01/01/2027", "Ordre", "Vous recevez ce message parce que"):
        assert told in text
    for other in (HOLDER.last_name, CHV.last_name, ANNE.rpps, ANNE.account_id, "CHG-"):
        assert other not in text


def test_what_the_person_answers_reaches_whoever_looks_after_them(service: Service) -> None:
    service.night(files(), before(30))
    (message,) = to_holders(service)
    updaters = {
        address
        for one in service.changes().values()
        if one["kind"] == "card_alert"
        for address in one["updater"]["recipients"]
    }
    assert {one.addr_spec for one in message["Reply-To"].addresses} <= updaters
    assert message["From"].addresses[0].addr_spec not in updaters


def test_an_entry_for_the_calendar_goes_with_it(service: Service) -> None:
    service.night(files(), before(60))
    (mail,) = to_holders(service)
    (entry,) = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    lines = str(entry.get_content()).splitlines()
    assert entry.get_filename() == "fin-de-carte.ics"
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "TRIGGER:-P30D" in lines
    assert max(len(line.encode()) for line in lines) <= 75


def test_only_the_address_of_the_annuaire_is_written_to(service: Service) -> None:
    service.night(files(email=""), before(30))
    assert to_holders(service) == []


def test_no_other_domain_than_those_allowed_is_written_to(tmp_path: Path) -> None:
    allowed = 'allowed_domains = ["ars-fictive.fr"]'
    service = Service(tmp_path / "service", f"{OUTBOX}\nholders = true\n{allowed}")
    service.night(files(), before(30))
    assert to_holders(service) == []


def test_a_dry_run_writes_to_nobody(service: Service) -> None:
    service.night(files(), before(30), "--dry-run")
    assert not (service.root / "var" / "outbox").exists() or to_holders(service) == []


def test_the_report_says_that_the_person_was_told(service: Service) -> None:
    def said() -> str:
        book = openpyxl.load_workbook(service.report("CRH_ST-24"))
        return " ".join(str(cell.value) for line in book["Cartes"].iter_rows() for cell in line)

    service.night(files(), before(90))
    assert "cette nuit" in said()
    service.night(files(), before(89))
    assert f"prévenue directement par courriel le {before(90):%d/%m/%Y}" in said()


@pytest.mark.parametrize("moment", ["before sending is written", "before it leaves", "after it left", "after all"])
def test_a_night_that_is_killed_around_the_mail_and_played_again_tells_once(
    service: Service, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    real = holders._record
    at, late = {
        "before sending is written": ("sending", False),
        "before it leaves": ("sending", True),
        "after it left": ("sent", False),
        "after all": ("sent", True),
    }[moment]

    def killed(run: Run, mail: HolderMail, outcome: str) -> None:
        if late or outcome != at:
            real(run, mail, outcome)
        if outcome == at:
            raise KeyboardInterrupt

    monkeypatch.setattr(holders, "_record", killed)
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        service.night(files(), before(30))
    monkeypatch.setattr(holders, "_record", real)
    for days in (30, 29, 28):
        service.night(files(), before(days))
        (mail,) = to_holders(service)
        assert mail["To"] == ANNE.email
