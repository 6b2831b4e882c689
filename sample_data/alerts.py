"""Cards that do not open e-FIT, or soon will not: each case of the guidance table (procedure §3)."""

from datetime import date, timedelta

from sample_data.cast import AS_OF, Actor
from sample_data.script import Script
from schemas.people.identifiers import with_luhn_key

ADMIN = "ADMIN_EFIT"
VACANT_52 = "ADMIN_EFIT < CRH_ST 52"


def _ends_on(actor: Actor, day: date) -> None:
    """Register, annuaire and workbook agree that the current card ends on this day."""
    gap = day - actor.person.cards[-1].ends if actor.person.cards else timedelta()
    for card in actor.person.cards:
        card.starts, card.ends = card.starts + gap, card.ends + gap
    actor.user.expires = day
    actor.write(ends=day)


def cards_expiring(script: Script) -> None:
    """`card_expiring`: access within 30 days, important within 90."""
    country = script.country
    unknown = country.hire("11-06", "ASSISTANT", profession="60")
    for story, actor, days, severity, updater in (
        ("CRH-ST, médecin : carte à 20 jours", country.at("24", "CRH_ST", "TITULAIRE"), 20, "access", ADMIN),
        ("infirmier, facturation inconnue : carte à 75 jours", unknown, 75, "important", "CRH_ST 11"),
        ("CHV-ST remplaçant d'un ETS : non couvert", country.at("ETS-CPDL", "CHV_ST", "REMPLACANT"), 60,
         "important", "ADMIN_EFIT ?"),
    ):  # fmt: skip
        _ends_on(actor, AS_OF + timedelta(days=days))
        script.change(story, actor, "card_alert", "card_expiring", updater, severity=severity)


def cards_expired(script: Script) -> None:
    """`card_expired`, for each who must ask in their own way."""
    country = script.country
    billing = country.hire("11-09", "ASSISTANT", profession="60", bills="Oui")
    intern = country.hire("11-04", "ASSISTANT", profession="10", category="E")
    auxiliary = country.hire("CPDL-4", "ASSISTANT", profession="86", register="ADELI")
    unlisted = country.hire("24-08", "ASSISTANT", profession="60", register="")
    soldier = country.hire("CTSA", "HEMOVIGILANT", register="")
    _military_card(soldier)
    for story, actor, updater in (
        ("infirmier qui facture", billing, "CRH_ST 11"),
        ("en formation, CPF", intern, "CRH_ST 11"),
        ("auxiliaire médical, numéro ADELI", auxiliary, "CHV_ST_ETS ETS-CPDL"),
        ("infirmier non inscrit à l'Ordre, CPE", unlisted, "CRH_ST 24"),
        ("médecin militaire, CPA", soldier, ADMIN),
        ("secrétaire de région, CPE ; région 52 sans CRH-ST", country.at("52", "ASSISTANT"), VACANT_52),
    ):
        _ends_on(actor, date(2026, 10, 15))
        script.change(story, actor, "card_alert", "card_expired", updater)


def _military_card(actor: Actor) -> None:
    """A CPA of the army's invented establishment (5 + SIRET / internal)."""
    siret = with_luhn_key(with_luhn_key("99900000") + "0001")
    actor.person.number = actor.user.cpx = f"5{siret}/MIL-0001"
    actor.user.card_type = "CPA"
    actor.write(number=actor.person.number, card="CPA")


def cards_opposed(script: Script) -> None:
    """`card_opposed`: lost or stolen, nothing newer known."""
    country = script.country
    nurse = country.hire("11-08", "ASSISTANT", profession="60", bills="Non")
    midwife = country.hire("11-02", "ASSISTANT", profession="50")
    for story, actor in (
        ("infirmier qui ne facture pas", nurse),
        ("sage-femme, au RPPS", midwife),
    ):
        actor.person.cards[-1].opposed = date(2026, 11, 3)
        script.change(story, actor, "card_alert", "card_opposed", "CRH_ST 11")


def cards_missing(script: Script) -> None:
    """`card_missing`: no card anywhere; or a row without a number, beside its reject (contract §6)."""
    country = script.country
    doctor = country.at("11-03", "CHV_ST", "REMPLACANT")
    doctor.person.cards, doctor.user.expires, doctor.user.card_type = [], None, ""
    doctor.write(card="", ends="")
    script.change("médecin sans aucune carte connue", doctor, "card_alert", "card_missing", "CRH_ST 11")

    for story, place, profession, updater in (
        ("secrétaire sans numéro", "52-07", "SEC", VACANT_52),
        ("technicien sans numéro ni inscription", "IDF-2", "86", "CHV_ST_ETS ETS-IDF"),
    ):
        actor = script.newcomer(place, "ASSISTANT", profession=profession, register="")
        actor.write(number="", card="", ends="")
        post = script.post(place, "ASSISTANT")
        script.change(story, actor, "card_alert", "card_missing", updater, post=post, account=False)
        script.reject(story, actor.row.file, "CPX_MISSING")
