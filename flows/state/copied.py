"""A folder copied from an installation that is still there: both would send the same mails and empty one mailbox.

It is said, and nothing is stopped: a restore into another folder looks the same, and must go on.
"""

import socket
from contextlib import suppress
from pathlib import Path

from flows.settings.model import Settings
from schemas.changes.installed import Installation
from schemas.nomenclatures import say


def former_folder(settings: Settings, known: Installation | None) -> str:
    """Return the folder that this installation was played in before, where its store is still there; "" else.

    `known`: as the last night saw it. On another host nobody can look.
    """
    ours = settings.store_file
    if known is None or ours is None or known.host != socket.gethostname():
        return ""
    for folder in filter(None, (known.config, known.copied_from)):
        theirs = Path(folder) / known.store
        with suppress(OSError):  # a folder that may not be looked into is none of ours
            if folder != str(settings.root) and theirs.is_file() and not (ours.is_file() and theirs.samefile(ours)):
                return folder
    return ""


def copy_told(settings: Settings, known: Installation | None) -> tuple[str, ...]:
    """Return what is amiss and what to do; () where this is no copy, or sends and takes nothing."""
    former = former_folder(settings, known)
    both = [key for key in ("smtp_url", "mailbox") if getattr(settings.mail, key)]
    if not former or not both:
        return ()
    does = " ".join(say(f"copied.{key}") for key in both)
    return say("copied.folder", here=settings.root, former=former, does=does), say("copied.todo", former=former)
