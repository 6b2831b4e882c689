"""The updaters who cannot act, together: which post, why, and how many changes the administrator has because of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.changes.foresee import NUMBER_REASONS
from pipelines.changes.routing import Inability, Routing
from pipelines.lifecycle.pending import SHOWN, asked_once
from pipelines.phrase import day_text, meant_for
from schemas.changes.change import Change, Escalation, Updater
from schemas.nomenclatures import POSTS, messages, say


@dataclass(frozen=True, slots=True)
class Unable:
    """A post of which nobody can enter what is theirs; `count`: the lines that the administrator has for it."""

    updater: Updater
    inability: Inability
    count: int

    @property
    def because(self) -> Escalation:
        """Vacant, without address, locked out…"""
        return self.inability.because


def unable_of(changes: Iterable[Change], routing: Routing | None = None) -> list[Unable]:
    """Return one for each post and cause that an open change was escalated for, in the order of the posts.

    `routing`: tonight's holders, who tell since when somebody cannot log in.
    """
    found: Counter[Updater] = Counter()
    for change in asked_once(changes):  # as the administrator's sheets have them
        updater = change.updater
        if updater.escalated_from and updater.escalated_because not in (None, "rules") and change.status != "refused":
            found[updater.model_copy(update={"recipients": ()})] += change.status in SHOWN
    known = {} if routing is None else {_name(post, scope): one for (post, scope), one in routing.unable.items()}
    return [Unable(one, _inability(one, known), count) for one, count in sorted(found.items(), key=_order)]


def _name(post: str, scope: str) -> str:
    return f"{post}-{scope}" if scope else post


def _inability(updater: Updater, known: Mapping[str, Inability]) -> Inability:
    because = updater.escalated_because or "vacant"
    found = known.get(updater.escalated_from or "")
    return found if found and found.because == because else Inability(because)


def _order(item: tuple[Updater, int]) -> tuple[int, str, str]:
    updater, _ = item
    said = updater.escalated_from or ""
    post = max((code for code in POSTS if said.startswith(code)), key=len, default=POSTS[0])
    return POSTS.index(post), said, updater.escalated_because or ""


def unable_text(one: Unable, reader: str = "admin") -> str:
    """Return « CRH-ST de la région … : poste vacant. 12 lignes vous sont confiées… »: cause, count, what to do.

    `reader`: « admin », who has the lines; « engineer », who only sees where they are.
    """
    found = one.inability
    case = "number" if found.reason in NUMBER_REASONS else found.reason
    key = f"unable.{found.because}_{case}"
    day = day_text(found.day) if found.day else ""
    why = say(key if key in messages() else f"unable.{found.because}", post=meant_for(one.updater), date=day)
    entrusted = say(f"unable.entrusted_{reader}", count=one.count) if one.count else ""
    parts = [why, entrusted, *_todo(one)]
    return " ".join(filter(None, parts))


def _todo(one: Unable) -> Iterator[str]:
    """What to do; of somebody locked out, where their card or number is, and who may act meanwhile (procedure §4)."""
    found = one.inability
    if found.because != "locked_out":
        yield say(f"unable.todo_{found.because}")
        return
    sheet = "modify" if found.reason in NUMBER_REASONS else "cards" if found.reason else ""
    yield say(f"unable.mend_{sheet}", sheet=say(f"sheet.{sheet}")) if sheet else say("unable.mend")
    post = next(code for code in POSTS if (one.updater.escalated_from or "").startswith(code))
    yield say(f"unable.meanwhile_{post}")


def unable_texts(found: Sequence[Unable]) -> tuple[str, ...]:
    """Return one sentence or more each."""
    return tuple(map(unable_text, found))
