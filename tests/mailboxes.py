"""A real IMAP server for tests: Dovecot from Debian, started on a port of its own with TLS, nothing of it left."""

import imaplib
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.mail_servers import HOST, USER, Authority
from tests.orchestration.station import free_port
from tests.patience import patient

DOVECOT = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
IMAP_PASSWORD = "Ouvre-toi 7"
WHY_NOT = "Dovecot is not installed: apt-get install dovecot-imapd"
DONE, LOOK = "Trait&AOk-s", "&AMA- voir"  # « Traités » and « À voir » as IMAP writes them (RFC 3501 §5.1.3)

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = {host}
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:{folder}/mail
first_valid_uid = 0
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
{more}
"""


@dataclass(frozen=True)
class Box:
    """Where it answers, and its user's own view of it, as a mail program has it."""

    port: int
    authority: Authority
    folder: Path
    running: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    @property
    def maildir(self) -> Path:
        """Where the mails lie."""
        return self.folder / "mail"

    def start(self) -> None:
        """Wait until it answers."""
        command = [str(DOVECOT), "-F", "-c", str(self.folder / "dovecot.conf")]
        self.running.append(subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True))
        _until_it_answers(self, self.running[-1], self.folder)

    def stop(self) -> None:
        """With every connection there is, in the middle of a word."""
        while self.running:
            server = self.running.pop()
            with suppress(ProcessLookupError):  # it ended by itself: its own log says why
                os.killpg(server.pid, signal.SIGKILL)
            server.wait(patient(20))
        shutil.rmtree(self.folder / "run", ignore_errors=True)  # a socket of the killed one would refuse the next

    @property
    def url(self) -> str:
        return f"imaps://{USER}@{HOST}:{self.port}/INBOX"

    @contextmanager
    def opened(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4_SSL]:
        context = ssl.create_default_context(cafile=str(self.authority.file))
        with imaplib.IMAP4_SSL(HOST, self.port, ssl_context=context, timeout=patient(20)) as imap:
            imap.login(USER, IMAP_PASSWORD)
            imap.select(f'"{folder}"')
            yield imap

    def put(self, mail: bytes, flags: str = "") -> None:
        """As if it had been delivered."""
        with self.opened() as imap:
            assert imap.append("INBOX", flags, "", mail)[0] == "OK"

    def subjects(self, folder: str = "INBOX") -> list[str]:
        """What lies in a folder; a folder that is not there has nothing."""
        with self.opened(folder) as imap:
            if imap.state != "SELECTED":
                return []
            _, (found,) = imap.search(None, "ALL")
            subjects = []
            for number in found.split():
                _, answer = imap.fetch(number, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
                subjects.append(answer[0][1].decode().partition(":")[2].strip())  # type: ignore[index,union-attr]
            return subjects

    def flags(self) -> dict[str, str]:
        """Subject → flags, in the inbox."""
        with self.opened() as imap:
            _, (found,) = imap.search(None, "ALL")
            flags = [imap.fetch(number, "(FLAGS)")[1][0].decode() for number in found.split()]  # type: ignore[union-attr]
        return dict(zip(self.subjects(), flags, strict=True))


@contextmanager
def box(authority: Authority, *, prefix: str = "", separator: str = "/", more: str = "") -> Iterator[Box]:
    """A server while the block lasts, with one user and an empty inbox."""
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    certificate, key = authority.signed(HOST)
    root = os.geteuid() == 0
    me = pwd.getpwuid(os.geteuid())
    owner = pwd.getpwnam("nobody") if root else me  # a mailbox of root's is one that Dovecot does not open
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{IMAP_PASSWORD}\n", encoding="utf-8")
    port = free_port()
    (folder / "dovecot.conf").write_text(
        _CONFIGURATION.format(
            folder=folder,
            host=HOST,
            certificate=certificate,
            key=key,
            internal="dovecot" if root else me.pw_name,
            internal_group="dovecot" if root else os.getgid(),
            login="dovenull" if root else me.pw_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            port=port,
            prefix=prefix,
            separator=separator,
            more=more,
        ),
        encoding="utf-8",
    )
    found = Box(port, authority, folder)
    try:
        found.start()
        yield found
    finally:
        found.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Servers:
    """One server after the other, each as long as it is as it was started."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._kept = ExitStack()
        self._found: tuple[Box, list[subprocess.Popen[bytes]], str] | None = None

    def box(self) -> Box:
        """One that answers, with an empty inbox."""
        if self._found is None:
            found = self._kept.enter_context(box(self._authority))
            self._found = found, list(found.running), _settings(found)
        return self._found[0]

    def clean(self) -> None:
        """Take every mail and folder away; end the server where a test did anything else to it."""
        if self._found is None:
            return
        found, running, settings = self._found
        if found.running != running or running[0].poll() is not None or _settings(found) != settings:
            self.close()
            return
        for path in found.maildir.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def close(self) -> None:
        """End it, if there is one."""
        self._found = None
        self._kept.close()


def _settings(found: Box) -> str:
    return "".join((found.folder / name).read_text(encoding="utf-8") for name in ("dovecot.conf", "users"))


def _until_it_answers(found: Box, server: "subprocess.Popen[bytes]", folder: Path) -> None:
    until = time.monotonic() + patient(60)
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError, imaplib.IMAP4.error), found.opened():
            return
        time.sleep(0.1)
    raise RuntimeError((folder / "dovecot.log").read_text(encoding="utf-8"))
