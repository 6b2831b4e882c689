"""The far side of an installation, by real servers: the national files over HTTPS, the mail server, the mailbox.

`python -m tests.far_side FOLDER` keeps them until it is interrupted, and says what an engineer writes into
`annuaire.toml`. Each mail that leaves lies in FOLDER/mails; an .eml put into FOLDER/answers comes to the mailbox.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sample_data.generate import HERE
from tests.connectors.test_letter_in import archive
from tests.file_servers import Shelf, file_server
from tests.mail_servers import HOST, PASSWORD, USER, Authority, Post, mail_server, new_authority, tls_context
from tests.mailboxes import IMAP_PASSWORD, Box, box

EXTRACTS = {"persons": "PS_LibreAcces_Personne_activite_202611210612", "cards": "Porteurs_CPS_CPF_202611210615"}


@dataclass(frozen=True)
class FarSide:
    """The servers, and what a configuration says of them."""

    authority: Authority
    shelves: dict[str, Shelf]
    post: Post
    mailbox: Box

    @property
    def mail_keys(self) -> str:
        """Lines for `[mail]`."""
        return (
            f'smtp_url = "smtp+starttls://{USER}@{HOST}:{self.post.port}"\nsmtp_ca_file = "{self.authority.file}"\n'
            f'mailbox = "{self.mailbox.url}"\nmailbox_ca_file = "{self.authority.file}"\n'
        )

    @property
    def fetch_tables(self) -> str:
        """A `[[fetch]]` for each national file."""
        return "".join(
            f'\n[[fetch]]\nname = "register.{key}"\nurl = "{shelf.url}"\ninto = "rpps"\n'
            f'ca_file = "{self.authority.file}"\n'
            for key, shelf in self.shelves.items()
        )

    @property
    def secrets(self) -> str:
        """Lines for the file of secrets."""
        return f"EFIT_MAIL__PASSWORD={PASSWORD}\nEFIT_MAIL__MAILBOX_PASSWORD={IMAP_PASSWORD}\n"


@contextmanager
def far_side(folder: Path, country: Path = HERE) -> Iterator[FarSide]:
    """Serve the national files of a country, take mails and keep a mailbox, while the block lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = new_authority(folder)
    with ExitStack() as until_the_end:
        shelves = {}
        for key, stem in EXTRACTS.items():
            text = (country / "rpps" / f"{stem}.txt").read_bytes()
            shelf = Shelf(archive(**{f"{stem}.txt": text}), f"{stem}.zip")
            shelves[key] = until_the_end.enter_context(file_server(shelf, authority))
        post = until_the_end.enter_context(mail_server(starttls=tls_context(*authority.signed(HOST))))
        yield FarSide(authority, shelves, post, until_the_end.enter_context(box(authority)))


def _keep(there: FarSide, folder: Path) -> None:
    mails, answers = folder / "mails", folder / "answers"
    for one in (mails, answers):
        one.mkdir(exist_ok=True)
    while True:
        for number, mail in enumerate(there.post.mails, 1):
            name = str(mail["Message-ID"]).strip("<>").partition(".")[0]
            (mails / f"{number:03}-{name}.eml").write_bytes(mail.as_bytes())
        for answer in sorted(answers.glob("*.eml")):
            there.mailbox.put(answer.read_bytes())
            answer.rename(answer.with_suffix(".delivered"))
        time.sleep(0.5)


def _say(there: FarSide) -> None:
    sys.stdout.write(f"[mail]\n{there.mail_keys}{there.fetch_tables}\nsecrets.env\n{there.secrets}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    where = Path(sys.argv[1]).absolute()
    with far_side(where) as found:
        _say(found)
        try:
            _keep(found, where)
        except KeyboardInterrupt:
            sys.exit(0)
