"""Who gets a report's mail: the holders of the post that may be written to, else the administrator, who is told why."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.errors import DeliveryError, RecipientRefusal
from schemas.nomenclatures import ADMIN_EFIT, say
from schemas.reports.mail import usable_address
from schemas.reports.report import Report


@dataclass(frozen=True, slots=True)
class Addressees:
    """`positions`: the place of each among the addresses of the post, from 1; `refusals`: those that are no address.

    `escalation`: why it goes to the administrator instead, "" when it does not.
    """

    recipients: tuple[str, ...]
    positions: tuple[int, ...] = ()
    refusals: tuple[RecipientRefusal, ...] = ()
    escalation: str = ""

    def told(self, refusals: tuple[RecipientRefusal, ...]) -> tuple[RecipientRefusal, ...]:
        """Return what the server refused, by the places of the post; and what could not be written to at all."""
        if self.escalation:
            return self.refusals
        return tuple(
            sorted((*self.refusals, *(RecipientRefusal(self.positions[r.position - 1], r.code) for r in refusals)))
        )


def addressees(report: Report, admin: str, domains: Sequence[str]) -> Addressees:
    """Return the usable addresses of the allowed domains; none left: the administrator.

    Raises DeliveryError when the administrator cannot be written to either.
    """
    numbered = list(enumerate(report.recipients, start=1))
    usable = [(at, one) for at, one in numbered if usable_address(one)]
    refusals = tuple(RecipientRefusal(at, 0) for at, one in numbered if not usable_address(one))
    kept = [(at, one) for at, one in usable if allowed(one, domains)]
    if kept:
        return Addressees(tuple(one for _, one in kept), tuple(at for at, _ in kept), refusals)
    why = "mail.escalated_domain" if usable else "mail.escalated_unusable"
    return administrator(report, admin, domains, why, refusals)


def administrator(
    report: Report, admin: str, domains: Sequence[str], why: str, refusals: tuple[RecipientRefusal, ...] = ()
) -> Addressees:
    """Return the administrator in the place of the updater. Raises DeliveryError when there is none to write to."""
    if not usable_address(admin):
        raise DeliveryError(say("mail.no_recipient", post=report.addressee))
    if not allowed(admin, domains):
        raise DeliveryError(say("mail.admin_domain", post=report.addressee))
    escalation = "" if report.updater.post == ADMIN_EFIT else say(why, post=report.addressee)
    return Addressees((admin,), (1,), refusals, escalation)


def allowed(address: str, domains: Sequence[str]) -> bool:
    """Tell whether the address is in one of the allowed domains; every one is when none is named."""
    plain = {domain.strip().removeprefix("@").lower() for domain in domains}
    return not plain or address.rpartition("@")[2].lower() in plain
