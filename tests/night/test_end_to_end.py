"""From an empty folder to a silent second night: init, fetch over HTTPS, mails over SMTP, answers by IMAP."""

import email
import json
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from connectors.excel.sealed import unseal
from tests.connectors.test_letter_in import archive, letter, nested
from tests.file_servers import Shelf, file_server
from tests.mail_servers import HOST, PASSWORD, USER, Authority, mail_server, new_authority, tls_context
from tests.mail_servers import Post as Outgoing
from tests.mailboxes import DOVECOT, IMAP_PASSWORD, WHY_NOT, Box, box
from tests.night.country import copy_country
from tests.night.played import Installation, fill, lines_of
from tests.night.test_installation import command
from tests.outlook import compound, msg, winmail

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)

DAY = date(2026, 11, 22)
NEXT = DAY + timedelta(days=1)
REPORT = "CRH_ST-24"
EXTRACTS = {"persons": "PS_LibreAcces_Personne_activite_202611210612", "cards": "Porteurs_CPS_CPF_202611210615"}
BOOKS = {
    "regions/24-centre-val-de-loire.xlsx": 'region = "24"',
    "regions/52-pays-de-la-loire.xlsx": 'region = "52"',
    "regions/11-ile-de-france.ods": 'region = "11"',
    "ets/cpdl.csv": 'ets = "ETS-CPDL"',
    "ets/idf.xlsx": 'ets = "ETS-IDF"',
    "national.xlsx": "national = true",
}


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    (tmp_path / "authority").mkdir()
    return new_authority(tmp_path / "authority")


@pytest.fixture
def servers(authority: Authority, tmp_path: Path) -> Iterator[tuple[dict[str, Shelf], Outgoing, Box]]:
    """The national server (a shelf for each file), the mail server, the mailbox."""
    country = copy_country(tmp_path)
    with ExitStack() as open_until_the_end:
        shelves = {}
        for key, stem in EXTRACTS.items():
            text = (country / "rpps" / f"{stem}.txt").read_bytes()
            shelf = Shelf(archive(**{f"{stem}.txt": text}), f"{stem}.zip")
            shelves[key] = open_until_the_end.enter_context(file_server(shelf, authority))
        outgoing = open_until_the_end.enter_context(mail_server(starttls=tls_context(*authority.signed(HOST))))
        yield shelves, outgoing, open_until_the_end.enter_context(box(authority))


def configure(there: Path, shelves: dict[str, Shelf], post: Outgoing, mailbox: Box, authority: Authority) -> None:
    """What an engineer writes into the file that `init` made."""
    config = there / "annuaire.toml"
    text = config.read_text(encoding="utf-8")
    text = text.replace("Personne_activite_*", "Personne_activite_*.zip").replace("CPS_CPF_*", "CPS_CPF_*.zip")
    text = text.replace("# secrets_file = ", "secrets_file = ", 1).replace('outbox = "var/outbox"', "", 1)
    mail = (
        f'[mail]\nsmtp_url = "smtp+starttls://{USER}@{HOST}:{post.port}"\nsmtp_ca_file = "{authority.file}"\n'
        f'mailbox = "{mailbox.url}"\nmailbox_ca_file = "{authority.file}"\n'
    )
    text = text.replace("[mail]\n", mail, 1)
    for key, shelf in shelves.items():
        text += (
            f'\n[[fetch]]\nname = "register.{key}"\nurl = "{shelf.url}"\ninto = "rpps"\nca_file = "{authority.file}"\n'
        )
    text += "".join(f'\n[[workbook]]\npath = "{path}"\n{scope}\n' for path, scope in BOOKS.items())
    config.write_text(text, encoding="utf-8")
    secrets = there / "secrets.env"
    secrets.touch(0o600)
    secrets.write_text(f"EFIT_MAIL__PASSWORD={PASSWORD}\nEFIT_MAIL__MAILBOX_PASSWORD={IMAP_PASSWORD}\n")


def forms(book: bytes, number: int) -> EmailMessage:
    """An answer as people send one: the workbook, a mail in a mail, .msg, zip, winmail.dat."""
    name = f"{REPORT}.xlsx"
    made = (
        lambda: letter((name, book)),
        lambda: nested(letter((name, book)), 2),
        lambda: letter(("r.msg", compound(msg((name, book))))),
        lambda: letter(("r.zip", archive(**{name: book}))),
        lambda: letter(("winmail.dat", winmail(name, book))),
    )[number]()
    for header, value in (("Subject", f"réponse {number}"), ("Message-ID", f"<{number}@example.org>")):
        del made[header]
        made[header] = value
    return made


def to_region(post: Outgoing) -> list[EmailMessage]:
    return [one for one in post.mails if str(one["Message-ID"]).startswith(f"<{REPORT}.")]


def played(there: Path, *words: str) -> tuple[int, Any]:
    code, out, told = command(*words, "-c", str(there / "annuaire.toml"), "--json")
    assert "Traceback" not in told
    return code, json.loads(out)


def test_from_an_empty_folder_to_a_silent_second_night(
    servers: tuple[dict[str, Shelf], Outgoing, Box], authority: Authority, tmp_path: Path
) -> None:
    shelves, post, mailbox = servers
    there, country = tmp_path / "chez nous", tmp_path / "country"
    code, _, _ = command("init", str(there), "--export", str(country / "efit" / "export.xlsx"))
    assert code == 0
    for path in BOOKS:
        (there / path).write_bytes((country / path).read_bytes())
    configure(there, shelves, post, mailbox, authority)

    code, fetched = played(there, "fetch")
    assert code == 0
    assert {one["outcome"] for one in fetched["fetched"]} == {"fetched"}

    code, rehearsed = played(there, "doctor", "--rehearse", "exploitation@example.org")
    assert code == 0
    assert all(one["opens"] for one in rehearsed["rehearsed"])
    first = len(post.mails)

    code, night = played(there, "sync", "--as-of", DAY.isoformat())
    assert (code, night["status"]) == (0, "complete")
    assert {one["outcome"] for one in night["fetched"]} == {"unchanged"}
    assert len(post.mails) - first == len([one for one in night["deliveries"] if one["sent"]]) > 3
    assert post.authenticated
    assert all(post.authenticated)

    [mail] = to_region(post)[-1:]
    password = tomllib.loads((there / "passwords.toml").read_text())[REPORT]
    [part] = mail.iter_attachments()
    book = unseal(part.get_content(), [password])
    assert book
    report = tmp_path / "recu.xlsx"
    report.write_bytes(book)
    holder = email.utils.parseaddr(str(mail["To"]).split(",")[0])[1]
    answered = []
    for number, (sheet, key) in zip(range(5), lines_of(report), strict=False):
        target = tmp_path / f"retour-{number}.xlsx"
        fill(report, target, (sheet, key, "Fait", None, ""))
        message = forms(target.read_bytes(), number)
        del message["From"]
        message["From"] = holder
        mailbox.put(message.as_bytes())
        answered.append(key)
    code, taken = played(there, "decisions", "--as-of", DAY.isoformat())
    assert code == 0
    assert [one["recorded"]["accepted"] for one in taken["files"]] == [1] * 5
    assert mailbox.subjects() == []

    before = len(post.mails)
    code, night = played(there, "sync", "--as-of", NEXT.isoformat())
    assert code in (0, 3)
    changes = {one["id"]: one for one in Installation(there).changeset()["changes"]}
    assert {changes[key]["status"] for key in answered if key in changes} <= {"accepted"}
    told_again = [one for one in post.mails[before:] if str(one["Message-ID"]).startswith(("<CRH_ST-", "<CHV_ST"))]
    assert told_again == []
