"""Before a first night: each post's mail played to one address, passwords from the start, and who ever answered."""

import email
import json
from email import policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from connectors.excel.sealed import unseal
from flows.installing.passwords import posts
from flows.settings.load import load_settings
from tests.mail_servers import new_authority
from tests.night.by_command import Service, flat
from tests.night.country import copy_country
from tests.night.played import Installation
from tests.night.test_installation import command
from tests.night.test_safeguards import DAY, files

ME = "exploitation@example.org"


@pytest.fixture
def there(tmp_path: Path) -> Installation:
    """The invented country before its first night, its posts with their passwords."""
    made = Installation(copy_country(tmp_path))
    text = made.config.read_text(encoding="utf-8")
    made.config.write_text(text.replace('attachments = "plain"', 'attachments = "encrypted"'), encoding="utf-8")
    made.run("passwords", "--out", str(tmp_path / "pages"))
    return made


def outbox(there: Installation) -> list[EmailMessage]:
    found = (there.folder / "var" / "outbox").glob("*.eml")
    return [email.message_from_bytes(one.read_bytes(), policy=policy.default) for one in found]


def test_each_post_has_a_test_mail_that_opens_with_its_own_password_and_none_leaves_for_anybody_else(
    there: Installation,
) -> None:
    code, found = there.json("doctor", "--rehearse", ME)
    settings = load_settings(there.config)
    assert code == 0
    assert {one["post"] for one in found["rehearsed"]} == set(posts(settings))
    mails = outbox(there)
    assert len(mails) == len(found["rehearsed"])
    assert {one["To"] for one in mails} == {ME}
    opened = set()
    words = dict(line.split(" = ") for line in (there.folder / "passwords.toml").read_text().splitlines())
    for one in mails:
        [part] = one.iter_attachments()
        name = str(part.get_filename()).removeprefix("essai-").removesuffix(".xlsx")
        workbook = unseal(part.get_content(), [words[f'"{name}"'].strip('"')])
        assert workbook
        opened.add(openpyxl.load_workbook(BytesIO(workbook)).active["A1"].value)  # type: ignore[index]
    assert len(opened) == len(mails)


def test_a_rehearsal_announces_nothing_and_the_first_night_is_still_the_first(there: Installation) -> None:
    there.run("doctor", "--rehearse", ME)
    assert not (there.folder / "var" / "annuaire.db").exists()
    code, _ = there.run("sync", "--as-of", "2026-11-22")
    assert code in (0, 3)
    assert len([one for one in outbox(there) if one["To"] != ME]) == 5


def test_a_post_without_a_password_is_said_to_get_no_workbook(there: Installation) -> None:
    (there.folder / "passwords.toml").write_text('ADMIN_EFIT = "Sésame-0"\n', encoding="utf-8")
    code, text = there.run("doctor", "--rehearse", ME)
    assert code == 0
    assert "CRH-ST de la région 24 : sans classeur" in flat(text).replace("\u00a0", " ")
    assert [len(list(one.iter_attachments())) for one in outbox(there)].count(1) == 1


def test_the_test_mails_are_signed_where_the_night_signs_its_own(there: Installation, tmp_path: Path) -> None:
    certificate, key = new_authority(tmp_path).signed("annuaire@example.org", mail=True)
    lines = f'smime_certificate = "{certificate}"\nsmime_key = "{key}"\n'
    there.config.write_text(there.config.read_text() + lines)
    assert there.run("doctor", "--rehearse", ME)[0] == 0
    assert {one.get_content_type() for one in outbox(there)} == {"multipart/signed"}


@pytest.mark.parametrize("address", ["pas une adresse", "moi@ailleurs.example"])
def test_an_address_that_may_not_be_written_to_gets_none(there: Installation, address: str) -> None:
    there.config.write_text(there.config.read_text() + 'allowed_domains = ["example.org"]\n')
    code, _, told = command("doctor", "--rehearse", address, "-c", str(there.config))
    assert code == 2
    assert outbox(there) == []
    assert "--rehearse" in told


def test_an_installation_made_with_its_export_sends_what_can_be_opened(tmp_path: Path) -> None:
    country = copy_country(tmp_path)
    code, out, _ = command("init", str(tmp_path / "neuf"), "--export", str(country / "efit" / "export.xlsx"), "--json")
    made = json.loads(out)
    assert code == 0
    assert len(made["passwords"]) == 5
    assert len(list((tmp_path / "neuf" / "slips").glob("*.html"))) == len(made["passwords"])
    for path in (tmp_path / "neuf").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0
    house = Installation(tmp_path / "neuf")
    _, found = house.json("doctor", "--rehearse", ME)
    assert [one["post"] for one in found["rehearsed"] if not one["opens"]] == ["ADMIN_EFIT"] or all(
        one["opens"] for one in found["rehearsed"]
    )


def test_status_says_who_never_answered_since_when(tmp_path: Path) -> None:
    service = Service(tmp_path, attachments="plain")
    service.night(files(emails=("O",)), DAY)
    _, text, _ = service.run("status", "--as-of", DAY.isoformat())
    assert f"jamais de réponse depuis le {DAY:%d/%m/%Y}" in flat(text)
    change = next(one for one in service.changes().values() if one["updater"]["post"] != "ADMIN_EFIT")
    post, scope = change["updater"]["post"], change["updater"]["scope"]
    service.answer(service.report(f"{post}-{scope}"), DAY, {change["id"]: ("Fait", None)})
    _, text, _ = service.run("status", "--as-of", DAY.isoformat(), "--json")
    answered = {(one["post"], one["scope"]): one["answered_on"] for one in json.loads(text)["posts"]}
    assert answered[post, scope] is not None
    assert [one for one in answered.values() if one is None] == [None] * (len(answered) - 1)
