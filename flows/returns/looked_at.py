"""Which mails of a mailbox were looked at: by their numbers while it is the same one, else by what their heads say.

A server gives each mail a number (UID) that holds as long as UIDVALIDITY does. Neither tells one mailbox from another:
servers move to another host or port, users are spelt otherwise, a backup is put back and gives numbers anew. So a few
of the mails that were looked at last are held against what lies under their numbers now.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.mailbox.letterbox import MailboxLine
from connectors.system.private_file import write_private

MEMORY = "mailbox.json"
REMEMBERED = 5000  # of the mails that were left, and of what was told
_WITNESSES = 20  # of the mails that were looked at last; most have been moved away since


class LookedAt(BaseModel):
    """All mails below `next_uid`; what was told. What came in them is in the store.

    `again`: another installation's, looked at once more. `witnesses`: (UID, mark) of the last ones. `left`: marks of
    those that were none of ours and stay where they are; below `known_below` they are passed over, whatever their UID.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    place: str = ""
    uid_validity: int = 0
    next_uid: int = 1
    told: tuple[str, ...] = ()
    again: tuple[int, ...] = ()
    witnesses: tuple[tuple[int, str], ...] = ()
    left: tuple[str, ...] = ()
    known_below: int = 0

    def seen(self, uid: int, mark: str, *, left: bool) -> "LookedAt":
        """Return it with one mail more; `left`: it is none of ours, and stays where it is."""
        facts: dict[str, object] = {"next_uid": max(uid + 1, self.next_uid)}
        if mark:
            facts["witnesses"] = (*(one for one in self.witnesses if one[0] != uid), (uid, mark))[-_WITNESSES:]
        if mark and left and mark not in self.left:
            facts["left"] = (*self.left, mark)[-REMEMBERED:]
        return self.model_copy(update=facts)

    def passed_over(self, found: Iterable[tuple[int, str]]) -> "LookedAt":
        """Return it once these, known by their marks, lie here under these numbers."""
        return self.model_copy(update={"witnesses": (*self.witnesses, *found)[-_WITNESSES:]})

    def over(self, about: str) -> "LookedAt":
        """Return it once this was told."""
        return self.model_copy(update={"told": (*self.told, about)[-REMEMBERED:]})


def recall(folder: Path, line: MailboxLine) -> LookedAt:
    """Return what was looked at in this very mailbox, wherever it stands by now; of another, or of one that was made
    anew, what its mails may be known by. Raises MailboxError.
    """
    try:
        found = LookedAt.model_validate_json((folder / MEMORY).read_bytes())
    except (OSError, ValidationError):
        found = LookedAt()
    here = f"{line.mailbox.user} {line.mailbox.place} {line.mailbox.folder}"
    if _same(found, line, here):
        return found.model_copy(update={"place": here})
    return found.model_copy(
        update={
            "place": here,
            "uid_validity": line.uid_validity,
            "next_uid": 1,
            "again": (),
            "witnesses": (),
            "known_below": line.uid_next,
        }
    )


def remember(folder: Path, memory: LookedAt) -> None:
    """Write it down. Raises DeliveryError."""
    text = json.dumps(memory.model_dump(mode="json"), ensure_ascii=False)
    write_private(folder / MEMORY, text.encode())


def _same(found: LookedAt, line: MailboxLine, here: str) -> bool:
    """Tell whether the numbers still count: no witness speaks against it, and at another place one speaks for it.

    Numbers that were given before and are to be given again are those of a mailbox out of a backup.
    """
    if found.uid_validity != line.uid_validity or 0 < line.uid_next < found.next_uid:
        return False
    now = line.marks([uid for uid, _ in found.witnesses])
    agree = [now[uid] == mark for uid, mark in found.witnesses if uid in now]
    return all(agree) and (bool(agree) or found.place == here)
