"""Nobody is sent a report they cannot open: a password for each post, a page to hand it over, and who has none said."""

import json
import re
import stat
import tomllib
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from connectors.excel.returned import read_returned
from flows.installing.passwords import ALPHABET, posts
from flows.settings.load import load_settings
from tests.night.country import TODAY, copy_country
from tests.night.played import Installation

WORD = re.compile(rf"[{ALPHABET}]{{4}}(?:-[{ALPHABET}]{{4}}){{4}}")
DAY = ("--as-of", TODAY.isoformat())


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    """The invented country before its first night, without a password."""
    made = Installation(copy_country(tmp_path))
    text = made.config.read_text(encoding="utf-8")
    made.config.write_text(text.replace('attachments = "plain"', 'attachments = "encrypted"'), encoding="utf-8")
    return made


def words(there: Installation) -> dict[str, str]:
    return tomllib.loads((there.folder / "passwords.toml").read_text(encoding="utf-8"))


def test_each_post_gets_a_word_of_its_own_and_a_page(fresh: Installation, tmp_path: Path) -> None:
    code, found = fresh.json("passwords", "--out", str(tmp_path / "pages"))
    assert code == 0
    drawn = words(fresh)
    assert set(drawn) == set(posts(load_settings(fresh.config))) == {one["post"] for one in found["drawn"]}
    assert {"ADMIN_EFIT", "CRH_ST-24"} <= set(drawn)
    assert all(WORD.fullmatch(word) for word in drawn.values())
    assert len(set(drawn.values())) == len(drawn)
    assert stat.S_IMODE((fresh.folder / "passwords.toml").stat().st_mode) == 0o600
    for name, word in drawn.items():
        page = tmp_path / "pages" / f"{name}.html"
        text = page.read_text(encoding="utf-8")
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert [one for one in drawn.values() if one in text] == [word]
        assert "http" not in re.sub(r"<meta http-equiv", "", text)
    assert not any(word in json.dumps(found) for word in drawn.values())


def test_a_second_time_draws_nothing(fresh: Installation, tmp_path: Path) -> None:
    fresh.run("passwords", "--out", str(tmp_path / "pages"))
    before = words(fresh)
    code, text = fresh.run("passwords", "--out", str(tmp_path / "again"))
    assert (code, words(fresh)) == (0, before)
    assert "rien n’est tiré" in text
    assert not (tmp_path / "again").exists()


def test_what_stands_in_the_file_stays_and_the_environment_counts(
    fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh.config.open("a", encoding="utf-8") as file:
        file.write('\npasswords_file = "mots.toml"\n')
    (fresh.folder / "mots.toml").write_text('# à nous\n"CRH_ST-24" = "Sésame"\n[notes]\nx = 1\n', encoding="utf-8")
    monkeypatch.setenv("EFIT_MAIL__PASSWORDS__ADMIN_EFIT", "du shell")
    assert fresh.run("passwords")[0] == 0
    text = (fresh.folder / "mots.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    assert (found["CRH_ST-24"], found["notes"]) == ("Sésame", {"x": 1})
    assert "ADMIN_EFIT" not in found
    assert text.endswith('# à nous\n"CRH_ST-24" = "Sésame"\n[notes]\nx = 1\n')


def test_a_file_that_is_no_toml_is_left_alone(fresh: Installation) -> None:
    (fresh.folder / "passwords.toml").write_text("CRH_ST-24: x\n")
    code, _ = fresh.run("passwords")
    assert code == 2
    assert (fresh.folder / "passwords.toml").read_text() == "CRH_ST-24: x\n"
    assert not (fresh.folder / "slips").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('CRH_ST-11 = "mot"\nCRH_ST-24 =\n', "ligne 2"),
        ('CRH_ST-11 = "mot"\nCRH_ST-24 = 31415\n', "le mot de passe de CRH_ST-24 n’est pas entre guillemets"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place_and_never_with_a_word(
    fresh: Installation, text: str, told: str
) -> None:
    (fresh.folder / "passwords.toml").write_text(text)
    code, found = fresh.json("sync", *DAY)
    assert code == 2
    assert told in found["errors"][0]
    assert "31415" not in found["errors"][0]


def test_a_configured_post_without_a_holder_gets_one(fresh: Installation) -> None:
    with fresh.config.open("a", encoding="utf-8") as file:
        file.write('\n[mail.recipients]\n"CHV_ST_ETS-ETS-BRET" = ["ets@example.org"]\n')
    settings = load_settings(fresh.config)
    assert posts(settings)["CHV_ST_ETS-ETS-BRET"] == ("ets@example.org",)


def test_a_first_installation_sends_what_can_be_opened(fresh: Installation) -> None:
    """Drawn, sent, opened with the word on the page."""
    fresh.run("passwords")
    code, night = fresh.json("sync", *DAY)
    assert (code, night["without_password"]) == (0, [])
    mails = sorted((fresh.folder / "var" / "outbox").glob("*.eml"))
    assert mails
    for path in mails:
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        [part] = message.iter_attachments()
        name = path.name.rpartition("-")[0]
        sealed = fresh.folder / "sealed.xlsx"
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        sealed.write_bytes(content)
        assert read_returned(sealed, [words(fresh)[name]]).lines


def test_sync_and_doctor_name_every_post_without(fresh: Installation) -> None:
    code, text = fresh.run("sync", *DAY)
    assert code == 0
    told = " ".join(text.split())
    assert "pas de mot de passe" in told
    assert "CRH_ST-24" in told.partition("pas de mot de passe")[2]
    assert json.loads((fresh.folder / "out" / "run.json").read_text())["without_password"]
    _, found = fresh.json("doctor")
    [warned] = [one for one in found["checks"] if "mot de passe" in one["found"] and one["verdict"] == "warning"]
    assert all(name in warned["found"] for name in posts(load_settings(fresh.config)))
    fresh.run("passwords")
    _, found = fresh.json("doctor")
    assert any(one["found"] == "chaque poste a son mot de passe" for one in found["checks"])
