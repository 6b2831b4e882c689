"""Each change is announced as new once in a life: whatever was killed, and played again with whatever inputs."""

import email
import os
import shutil
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from signal import SIGKILL

import pytest

from tests.mail_servers import HOST, Post, mail_server
from tests.night.by_command import OUTBOX, Service, called_new
from tests.night.killable import begin_child, ended, in_child, lying_there, telling
from tests.night.small import Files, write_files
from tests.night.test_safeguards import DAY, files

ONE, TWO, OTHER = files(emails=("F",)), files(emails=("F", "G")), files(emails=("G",))


def service_in(root: Path, mail: str = OUTBOX) -> Service:
    return Service(root, mail, attachments="plain")


def night_of(service: Service, found: Files, day: date = DAY) -> int:
    return service.night(found, day)[0]


# ── an outbox ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The steps of a first night that sends one mail, each with what it would leave if killed."""
    service = service_in(tmp_path_factory.mktemp("steps"))
    log, look = service.root / "steps", partial(lying_there, service.root, service.store_url)
    assert in_child(partial(night_of, service, ONE), log=log, look=look) == 0
    return log.read_text().splitlines()


def first_of(looks: list[str], name: str) -> int:
    """Where the first step of a name is, counted from 0."""
    return next(at for at, line in enumerate(looks) if line.partition("\t")[0] == name)


@dataclass(frozen=True)
class Killed:
    """A first night killed at each step from which a mail may leave: before, nothing was said. Of steps that leave
    the same behind, the first.
    """

    root: Path
    names: dict[int, str]  # step → its name

    def again(self, at: int) -> Service:
        """The service as the killed night left it, where it was killed."""
        service = service_in(self.root)
        shutil.rmtree(self.root)
        shutil.copytree(self.kept(at), self.root)
        return service

    def kept(self, at: int) -> Path:
        """What that night left, kept aside."""
        return self.root.with_name(f"killed-{at}")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> Killed:
    """Played once, for whatever is played after: what lies there at a step is what a night killed there leaves
    (`test_crash.py` holds the two together).
    """
    first = first_of(steps, "after record_mail")
    names = {first + at - 1: name for at, name in telling(steps[first - 1 :]).items()}
    found = Killed(tmp_path_factory.mktemp("killed") / "service", names)

    def keep(at: int) -> None:
        if at in names:
            shutil.copytree(found.root, found.kept(at))

    assert in_child(partial(night_of, service_in(found.root), ONE), at_step=keep) == 0
    assert all(found.kept(at).exists() for at in names)
    return found


@pytest.mark.parametrize("then", [TWO, OTHER], ids=["one more change", "another change instead"])
@pytest.mark.parametrize("later", [0, 1], ids=["the same day", "the next day"])
def test_killed_at_any_step_and_played_again_with_other_inputs_nothing_is_new_twice(
    killed: Killed, then: Files, later: int
) -> None:
    for at, name in killed.names.items():
        service = killed.again(at)
        left = len(service.mails())
        day = DAY + timedelta(days=later)
        assert service.night(then, day)[0] == 0, name
        told = called_new(service.mails())
        assert set(told.values()) == {1}, f"killed {name}"
        still = [key for key, one in service.changes().items() if one["status"] == "notified"]
        assert set(still) <= set(told)
        assert len(service.changes()) == (2 if then is TWO else 1)
        assert left <= 1


def test_a_mail_that_was_never_written_leaves_with_the_next_night(tmp_path: Path, steps: list[str]) -> None:
    at = first_of(steps, "after record_mail") + 1
    service = service_in(tmp_path)
    assert in_child(partial(night_of, service, ONE), deadly=at) == -SIGKILL
    assert service.mails() == []
    assert service.night(TWO, DAY)[0] == 0
    assert [*called_new(service.mails()).values()] == [1, 1]
    assert len(service.mails()) == 1


def test_where_somebody_empties_the_outbox_a_mail_that_is_not_there_may_have_left(
    tmp_path: Path, steps: list[str]
) -> None:
    """A night before put a mail there that somebody took: what is not there may have been taken too."""
    service = service_in(tmp_path)
    service.night(files(emails=("H",)), DAY - timedelta(days=1))
    shutil.rmtree(tmp_path / "var" / "outbox")
    at = first_of(steps, "after deliver") + 1
    both = files(emails=("H", "F"))
    assert in_child(partial(night_of, service, both), deadly=at) == -SIGKILL
    assert len(service.mails()) == 1
    taken = called_new(service.mails())
    shutil.rmtree(tmp_path / "var" / "outbox")
    code, _ = service.night(files(emails=("H", "F", "G")), DAY)
    assert code == 0
    assert not set(called_new(service.mails())) & set(taken)
    assert len(called_new(service.mails())) == 1


# ── a mail server ────────────────────────────────────────────────────────────────────────────────


def by_server(root: Path, post: Post) -> Service:
    return service_in(root, f'smtp_url = "smtp://{HOST}:{post.port}"\nsmtp_retry_seconds = 0')


def killed_in_the_dialogue(service: Service, post: Post, day: date = DAY) -> int:
    """The command in a process of its own, killed once its content is there and before it has an answer."""
    program: Future[int] = Future()
    post.on_content = lambda: os.kill(program.result(), SIGKILL)
    program.set_result(begin_child(partial(service.night, None, day)))
    code = ended(program.result())
    post.on_content = lambda: None
    return code


def received(post: Post) -> Counter[str]:
    return called_new([email.message_from_bytes(bytes(mail)) for mail in post.mails])


@pytest.mark.parametrize("later", [0, 1], ids=["the same day", "the next day"])
def test_what_a_mail_of_unknown_fate_may_have_said_is_carried_and_not_called_new(tmp_path: Path, later: int) -> None:
    with mail_server() as post:
        service = by_server(tmp_path, post)
        write_files(tmp_path, ONE, DAY)
        assert killed_in_the_dialogue(service, post) == -SIGKILL
        [first] = received(post)
        assert service.night(TWO, DAY + timedelta(days=later))[0] == 0
        assert set(received(post).values()) == {1}
        assert len(received(post)) == len(post.mails) == 2
    assert {one["status"] for one in service.changes().values()} == {"notified"}
    assert first in service.changes()
    with service.store() as store:
        assert store.unknown_mails() == []


def test_while_nothing_else_is_new_a_human_is_asked_night_after_night(tmp_path: Path) -> None:
    with mail_server() as post:
        service = by_server(tmp_path, post)
        write_files(tmp_path, ONE, DAY)
        assert killed_in_the_dialogue(service, post) == -SIGKILL
        for night in (0, 1, 2):
            changed = files(emails=("F", "O")) if night == 2 else ONE
            code, _ = service.night(changed, DAY + timedelta(days=night))
            assert code == 3
            [asked] = [one for one in service.summary()["deliveries"] if one["unknown"]]
            assert (asked["post"], asked["scope"], asked["told"]) == ("CRH_ST", "24", False)
        assert set(received(post).values()) == {1}
        code, _, _ = service.run("mails", "--lost", asked["unknown"].strip("<>"))
        assert code == 0
        assert service.night(None, DAY + timedelta(days=3))[0] == 0
        assert sorted(received(post).values()) == [1, 2]  # the one that a human said was lost left again
