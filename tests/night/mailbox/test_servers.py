"""Mail servers that are not as they should be, and accounts that do not open."""

import json
from pathlib import Path

import pytest

from connectors.mailbox.letter_in import take_apart
from flows.returns import letterbox
from flows.run import defects
from schemas.glyphs import typeset
from schemas.reports.letterbox import Letter
from tests.connectors.test_letter_in import letter
from tests.mail_servers import Authority
from tests.mailboxes import DONE, DOVECOT, WHY_NOT, box
from tests.night.mailbox.house import DAY, REPORT, House, numbered
from tests.night.played import Installation

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=WHY_NOT)


def test_a_server_without_move_is_served_as_well(there: Installation, authority: Authority, monkeypatch) -> None:
    capabilities = "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS NAMESPACE"
    with box(authority, prefix="INBOX.", separator=".", more=f"protocol imap {{\n  {capabilities}\n}}") as post:
        house = House(there, post, monkeypatch)
        content, change = house.answered()
        house.arrives(numbered(letter((REPORT, content)), 1))
        house.post.put(letter(subject="effacé").as_bytes(), r"(\Deleted)")
        assert house.collect()[0] == 0
        assert house.status(change) == "accepted"
        assert post.subjects() == ["=?utf-8?q?effac=C3=A9?="]
        assert len(post.subjects(f"INBOX.{DONE}")) == 1


def test_a_wrong_password_is_said_and_the_folder_is_read_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EFIT_MAIL__MAILBOX_PASSWORD", "autre")
    with house.there.config.open("a", encoding="utf-8") as file:
        file.write('inbox = "inbox"\n')
    content, change = house.answered()
    (house.there.inbox / REPORT).write_bytes(content)
    code, found = house.collect()
    assert code == 3
    assert "EFIT_MAIL__MAILBOX_PASSWORD" in str(found["problem"])
    assert house.status(change) == "accepted"


def test_an_authority_that_is_not_configured_is_not_believed(house: House) -> None:
    text = house.there.config.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("mailbox_ca_file")]
    house.there.config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, found = house.collect()
    assert code == 3
    assert "n’est pas accepté" in str(found["problem"])


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("imap://a@b/INBOX", "mal formée"),
        ("imaps://b/INBOX", "mal formée"),
        ("imaps://a:secret@b/INBOX", "mot de passe"),
    ],
)
def test_an_address_that_is_none_is_told(there: Installation, tmp_path: Path, url: str, told: str) -> None:
    with there.config.open("a", encoding="utf-8") as file:
        file.write(f'mailbox = "{url}"\n')
    code, found = there.json("decisions", *DAY)
    assert code == 2
    assert told in json.dumps(found, ensure_ascii=False)
    assert "secret" not in json.dumps(found)
    assert not list(tmp_path.glob("*.json"))


def test_a_password_that_is_missing_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EFIT_MAIL__MAILBOX_PASSWORD")
    code, found = house.there.json("decisions", *DAY)
    assert (code, "EFIT_MAIL__MAILBOX_PASSWORD" in json.dumps(found)) == (2, True)


def test_what_is_printed_names_who_sent_it(house: House) -> None:
    content, _ = house.answered()
    house.arrives(numbered(letter((REPORT, content)), 1))
    code, text = house.there.run("decisions", *DAY)
    assert code == 0
    assert f"{REPORT}, de {house.holder}" in " ".join(text.split())
    assert "1 décision enregistrée" in text


def test_a_mail_that_brings_a_defect_of_ours_to_light_stays_and_keeps_no_other_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def apart(content: bytes) -> Letter:
        if b"empoisonn" in content:
            raise KeyError("Durand")
        return take_apart(content)

    monkeypatch.setattr(defects, "DEFECTS", (LookupError,))
    monkeypatch.setattr(letterbox, "take_apart", apart)
    content, change = house.answered()
    house.arrives(letter(subject="empoisonnement"))
    house.arrives(numbered(letter((REPORT, content)), 2))
    code, found = house.collect()
    assert code == 3
    assert typeset("un courriel (numéro") in typeset(str(found["problem"]).lower())
    assert "Durand" not in str(found)
    assert house.status(change) == "accepted"
    assert house.post.subjects() == ["empoisonnement"]
    assert house.collect()[0] == 0
