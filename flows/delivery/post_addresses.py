"""Whose addresses are whose today: who may answer for a post, and to whom something is said about it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from connectors.store import Store
from flows.settings.mail import MailSettings
from flows.settings.model import Settings
from flows.settings.routing_rules import admin, named
from pipelines.lifecycle.decisions.senders import holders, may_answer
from pipelines.reports.mailing.addressees import allowed
from schemas.changes.change import PostKey, PostRef
from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import ADMIN_EFIT
from schemas.reports.mail import usable_address

_REPORT = re.compile(r"(?:RETOURS-)?((?:ADMIN_EFIT|CRH_ST|CHV_ST_ETS)(?:-[A-Za-z0-9_-]+?)?)(?=[\s_.(]|-\d\b|$)")


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts that there are, and their addresses."""

    held_by: Mapping[PostKey, frozenset[str]]
    named: Mapping[PostKey, Sequence[str]]
    admin: Sequence[str]
    states: Mapping[str, ChangeState]
    mail: MailSettings

    def all(self) -> list[PostRef]:
        """Return every post that anybody holds, is configured for, or has a change of."""
        found: set[PostKey] = {*self.held_by, *self.named, (ADMIN_EFIT, "")}
        found |= {(one.change.updater.post, one.change.updater.scope) for one in self.states.values()}
        return [post_ref(one) for one in sorted(found)]

    def known(self, sender: str) -> bool:
        """Tell whether the address is one of a post, whichever."""
        return bool(sender) and any(self.may(sender, post) for post in self.all())

    def of(self, sender: str) -> PostRef | None:
        """Return the one post that an address answers for; None where there is none, or several."""
        found = [post for post in self.all() if sender and self.may(sender, post)]
        return found[0] if len(found) == 1 else None

    def may(self, sender: str, post: PostRef) -> bool:
        """Tell whether it may answer for this one."""
        return may_answer(sender, post, self.states, self.held_by, self.named, self.admin)

    def addresses(self, post: PostRef) -> list[str]:
        """Tell to whom something is said about a post: its delegates and configured recipients, else those its reports
        go to, else its holders, else the administrator, who answers for it then.
        """
        key = (post.post, post.scope)
        recipients = {
            address.lower()
            for one in self.states.values()
            if one.is_open and (one.change.updater.post, one.change.updater.scope) == key
            for address in one.change.updater.recipients
        }
        return sorted({*self.named.get(key, ())} or recipients or {*self.held_by.get(key, ())} or {*self.admin})

    def reachable(self, post: PostRef, sender: str = "") -> list[str]:
        """Return those of them that may be written to; with them whoever answered for the post."""
        told = {*self.addresses(post), *([sender] if sender and self.may(sender, post) else [])}
        return sorted({one.lower() for one in told if usable_address(one) and allowed(one, self.mail.allowed_domains)})

    def named_in(self, text: str) -> PostRef | None:
        """Return the post whose report a file's name or a Message-ID begins with."""
        found = _REPORT.match(text)
        return next((post for post in self.all() if found and post.name == found[1]), None)


def posts_of(settings: Settings, store: Store, day: date) -> Posts:
    """Return them as annuaire, configuration and open changes have them on a day."""
    accounts, structures = store.annuaire_at(day)
    held_by = holders(accounts.values(), structures)
    return Posts(held_by, named(settings, day), admin(settings.mail), store.states(), settings.mail)


def post_ref(post: PostKey) -> PostRef:
    """Return the post of a key."""
    return PostRef.model_validate({"post": post[0], "scope": post[1]})
