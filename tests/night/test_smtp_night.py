"""A night by a real mail server: who gets what, sealed how, told what; and nothing twice, whatever dies."""

import json
import os
import re
import signal
from concurrent.futures import Future
from datetime import date, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connectors.excel.sealed import unseal
from connectors.store import open_store
from flows.cli.app import run
from flows.night.nightly import Night, run_night
from flows.run.request import Request
from flows.settings.mail import MailSettings
from flows.state.run_state import RunState
from flows.terminal.night_screen import print_night
from schemas.reports.mail import MailRow
from tests.mail_servers import (
    HOST,
    PASSWORD,
    USER,
    Authority,
    Post,
    mail_server,
    new_authority,
    rough_server,
    tls_context,
)
from tests.night.killable import begin_child, ended
from tests.night.small import ADMIN, BOOKS, Files, settings_of, write_files
from tests.night.test_crash import FIRST, PEOPLE, SECOND, first_files, second_files
from tests.patience import patient

CRH_24, CRH_52 = PEOPLE[0].email, PEOPLE[1].email
SECRETS = {"CRH_ST-24": "Sésame 24", "CRH_ST_52": "Sésame 52", "ADMIN_EFIT": "Sésame admin"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return new_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def found_tonight() -> Files:
    return first_files()


@pytest.fixture
def root(tmp_path: Path, found_tonight: Files) -> Path:
    write_files(tmp_path, found_tonight, FIRST)
    return tmp_path


def play(root: Path, port: int, day: date = FIRST, **mail: Any) -> Night:
    options: dict[str, Any] = {
        "smtp_url": f"smtp://{HOST}:{port}",
        "smtp_timeout": patient(5),
        "smtp_attempts": 2,
        "smtp_retry_seconds": 0,
        "admin": ADMIN,
        "attachments": "none",
    }
    settings = settings_of(root)
    settings = settings.model_copy(update={"mail": MailSettings.model_validate(options | mail)})
    return run_night(settings, Request(day, root / "out"))


def to(post: Post, address: str) -> list[EmailMessage]:
    return [mail for mail in post.mails if address in mail["To"]]


def text(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def ids(post: Post) -> list[str]:
    return [str(mail["Message-ID"]) for mail in post.mails]


# ── a quiet night ────────────────────────────────────────────────────────────────────────────────


def test_a_night_reaches_each_updater_sealed_and_names_nobody_in_the_clear(root: Path, authority: Authority) -> None:
    with mail_server(starttls=tls_context(*authority.signed(HOST))) as post:
        secured: dict[str, Any] = {
            "smtp_url": f"smtp+starttls://{USER}@{HOST}:{post.port}",
            "smtp_ca_file": str(authority.file),
            "password": PASSWORD,
            "passwords": SECRETS,
            "attachments": "encrypted",
            "reply_to": "retours@example.org",
        }
        night = play(root, post.port, **secured)
        reports = {path.stem: path.read_bytes() for path in night.reports}
        again = play(root, post.port, **secured)
    assert (night.exit_code, again.exit_code) == (0, 0)
    assert again.deliveries == ()
    assert (post.connections, set(post.authenticated)) == (1, {True})
    [to_24] = to(post, CRH_24)
    [to_52] = to(post, CRH_52)
    assert to_24["Reply-To"] == "retours@example.org"
    assert to_24["Auto-Submitted"] == "auto-generated"
    for mail, name, password in ((to_24, "CRH_ST-24", "Sésame 24"), (to_52, "CRH_ST-52", "Sésame 52")):
        [sealed] = mail.iter_attachments()
        assert unseal(sealed.get_content(), [password]) == reports[name]
        assert unseal(sealed.get_content(), ["Sésame"]) is None
        for secret in (*SECRETS.values(), PASSWORD):
            assert secret not in mail.as_string()
        for kind in ("plain", "html"):
            assert re.search(r"référence 20261121-[0-9A-F]{8}", text(mail, kind))  # of the lot, as in the report
            assert "mot de passe" in text(mail, kind)
    assert_nobody_is_named(post)


def assert_nobody_is_named(post: Post) -> None:
    """No name, number or address of anybody in any body; the administrator's address is a contact."""
    for mail in post.mails:
        said = text(mail) + text(mail, "html") + mail["Subject"]
        for person in PEOPLE:
            for value in (person.last_name, person.number, person.email, f"new.{person.last_name[-1].lower()}@"):
                assert value not in said


def test_a_server_that_is_down_costs_a_night_and_no_mail(root: Path) -> None:
    with mail_server() as gone:
        pass
    night = play(root, gone.port)
    assert night.exit_code == 3
    assert {change.status for change in night.changeset.changes} == {"new"}
    assert all("repartira" in one.error and "@" not in one.error for one in night.deliveries)
    with mail_server() as post:
        assert play(root, post.port, FIRST + timedelta(days=1)).exit_code == 0
    assert len(post.taken) == len(night.deliveries) >= 3


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────


def test_an_address_that_is_refused_is_told_to_the_administrator_once(root: Path) -> None:
    post = Post(refused={"b@example.org": "550 no <b@example.org>"})
    named: dict[str, Any] = {"recipients": {"CRH_ST-24": ["a@example.org", "b@example.org", "é@example.org"]}}
    with mail_server(post):
        night = play(root, post.port, **named)
        told = len(post.taken)
        play(root, post.port, **named)
        assert len(post.taken) == told
    assert night.exit_code == 0
    assert post.taken[ids(post).index(str(to(post, "a@example.org")[0]["Message-ID"]))].rcpt_tos == ["a@example.org"]
    [notice] = [mail for mail in to(post, ADMIN) if "refusées" in mail["Subject"]]
    for kind in ("plain", "html"):
        said = text(notice, kind)
        assert "CRH-ST de la région 24" in said
        assert "adresse n° 2, refusée" in said
        assert "(code 550)" in said
        assert "adresse n° 3, à laquelle" in said
        assert "b@example.org" not in said
    summary = json.loads((root / "out" / "run.json").read_text(encoding="utf-8"))
    assert "example.org" not in json.dumps(night.summary["deliveries"]).replace("@example.org>", "")
    assert summary["deliveries"] == []  # of the second run
    [refused] = [one for one in night.deliveries if one.refused]
    assert (refused.updater.scope, refused.refused, refused.told) == ("24", 2, True)


@pytest.mark.parametrize(
    ("options", "refused", "said"),
    [
        ({}, {CRH_24: "550 no"}, "refuse toutes ses adresses"),
        ({"recipients": {"CRH_ST-24": ["crh@ailleurs.example"]}, "allowed_domains": ["example.org"]}, {}, "domaine"),
    ],
)
def test_a_report_for_nobody_goes_to_the_administrator_who_reads_why(
    root: Path, options: dict[str, Any], refused: dict[str, str], said: str
) -> None:
    post = Post(refused=refused)
    with mail_server(post):
        night = play(root, post.port, attachments="encrypted", passwords=SECRETS, **options)
    assert night.exit_code == 0
    [mail] = [one for one in to(post, ADMIN) if "région 24" in one["Subject"]]
    for kind in ("plain", "html"):
        assert said in text(mail, kind)
        assert "Ce rapport est celui de" in text(mail, kind)
        assert "Centre-Val de Loire (24)" in text(mail, kind)
    [sealed] = mail.iter_attachments()
    assert unseal(sealed.get_content(), [SECRETS["ADMIN_EFIT"]])
    assert not any(name in one.rcpt_tos for one in post.taken for name in (CRH_24, "crh@ailleurs.example"))
    [delivery] = [one for one in night.deliveries if one.escalated]
    assert (delivery.updater.scope, delivery.told) == ("24", True)


def test_an_administrator_outside_the_allowed_domains_is_not_written_to(root: Path) -> None:
    post = Post()
    with mail_server(post):
        night = play(root, post.port, recipients={"CRH_ST-24": ["a@ars.example"]}, allowed_domains=["ars.example"])
    assert night.exit_code == 3
    assert [mail["To"] for mail in post.mails] == ["a@ars.example"]
    assert any("mail.allowed_domains" in one.error for one in night.deliveries)


# ── perhaps ──────────────────────────────────────────────────────────────────────────────────────


def unknown(root: Path) -> list[str]:
    with open_store(f"sqlite:///{root / 'var' / 'annuaire.db'}") as store:
        return [row.message_id for row in store.unknown_mails()]


def test_a_mail_whose_answer_was_lost_is_not_sent_again_by_itself(root: Path) -> None:
    with rough_server("die") as (port, contents):
        night = play(root, port)
        [lost] = unknown(root)
        assert night.exit_code == 3
        [delivery] = [one for one in night.deliveries if one.unknown]
        assert (delivery.unknown, delivery.told) == (lost, False)
        assert f"mails -c … --arrived {lost.strip('<>')}" in delivery.error
        statuses = {change.id: change.status for change in night.changeset.changes}
        assert {statuses[key] for key in delivery.change_ids} == {"new"}
        first = len(contents)
        assert first == len(night.deliveries)

        again = play(root, port, FIRST + timedelta(days=1))  # the same, a day later
        assert again.exit_code == 3
        assert [one.unknown for one in again.deliveries] == [lost]
        assert (len(contents), unknown(root)) == (first, [lost])


@pytest.mark.parametrize(("word", "mails", "status"), [("--lost", 1, "notified"), ("--arrived", 0, "notified")])
def test_a_human_says_what_became_of_it(
    root: Path, capsys: pytest.CaptureFixture[str], word: str, mails: int, status: str
) -> None:
    config = configuration(root, 1)
    with rough_server("die") as (port, contents):
        night = play(root, port)
        [lost] = unknown(root)
        first = len(contents)
        capsys.readouterr()
        assert run(["mails", "-c", str(config)]) == 0
        assert lost.strip("<>") in capsys.readouterr().out
        assert run(["mails", "-c", str(config), word, "autre@example.org"]) == 2
        assert run(["mails", "-c", str(config), word, lost.strip("<>")]) == 0
        assert unknown(root) == []
        after = play(root, port, FIRST + timedelta(days=1))
        assert after.exit_code == 0
        assert len(contents) == first + mails
        assert {change.status for change in after.changeset.changes} == {status}
        assert [change.id for change in after.changeset.changes] == [change.id for change in night.changeset.changes]


def test_what_is_new_goes_out_and_carries_what_may_have_been_lost(root: Path) -> None:
    with rough_server("die") as (port, contents):
        delivery = next(one for one in play(root, port).deliveries if one.unknown)
        write_files(root, second_files(), SECOND)
        night = play(root, port, SECOND)
    assert delivery.unknown.encode() not in b"".join(contents[1:])
    assert unknown(root) == []
    assert {change.status for change in night.changeset.changes} == {"notified"}


def configuration(root: Path, port: int) -> Path:
    """The same as `play`'s, as a file for the command."""
    books = "\n".join(
        f'[[workbook]]\npath = "{path}"\n' + "\n".join(f'{key} = "{value}"' for key, value in scope.items())
        for path, scope in BOOKS.items()
    )
    text = (
        '[register]\npersons = "rpps/PS*.txt"\ncards = "rpps/Porteurs*.txt"\n'
        f'[annuaire]\nexport = "efit/export.csv"\n{books}\n[mail]\nsmtp_url = "smtp://{HOST}:{port}"\n'
        f'admin = "{ADMIN}"\nattachments = "none"\nsmtp_retry_seconds = 0\n'
    )
    (root / "annuaire.toml").write_text(text, encoding="utf-8")
    return root / "annuaire.toml"


def killed_sync(root: Path, post: Post) -> int:
    """The command in a process of its own, killed once its content is there and before it has an answer."""
    words = ["sync", "-c", str(configuration(root, post.port)), "--as-of", FIRST.isoformat()]
    program: Future[int] = Future()
    post.on_content = lambda: os.kill(program.result(), signal.SIGKILL)
    program.set_result(begin_child(partial(run, words)))
    code = ended(program.result())
    post.on_content = lambda: None
    return code


def test_killed_inside_the_dialogue_a_night_sends_nothing_twice(root: Path) -> None:
    with mail_server() as post:
        assert killed_sync(root, post) == -signal.SIGKILL
        [taken] = ids(post)
        night = play(root, post.port)
        assert night.exit_code == 3
        assert [one.unknown for one in night.deliveries if one.error] == [taken]
        assert len(set(ids(post))) == len(post.taken) == len(night.deliveries) >= 3
        assert unknown(root) == [taken]
        before = len(post.taken)
        assert play(root, post.port).exit_code == 3
        assert len(post.taken) == before


def test_dead_between_answer_and_record_a_night_sends_nothing_twice(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = RunState.record_mail

    def die(store: RunState, row: MailRow, *more: Any) -> None:
        if row.outcome == "sent":
            raise MemoryError
        record(store, row, *more)

    with mail_server() as post:
        with monkeypatch.context() as patched:
            patched.setattr("flows.state.run_state.RunState.record_mail", die)
            with pytest.raises(MemoryError):
                play(root, post.port)
        [taken] = ids(post)
        assert play(root, post.port).exit_code == 3
        assert ids(post).count(taken) == 1
        assert len(post.taken) >= 3


def test_dead_before_the_content_a_night_sends_all_of_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> None:
        raise MemoryError

    with mail_server() as post:
        with monkeypatch.context() as patched:
            patched.setattr("smtplib.SMTP.rcpt", die)
            with pytest.raises(MemoryError):
                play(root, post.port)
        assert (post.taken, unknown(root)) == ([], [])
        night = play(root, post.port)
        assert night.exit_code == 0
        assert len(post.taken) == len(night.deliveries)


# ── the configuration ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('smtp_url = "smtps://u:secret@mail.example.org"', "EFIT_MAIL__PASSWORD"),
        ('smtp_url = "smtps://u@mail.example.org"', "EFIT_MAIL__PASSWORD"),
        ('smtp_url = "smtp://mail.example.org"', "smtp_plain"),
        ('smtp_url = "smtps://mail.example.org"\nsmtp_ca_file = "absent.pem"', "mail.smtp_ca_file"),
        ('recipients = { "CRH_ST-00" = ["a@example.org"] }', "CRH_ST-00"),
        ('smime_key = "key.pem"', "smime_certificate"),
        ('smime_key = "key.pem"\nsmime_certificate = "certificate.pem"', "mail.smime_certificate"),
        ('passwords = { "CRH_ST-24" = 12345 }', "mail.passwords"),
        ("password = 12345", "mail.password"),
        ('passwords = "CRH_ST-24: secret"', "EFIT_MAIL__PASSWORDS"),
    ],
)
def test_a_mail_configuration_that_will_not_do_is_told_without_its_secrets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    (tmp_path / "annuaire.toml").write_text(f'[annuaire]\nexport = "e.csv"\n[mail]\n{line}\n', encoding="utf-8")
    assert run(["sync", "-c", str(tmp_path / "annuaire.toml")]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "secret" not in told
    assert "12345" not in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EFIT_MAIL__PASSWORDS", '{"CRH_ST-24": "Sésame"}'),
        ("EFIT_MAIL__PASSWORDS", '"CRH_ST-24" = "Sésame"'),
        ("EFIT_MAIL__PASSWORDS__CRH_ST_24", "Sésame"),
    ],
)
def test_passwords_come_from_the_environment_in_three_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    from flows.settings.load import load_settings
    from flows.settings.passwords import password_of, passwords

    (tmp_path / "secrets.toml").write_text('"CRH_ST-24" = "autre"\n"CRH_ST-52" = "cinquante-deux"\n', encoding="utf-8")
    toml = '[annuaire]\nexport = "e.csv"\n[mail]\npasswords_file = "secrets.toml"\n'
    (tmp_path / "annuaire.toml").write_text(toml, encoding="utf-8")
    monkeypatch.setenv(name, value)
    settings = load_settings(tmp_path / "annuaire.toml")
    secrets = passwords(settings)
    found = [password_of(secrets, post) for post in ("CRH_ST-24", "CRH_ST-52", "CRH_ST-11")]
    assert found == ["Sésame", "cinquante-deux", ""]
    assert "Sésame" not in repr(settings)


def test_a_variable_that_is_no_json_is_told_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "annuaire.toml").write_text('[annuaire]\nexport = "e.csv"\n', encoding="utf-8")
    monkeypatch.setenv("EFIT_MAIL__RECIPIENTS", "secret")
    assert run(["sync", "-c", str(tmp_path / "annuaire.toml")]) == 2
    told = capsys.readouterr().err
    assert "EFIT_MAIL" in told
    assert "JSON" in told
    assert "secret" not in told


class Everybody(dict[str, str]):
    """Whom the server refuses: whoever is written to."""

    def __contains__(self, _address: object) -> bool:
        return True

    def __getitem__(self, _address: str) -> str:
        return "550 5.1.1 no"


def test_where_the_administrator_is_refused_too_nobody_is_said_to_be_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post = Post(refused=Everybody())
    with mail_server(post):
        night = play(root, post.port)
    print_night(night, root / "out", "")
    said = capsys.readouterr().out
    assert (night.exit_code, post.taken) == (3, [])
    assert "personne n’en est averti" in said
    assert "l’administrateur e-FIT en est averti" not in said
