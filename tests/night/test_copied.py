"""A copy of an installation's folder: it says so before it sends or takes, and goes on."""

import shutil
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from flows.cli.app import run
from schemas.reports.checkup import CheckVerdict
from tests.night.installed import TODAY, House, played

SENDS = {"mailbox": '"imaps://annuaire@127.0.0.1:1/INBOX"'}
SAID = "est une copie de"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A copy of an installation that has played its first night."""
    monkeypatch.setenv("EFIT_MAIL__MAILBOX_PASSWORD", "un mot de passe inventé")
    first = played(tmp_path / "premiere")
    shutil.copytree(first.root, tmp_path / "copie")
    found = House(tmp_path / "copie")
    for one in (first, found):
        one.configure(**SENDS)
    return found


def told(house: House, *words: str) -> tuple[int, str]:
    """(exit code, stderr)."""
    err = StringIO()
    with patch("sys.stdout", StringIO()), patch("sys.stderr", err):
        code = run([*words, "-c", str(house.config)])
    return code, " ".join(err.getvalue().split())


def test_a_copy_says_so_before_it_sends_and_goes_on(copied: House) -> None:
    former = copied.root.parent / "premiere"
    for _ in range(2):  # its own first night changes nothing of it
        code, said = told(copied, "sync", "--as-of", TODAY.isoformat())
        assert code == 0
        assert SAID in said
        assert str(former) in said
    assert SAID in told(copied, "remind")[1]
    assert SAID in told(copied, "decisions")[1]
    assert SAID in copied.one("installation", CheckVerdict.FAILURE).found


def test_what_sends_nothing_says_nothing_of_it(copied: House) -> None:
    assert SAID not in told(copied, "sync", "--dry-run")[1]
    copied.configure()
    assert SAID not in told(copied, "sync")[1]
    assert SAID not in told(House(copied.root.parent / "premiere"), "sync")[1]


def test_an_installation_that_was_moved_is_no_copy(copied: House) -> None:
    shutil.move(copied.root.parent / "premiere", copied.root.parent / "ancienne")
    assert SAID not in told(copied, "sync")[1]
    assert not [one for one in copied.findings("installation") if one.verdict is CheckVerdict.FAILURE]


def test_secrets_that_every_account_may_read_are_told_by_each_command_that_sends_or_takes(copied: House) -> None:
    open_ones = (copied.root / "var" / "signing.key", copied.root / "passwords.toml")
    open_ones[1].write_text('CRH_ST-24 = "Sésame 24"\n', encoding="utf-8")
    for path, mode in ((open_ones[0], 0o644), (open_ones[1], 0o604)):
        path.chmod(mode)
    for words in (("sync", "--as-of", TODAY.isoformat()), ("remind",), ("decisions",)):
        said = told(copied, *words)[1]
        assert "ouverts à tous les comptes de la machine" in said
        assert all(str(path) in said for path in open_ones)
    for path in open_ones:
        path.chmod(0o600)
    assert "ouverts à tous" not in told(copied, "sync")[1]
