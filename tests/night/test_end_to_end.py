"""From an empty folder to a silent second night: init, fetch over HTTPS, mails over SMTP, answers by IMAP."""

import email
import json
import shutil
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors.excel.sealed import unseal
from tests.connectors.test_letter_in import archive, letter, nested
from tests.far_side import FarSide, far_side
from tests.mail_servers import Post
from tests.mailboxes import DONE, DOVECOT, WHY_NOT
from tests.night.country import copy_country
from tests.night.played import Installation, fill, lines_of
from tests.night.test_installation import command
from tests.night.test_returned_forms import CSV
from tests.office import saved_by_office
from tests.outlook import compound, msg, winmail

pytestmark = [
    pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT),
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]

DAY = date(2026, 11, 22)
NEXT = DAY + timedelta(days=1)
REPORT = "CRH_ST-24"
BOOKS = {
    "regions/24-centre-val-de-loire.xlsx": 'region = "24"',
    "regions/52-pays-de-la-loire.xlsx": 'region = "52"',
    "regions/11-ile-de-france.ods": 'region = "11"',
    "ets/cpdl.csv": 'ets = "ETS-CPDL"',
    "ets/idf.xlsx": 'ets = "ETS-IDF"',
    "national.xlsx": "national = true",
}
FORMS = ("xlsx", "ods", "csv", "eml in eml", "msg", "zip", "winmail.dat")


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FarSide]:
    """The national server, the mail server, the mailbox."""
    with far_side(tmp_path / "far", copy_country(tmp_path)) as found:
        yield found


def configure(there: Path, far: FarSide) -> None:
    """What an engineer writes into the file that `init` made."""
    config = there / "annuaire.toml"
    text = config.read_text(encoding="utf-8")
    text = text.replace("Personne_activite_*", "Personne_activite_*.zip").replace("CPS_CPF_*", "CPS_CPF_*.zip")
    text = text.replace("# secrets_file = ", "secrets_file = ", 1).replace('outbox = "var/outbox"', "", 1)
    text = text.replace("[mail]\n", f"[mail]\n{far.mail_keys}", 1) + far.fetch_tables
    text += "".join(f'\n[[workbook]]\npath = "{path}"\n{scope}\n' for path, scope in BOOKS.items())
    config.write_text(text, encoding="utf-8")
    secrets = there / "secrets.env"
    secrets.touch(0o600)
    secrets.write_text(far.secrets, encoding="utf-8")


def answer(filled: Path, sheet: str, form: str, folder: Path) -> EmailMessage:
    """A filled-in report as somebody sends it."""
    name, book = f"{REPORT}.xlsx", filled.read_bytes()
    match form:
        case "ods":
            return letter((f"{REPORT}.ods", saved_by_office(filled, "ods", folder / form).read_bytes()))
        case "csv":
            at = openpyxl.load_workbook(filled).sheetnames.index(sheet) + 1
            saved = saved_by_office(filled, CSV.format(charset=76, sheet=at), folder / form)
            return letter((f"{REPORT}.csv", saved.read_bytes()))
        case "eml in eml":
            return nested(letter((name, book)), 2)
        case "msg":
            return letter(("réponse.msg", compound(msg((name, book)))))
        case "zip":
            return letter(("retour.zip", archive(**{name: book})))
        case "winmail.dat":
            return letter(("winmail.dat", winmail(name, book)))
    return letter((name, book))


def to_region(post: Post) -> list[EmailMessage]:
    return [one for one in post.mails if str(one["Message-ID"]).startswith(f"<{REPORT}.")]


def opened(mail: EmailMessage, there: Path) -> bytes:
    """The workbook of a mail, with the password of its slip."""
    password = tomllib.loads((there / "passwords.toml").read_text(encoding="utf-8"))[REPORT]
    assert password in (there / "slips" / f"{REPORT}.html").read_text(encoding="utf-8")
    [part] = mail.iter_attachments()
    book = unseal(part.get_content(), [password])
    assert book
    return book


def played(there: Path, *words: str) -> tuple[int, Any]:
    code, out, told = command(*words, "-c", str(there / "annuaire.toml"), "--json")
    assert "Traceback" not in told
    return code, json.loads(out)


def answered(there: Path, far: FarSide, folder: Path) -> dict[str, str]:
    """Answer one line of the region's report in each form, by mail; change → form."""
    mail = to_region(far.post)[-1]
    report = folder / "recu.xlsx"
    report.write_bytes(opened(mail, there))
    holder = email.utils.parseaddr(str(mail["To"]).split(",")[0])[1]
    keys: dict[str, str] = {}
    for form, (sheet, key) in zip(FORMS, lines_of(report), strict=False):
        target = folder / f"{form}.xlsx"
        fill(report, target, (sheet, key, "Fait", None, ""))
        (folder / form).mkdir()
        message = answer(target, sheet, form, folder)
        for header, value in (("Subject", form), ("Message-ID", f"<{len(keys)}@example.org>"), ("From", holder)):
            del message[header]
            message[header] = value
        far.mailbox.put(message.as_bytes())
        keys[key] = form
    assert set(keys.values()) == set(FORMS)
    return keys


def test_from_an_empty_folder_to_a_silent_second_night(far: FarSide, tmp_path: Path) -> None:
    """The passwords are drawn by a command of their own, as on a machine where the export comes later than `init`."""
    post, mailbox = far.post, far.mailbox
    there, country = tmp_path / "chez nous", tmp_path / "country"
    assert command("init", str(there))[0] == 0
    for path in (*BOOKS, "efit/export.xlsx"):
        (there / path).write_bytes((country / path).read_bytes())
    configure(there, far)

    code, drawn = played(there, "passwords")
    assert code == 0
    assert drawn

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

    keys = answered(there, far, tmp_path)
    told = len(post.mails)
    code, taken = played(there, "decisions", "--as-of", DAY.isoformat())
    assert code == 0
    assert [one["recorded"]["accepted"] for one in taken["files"]] == [1] * len(FORMS)
    assert mailbox.subjects() == []
    assert sorted(mailbox.subjects(DONE)) == sorted(FORMS)
    receipts = post.mails[told:]
    to = {str(one["To"]) for one in to_region(post)}
    assert [str(one["To"]) in to for one in receipts] == [True] * len(FORMS), "one for each return, to the post alone"

    before = len(post.mails)
    code, night = played(there, "sync", "--as-of", NEXT.isoformat())
    assert (code, night["status"]) == (0, "complete")
    changes = {one["id"]: one for one in Installation(there).changeset()["changes"]}
    assert {changes[key]["status"] for key in keys} == {"accepted"}
    assert post.mails[before:] == [], "nobody hears anything again"
