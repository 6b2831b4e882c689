"""What differs from the quiet country, told one storyline at a time with the change it must bring.

Nothing here is computed by the product: the updater, the severity and the values are written by hand from the
contract (§5, §6), the procedure (§3, §4) and docs/rules.md.
"""

from datetime import date

from sample_data.cast import Actor
from sample_data.script import Script

ADMIN = "ADMIN_EFIT"
UNCOVERED = "ADMIN_EFIT ?"
VACANT_52 = "ADMIN_EFIT < CRH_ST 52"


def accounts_to_create(script: Script) -> None:
    """`missing_account`, by each updater; `missing_assignment` beside it."""
    hire = script.newcomer
    nurse = hire("24-01", "ASSISTANT", bills="Oui")
    secretary = hire("24-01", "ASSISTANT", profession="SEC", register="")
    technician = hire("CPDL-2", "ASSISTANT", profession="86", register="ADELI")
    nantes = hire("52-01", "ASSISTANT")
    for story, actor, place, updater in (
        ("infirmier nouveau dans un ES", nurse, "24-01", "CRH_ST 24"),
        ("secrétaire nouvelle avec une CPE", secretary, "24-01", "CRH_ST 24"),
        ("technicien nouveau dans un site, numéro ADELI", technician, "CPDL-2", "CHV_ST_ETS ETS-CPDL"),
        ("région 52 sans CRH-ST : à l'administrateur", nantes, "52-01", VACANT_52),
    ):
        post = script.post(place, "ASSISTANT")
        script.change(story, actor, "create_account", "missing_account", updater, post=post, account=False)

    both = script.country.hire("11-01", "ASSISTANT", profession="60")
    script.country.appoint(both, "11-02", "ASSISTANT")
    both.account = None
    first, second = sorted(
        (script.post(place, "ASSISTANT") for place in ("11-01", "11-02")),
        key=lambda post: post.structure.code,
    )
    story = "personne nouvelle dans deux ES"
    script.change(story, both, "create_account", "missing_account", "CRH_ST 11", post=first, account=False)
    script.change(story, both, "add_assignment", "missing_assignment", "CRH_ST 11", post=second, account=False)

    back = script.country.hire("11-02", "ASSISTANT", profession="60")
    back.user.active = False
    story = "compte désactivé, personne de retour : à réactiver"
    post = script.post("11-02", "ASSISTANT")
    script.change(story, back, "create_account", "missing_account", "CRH_ST 11", post=post, account=False)

    known = script.country.hire("24-02", "ASSISTANT", profession="SEC", register="")
    namesake = script.newcomer("52-09", "ASSISTANT", profession="SEC", register="")
    namesake.person.number = known.person.number
    namesake.write(number=known.person.number)
    story = "le numéro CPE d'une autre, dans un autre ES : jamais rapprochées"
    post = script.post("52-09", "ASSISTANT")
    script.change(story, namesake, "create_account", "missing_account", VACANT_52, post=post, account=False)


def functions_to_add(script: Script) -> None:
    """`missing_assignment`: a second ES, and a case that the procedure does not cover."""
    for story, at, new, updater in (
        ("assistant d'un second ES", "24-02", "24-03", "CRH_ST 24"),
        ("assistant de l'ETS régional : non couvert", "CPDL-1", "ETS-CPDL", UNCOVERED),
    ):
        actor, post = script.country.at(at, "ASSISTANT"), script.post(new, "ASSISTANT")
        script.country.list_in_workbook(actor, post)
        script.change(story, actor, "add_assignment", "missing_assignment", updater, post=post)


def departures(script: Script) -> None:
    """`left`, `absent_from_workbook`, `no_assignment_left`: at most four for one updater, or all is held."""
    country = script.country
    leaver = country.at("24-04", "CHV_ST", "TITULAIRE")
    leaver.write(status="Parti")
    _ends(script, "titulaire parti", leaver, "left", "CRH_ST 24")
    heir = country.at("24-04", "CHV_ST", "REMPLACANT")
    heir.write(rank="Titulaire")
    titulaire = script.post("24-04", "CHV_ST", "TITULAIRE")
    story = "le remplaçant devient titulaire"
    script.change(story, heir, "add_assignment", "missing_assignment", "CRH_ST 24", post=titulaire)
    script.change(story, heir, "end_assignment", "absent_from_workbook", "CRH_ST 24")

    half = country.hire("11-05", "ASSISTANT", profession="60")
    row = country.appoint(half, "11-06", "ASSISTANT")
    row.cells["Date de fin de fonction"] = date(2026, 10, 31)
    post = script.post("11-06", "ASSISTANT")
    script.change("quitte un de ses deux ES", half, "end_assignment", "left", "CRH_ST 11", post=post)

    for story, place, updater in (
        ("assistant absent du tableau du site", "CPDL-3", "CHV_ST_ETS ETS-CPDL"),
        ("assistant absent du tableau de la région 52", "52-02", VACANT_52),
    ):
        actor = country.at(place, "ASSISTANT")
        actor.rows = []
        _ends(script, story, actor, "absent_from_workbook", updater)

    idle = country.hire("24-01", "ASSISTANT", profession="60")
    idle.rows, idle.user.posts = [], []
    story = "compte actif sans aucune fonction : non couvert"
    script.change(story, idle, "deactivate_account", "no_assignment_left", UNCOVERED)


def _ends(script: Script, story: str, actor: Actor, reason: str, updater: str) -> None:
    script.change(story, actor, "end_assignment", reason, updater)
    script.change(story, actor, "deactivate_account", "no_assignment_left", updater)


def transfer(script: Script) -> None:
    """From one région to another: each CRH-ST does their half, and the halves know each other."""
    actor = script.country.at("24-05", "CHV_ST", "REMPLACANT")
    script.leaves_the_workbook(actor, "24-05")
    there = script.post("11-05", "CHV_ST", "REMPLACANT")
    script.country.list_in_workbook(actor, there)
    story = "mutation de la région 24 à la région 11"
    script.change(story, actor, "end_assignment", "absent_from_workbook", "CRH_ST 24")
    script.change(story, actor, "add_assignment", "missing_assignment", "CRH_ST 11", post=there)


def numbers(script: Script) -> None:
    """`adeli_to_rpps` and `card_number_differs`: with a wrong number in e-FIT nobody gets in."""
    country = script.country
    nurse = country.hire("11-03", "ASSISTANT", profession="60")
    old = script.former_number(nurse)
    nurse.person.cards[0].content = nurse.user.cpx = old
    nurse.write(number=old)
    after, updater = nurse.person.number, "CRH_ST 11"
    diff = (("cpx_number", old, after),)
    story = "ancien numéro ADELI, la correspondance donne le RPPS"
    script.change(story, nurse, "update_account", "adeli_to_rpps", updater, diff=diff)

    for story, place, function, typed, updater in (
        ("RPPS sans son 8 dans l'annuaire", "IDF-1", "CHV_ST", "", "CHV_ST_ETS ETS-IDF"),
        ("numéro de série de la carte dans l'annuaire", "EFS", "HEMOVIGILANT", "serial", ADMIN),
    ):
        actor = country.at(place, function, "REMPLACANT")
        right = actor.person.number
        actor.user.cpx = actor.person.cards[-1].serial if typed else right[1:]
        diff = (("cpx_number", actor.user.cpx, right),)
        script.change(story, actor, "update_account", "card_number_differs", updater, diff=diff)


def cards_renewed(script: Script) -> None:
    """`card_renewed`: a new end, a new type, and a CPE that only the workbook knows."""
    country = script.country
    two_regions = country.hire("24-09", "ASSISTANT", profession="60")
    country.appoint(two_regions, "11-09", "ASSISTANT")
    two_regions.user.posts.sort(key=lambda post: post.structure.code)
    for story, actor, updater in (
        (
            "carte renouvelée, titulaire d'un ETS régional",
            country.at("ETS-IDF", "CHV_ST", "TITULAIRE"),
            ADMIN,
        ),
        ("carte renouvelée, région 52", country.at("52-06", "CHV_ST", "REMPLACANT"), VACANT_52),
        ("carte renouvelée, un ES dans chacune de deux régions", two_regions, "CRH_ST 24"),
    ):
        before, after = actor.person.cards[0].ends, actor.person.cards[-1].ends
        actor.user.expires = before
        actor.write(ends="")
        diff = (("card_expires_on", before.isoformat(), after.isoformat()),)
        script.change(story, actor, "update_account", "card_renewed", updater, diff=diff)

    graduate = country.hire("11-04", "ASSISTANT", profession="10")
    graduate.user.card_type, graduate.person.cards[0].type = "CPF", "CPF"
    diff = (("card_type", "CPF", "CPS"),)
    script.change("CPF devenue CPS", graduate, "update_account", "card_renewed", "CRH_ST 11", diff=diff)

    secretary = country.hire("52-08", "ASSISTANT", profession="SEC", register="")
    secretary.user.expires = date(2027, 8, 31)
    secretary.write(ends=date(2029, 9, 30))
    diff = (("card_expires_on", "2027-08-31", "2029-09-30"),)
    story = "CPE renouvelée, connue du seul tableau"
    script.change(story, secretary, "update_account", "card_renewed", VACANT_52, diff=diff)


def identities(script: Script) -> None:
    """`identity_changed`, `profession_changed`, `contact_changed`."""
    country = script.country
    married = country.at("24-08", "CHV_ST", "REMPLACANT")
    married.person.last += "-NOUVEAU"
    married.write(last=married.person.last)
    diff = (("last_name", married.user.last, married.person.last),)
    story = "nom d'usage changé"
    script.change(story, married, "update_account", "identity_changed", "CRH_ST 24", diff=diff)

    titled = country.at("ANSM", "ASSISTANT")
    right = {"M": "M.", "MME": "Mme"}[titled.person.civility]
    titled.user.civility = {"M.": "Mme", "Mme": "M."}[right]
    titled.write(civility="")
    diff = (("civility", titled.user.civility, right),)
    story = "civilité fausse ; assistant à l'ANSM : non couvert"
    script.change(story, titled, "update_account", "identity_changed", UNCOVERED, diff=diff)

    nurse = country.hire("IDF-3", "ASSISTANT", profession="60")
    nurse.user.profession = "Secrétaire"
    diff = (("profession", "Secrétaire", "Infirmier"),)
    updater = "CHV_ST_ETS ETS-IDF"
    story = "secrétaire devenue infirmière"
    script.change(story, nurse, "update_account", "profession_changed", updater, diff=diff)

    for story, actor, field, after, updater in (
        ("courriel d'un assistant de région", country.at("24", "ASSISTANT"), "email", "", "CRH_ST 24"),
        ("téléphone d'un CRH-ST", country.at("11", "CRH_ST", "REMPLACANT"), "phone", "01 99 00 90 01", ADMIN),
        (
            "téléphone, ANSM",
            country.at("ANSM", "HEMOVIGILANT", "REMPLACANT"),
            "phone",
            "01 99 00 90 02",
            ADMIN,
        ),
        ("courriel, site", country.at("CPDL-4", "CHV_ST", "TITULAIRE"), "email", "", "CHV_ST_ETS ETS-CPDL"),
    ):
        before = getattr(actor.user, field)
        new = after or "nouveau." + before
        actor.write(**{field: new})
        diff = ((field, before, new),)
        script.change(story, actor, "update_account", "contact_changed", updater, diff=diff)
