"""`changeset.json` (contract §5): the differences of one night, each with the one person who may enter it."""

import hashlib
import json
from datetime import date
from functools import cache
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field

from schemas.nomenclatures import rows

ChangeKind = Literal[
    "create_account",
    "add_assignment",
    "update_account",
    "end_assignment",
    "deactivate_account",
    "card_alert",
    "review",
]
ENDING: tuple[ChangeKind, ...] = ("end_assignment", "deactivate_account")  # in the order in which they are entered
Severity = Literal["access", "important", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # the most severe first
Post = Literal["ADMIN_EFIT", "CRH_ST", "CHV_ST_ETS"]
RunStatus = Literal["complete", "partial", "held"]
FINISHED: tuple[RunStatus, ...] = get_args(RunStatus)  # a night that came to its end, whatever it did
SUCCEEDED: tuple[RunStatus, ...] = ("complete", "partial")  # … and compared what it read
ChangeStatus = Literal["new", "notified", "accepted", "refused", "postponed", "done", "superseded", "withdrawn"]


class _Model(BaseModel):
    """Which fields were given is asked of none of them: one set for all, where each would have its own of up to 700
    bytes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _context: object, /) -> None:
        _say_all_given(self)

    def __copy__(self) -> Self:
        copied = super().__copy__()
        _say_all_given(copied)
        return copied


@cache
def _all_given(kind: type[_Model]) -> set[str]:
    return set(kind.model_fields)


def _say_all_given(one: _Model) -> None:
    object.__setattr__(one, "__pydantic_fields_set__", _all_given(type(one)))


class PersonRef(_Model):
    """Who is concerned; empty for a change about a structure."""

    national_id: str = ""
    last_name: str = ""
    first_name: str = ""


class AssignmentRef(_Model):
    """At which function of which structure; empty where a change is about an account alone."""

    structure_code: str = ""
    structure_type: str = ""
    region_code: str = ""
    function: str = ""
    rank: str = ""


class FieldChange(_Model):
    """Before (in the annuaire) and after (to enter), with the source of the after."""

    field: str
    before: str | None
    after: str | None
    source: str


PostKey = tuple[str, str]  # (post, scope)


class PostRef(_Model):
    """A post and its scope: a region code, an ETS code, or empty."""

    post: Post
    scope: str = ""

    @property
    def name(self) -> str:
        """« CRH_ST-24 », as reports are named; a post without a scope is its own name."""
        return f"{self.post}-{self.scope}" if self.scope else self.post


# What the store keeps of an updater and `changeset.json` has not (contract §5); reports and pages say it in words.
NOT_WRITTEN = {"updater": {"escalated_because"}}
Escalation = Literal["vacant", "no_scope", "no_address", "locked_out", "own_end", "rules"]


class Updater(PostRef):
    """The one who may enter the change, and to which addresses it goes.

    `escalated_from`: the post it was meant for, `CRH_ST-24`, where the administrator stands in for it.
    """

    recipients: tuple[str, ...] = ()
    uncovered: bool = False
    escalated_from: str | None = None
    # Nobody holds it, the annuaire names no ETS or region, its holder has no address or cannot log in, it is the
    # holder's own end, or it waits for a release of our rules.
    escalated_because: Escalation | None = None

    @property
    def ref(self) -> PostRef:
        """The post alone, without its addresses: what changes of one updater have in common."""
        return PostRef(post=self.post, scope=self.scope)


class Change(_Model):
    """One difference. The id depends on account or person, kind, assignment and target values alone."""

    id: str
    kind: ChangeKind
    reasons: tuple[str, ...]
    severity: Severity
    account_id: str | None
    person: PersonRef
    assignment: AssignmentRef
    fields: tuple[FieldChange, ...]
    updater: Updater
    also_concerned: tuple[PostRef, ...] = ()
    guidance: str = ""
    linked_to: tuple[str, ...] = ()
    first_seen: date
    status: ChangeStatus = "new"

    @property
    def candidates(self) -> tuple[str, ...]:
        """What each candidate is known by: an account id, a national identification."""
        return tuple(one.after.partition(" ")[0] for one in self.fields if one.field == "candidate" and one.after)

    @property
    def deed(self) -> str:
        """What whoever enters it does to an account or function, as the tables of words name it; "" for a question."""
        return _deeds().get(self.kind, "")


@cache
def _deeds() -> dict[str, str]:
    return {row["kind"]: row["deed"] for row in rows("deeds")}


class SourceEntry(_Model):
    """A source of the run."""

    name: str
    path: str
    sha256: str
    rows_read: int
    rows_rejected: int
    status: Literal["ok", "stale", "failed", "held"]
    message: str = ""


class RejectEntry(_Model):
    """A reject or repair of contract §8."""

    source: str
    location: str
    field: str
    code: str
    message: str


class ChangeSet(_Model):
    """The whole night."""

    run_id: str
    as_of: date
    status: RunStatus
    sources: tuple[SourceEntry, ...]
    changes: tuple[Change, ...]
    rejects: tuple[RejectEntry, ...] = Field(default=())


def change_id(who: str, kind: str, assignment: AssignmentRef, target: object) -> str:
    """Return `CHG-` and 16 hexadecimal digits: the same on any night and machine (contract §5)."""
    place = [assignment.structure_code, assignment.function, assignment.rank]
    text = json.dumps([who, kind, place, target], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "CHG-" + hashlib.sha256(text.encode()).hexdigest()[:16].upper()
