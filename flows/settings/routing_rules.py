"""What the configuration says of the routing, as the verbs take it."""

from collections.abc import Iterable, Mapping
from datetime import date

from flows.settings.mail import MailSettings, post_of
from flows.settings.model import Settings
from flows.settings.routing_section import RoutingSettings
from pipelines.reports.mailing.delegates import Delegation, named_for
from schemas.changes.routing import Route, RoutingRules
from schemas.nomenclatures import say


def routing_of(settings: Settings, day: date) -> RoutingRules:
    """Return the routes and addresses of a deployment, on a day."""
    return RoutingRules(overrides(settings.routing), admin(settings.mail), named(settings, day))


def overrides(routes: Iterable[RoutingSettings]) -> tuple[Route, ...]:
    """Return the routes of `[[routing]]`, before the built-in table."""
    return tuple(
        Route(
            one.code("function"),
            one.code("structure_type"),
            one.code("rank"),
            one.updater,
            uncovered=False,
            source=say("config.routing_source"),
        )
        for one in routes
    )


def admin(mail: MailSettings) -> tuple[str, ...]:
    """Return the e-FIT administrator's address."""
    return (mail.admin,) if mail.admin else ()


def named(settings: Settings, day: date) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return (post, scope) → the addresses that the configuration gives to it, before those of its holders.

    `[mail.recipients]` always; `[[delegation]]` on its days, and then before it.
    """
    always = {post_of(name): addresses for name, addresses in settings.mail.recipients.items()}
    delegations = [Delegation(post_of(one.post), one.to, one.first_day, one.last_day) for one in settings.delegation]
    return named_for(day, always, delegations)
