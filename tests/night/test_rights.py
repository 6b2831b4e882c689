"""Files that are closed to the account of the service, and root at work in its installation."""

import errno
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.system.ownership import no_access
from tests.night.country import TODAY, copy_country
from tests.typed import typed

ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")
DAY = ("--as-of", TODAY.isoformat())


def may_run_python(account: pwd.struct_passwd) -> bool:
    """Whether it reaches the interpreter: where that lies in root's own home, no other account runs the product."""
    command = [sys.executable, "-c", "import encodings.cp437"]
    try:
        there = subprocess.run(
            command, user=account.pw_uid, group=account.pw_gid, extra_groups=[], capture_output=True, check=False
        )
        return there.returncode == 0
    except PermissionError:
        return False


@pytest.fixture
def theirs() -> Iterator[Path]:
    """The invented country as the installation of an account that is not root; its folder."""
    if ROOT and not may_run_python(NOBODY):
        pytest.skip(f"{sys.executable} cannot be run by {NOBODY.pw_name}: it lies where root alone may go")
    above = Path(tempfile.mkdtemp(prefix="theirs-"))  # not under pytest's own folder, which is closed to others
    above.chmod(0o755)
    folder = copy_country(above)
    if ROOT:
        for one in (folder, *folder.rglob("*")):
            os.chown(one, NOBODY.pw_uid, NOBODY.pw_gid)
    yield folder
    for one in folder.rglob("*"):
        if one.is_dir():
            one.chmod(0o700)
    shutil.rmtree(above)


def run(folder: Path, *words: str, by_root: bool = False) -> tuple[int, str]:
    """(exit code, all that was printed) of a command, typed by the account of the service."""
    account = (NOBODY.pw_uid, NOBODY.pw_gid) if ROOT and not by_root else None
    words = (*words, "-c", str(folder / "annuaire.toml"))
    done = typed(*words, environment={"HOME": str(folder)}, folder=Path("/"), account=account)
    printed = (done.out + done.err).decode()
    assert "Traceback" not in printed
    return done.code, printed


@pytest.mark.parametrize("command", ["sync", "dashboard", "remind"])
def test_a_folder_for_results_that_cannot_be_written_is_said_before_anything_is_read(
    theirs: Path, command: str
) -> None:
    closed = theirs / "lecture seule"
    closed.mkdir(mode=0o555)
    code, printed = run(theirs, command, "--out", str(closed / "x"))
    assert (code, "rien ne peut être écrit" in printed) == (2, True), printed
    assert not (theirs / "var" / "annuaire.db").exists()


@pytest.mark.parametrize("closed", ["rpps", "regions"])
def test_a_folder_that_is_closed_costs_its_sources_and_not_the_night(theirs: Path, closed: str) -> None:
    (theirs / closed).chmod(0)
    code, printed = run(theirs, "sync", *DAY)
    assert code == 3, printed
    assert "accès" in printed
    assert list((theirs / "var" / "outbox").glob("*.eml"))
    code, printed = run(theirs, "doctor")
    assert code == 3, printed
    assert "ne peut pas être ouvert" in " ".join(printed.split())


@pytest.mark.parametrize("closed", ["efit", "annuaire.toml", "var", "passwords.toml"])
def test_what_a_command_cannot_do_without_is_named_with_its_account(theirs: Path, closed: str) -> None:
    (theirs / "passwords.toml").write_text('CRH_ST-24 = "x"\n', encoding="utf-8")
    assert run(theirs, "sync", "--dry-run", *DAY)[0] == 0
    (theirs / "var").mkdir(exist_ok=True)
    (theirs / closed).chmod(0)
    for command in (("sync", *DAY), ("doctor",)):
        code, printed = run(theirs, *command)
        assert code in (1, 2), printed
        assert "accès refusé" in " ".join(printed.split())
    if closed == "var":
        code, printed = run(theirs, "explain", "EF0141")
        assert (code, "accès refusé" in printed) == (1, True), printed


@pytest.mark.skipif(not ROOT, reason="only root can leave files that the service cannot read")
def test_what_root_writes_in_the_services_installation_is_the_services(theirs: Path) -> None:
    """An engineer types the night as root: the service's next one finds its key and its store."""
    typed("--version")  # what is kept ready is: the command begins within the second
    elsewhere = theirs.parent / "ailleurs"
    elsewhere.write_text("à root")
    (theirs / "out").mkdir()
    os.chown(theirs / "out", NOBODY.pw_uid, NOBODY.pw_gid)
    (theirs / "out" / "lien").symlink_to(elsewhere)
    os.link(elsewhere, theirs / "out" / "second nom")
    assert run(theirs, "passwords", by_root=True)[0] == 0
    assert run(theirs, "sync", *DAY, by_root=True)[0] == 0
    roots = [one.name for one in (theirs, *theirs.rglob("*")) if one.lstat().st_uid == 0]
    assert roots == ["second nom"], "what has another name elsewhere is left alone"
    assert elsewhere.stat().st_uid == 0
    code, printed = run(theirs, "sync", *DAY)
    assert code == 0, printed
    assert "aucun courriel" in printed


def test_the_folder_to_be_given_back_can_be_copied_into_a_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    refused = tmp_path / "chez nous" / "out"
    refused.parent.mkdir()
    *_, todo = no_access(PermissionError(errno.EACCES, "", str(refused)))
    assert todo.endswith(f"chown -R 12345 '{refused.parent}'")


NAMELESS = 54_321  # a container may give any number
UNNAMED = dict.fromkeys(("LOGNAME", "USER", "LNAME", "USERNAME"), "")


@pytest.mark.skipif(not ROOT, reason="only root may play a night as an account that has no name")
def test_an_account_that_has_no_name_is_known_by_its_number(theirs: Path) -> None:
    for one in (theirs, *theirs.rglob("*")):
        os.chown(one, NAMELESS, NAMELESS)
    environment = {"HOME": str(theirs), **UNNAMED}
    for words in (("sync", *DAY), ("status",), ("doctor",)):
        command = (*words, "-c", str(theirs / "annuaire.toml"))
        done = typed(*command, environment=environment, folder=Path("/"), account=(NAMELESS, NAMELESS))
        printed = (done.out + done.err).decode()
        assert "Traceback" not in printed
        assert done.code in (0, 3), printed
    assert f'"user": "{NAMELESS}"' in (theirs / "var" / "witness.json").read_text()
