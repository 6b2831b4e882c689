"""What only a person can decide: `review`, and nothing else for whoever is under one."""

from dataclasses import replace

from sample_data.cast import Account, Actor, Row
from sample_data.script import Script

VACANT_52 = "ADMIN_EFIT < CRH_ST 52"


def unknown_numbers(script: Script) -> None:
    """`not_in_register`: an account's RPPS, an ADELI that vanished, a new row's RPPS."""
    country = script.country
    gone = country.hire("11-05", "ASSISTANT", profession="60")
    vanished = country.hire("52-05", "ASSISTANT", profession="86", register="ADELI")
    new = script.newcomer("24-03", "ASSISTANT")
    for actor in (gone, vanished, new):
        actor.person.register, actor.person.cards = "", []
    script.change("RPPS inconnu du registre", gone, "review", "not_in_register", "CRH_ST 11")
    script.change("ADELI disparu, sans correspondance", vanished, "review", "not_in_register", VACANT_52)
    post = script.post("24-03", "ASSISTANT")
    story = "nouveau venu au RPPS inconnu"
    script.change(story, new, "review", "not_in_register", "CRH_ST 24", post=post, account=False)


def doubtful_names(script: Script) -> None:
    """`number_of_another`, and `ambiguous_match` for a near name."""
    country = script.country
    actor = country.at("24-06", "CHV_ST", "REMPLACANT")
    stranger = script.newcomer("24-06", "ASSISTANT", profession="21")
    stranger.rows, stranger.person.sites = [], []
    actor.user.cpx, actor.person.sites = stranger.person.number, []
    actor.write(number="", card="", ends="")
    script.reject("numéro absent, compte trouvé par le nom", actor.row.file, "CPX_MISSING")
    story = "le numéro du compte est celui d'une autre personne"
    script.change(story, actor, "review", "number_of_another", "CRH_ST 24")

    near = country.hire("11-01", "ASSISTANT", profession="60")
    establishment = country.structures["11-01"]
    near.user.last = near.user.last[:-1]
    near.user.cpx, near.user.card_type = f"3{establishment.code}/9001-FICTIF", "CPE"
    story = "nom proche dans le même ES, numéros différents"
    script.change(story, near, "review", "ambiguous_match", "CRH_ST 11")


def twin_accounts(script: Script) -> None:
    """`shared_number`: two people on one number; `duplicate_account`: one person on two."""
    country = script.country
    one, other = country.at("11-06", "CHV_ST", "REMPLACANT"), country.at("11-07", "CHV_ST", "REMPLACANT")
    other.user.cpx = one.user.cpx
    story = "deux comptes sur un numéro : dit une fois, au compte qui n'est pas le sien"
    script.change(story, other, "review", "shared_number|number_of_another", "CRH_ST 11")

    first = country.hire("52-03", "ASSISTANT", profession="60")
    second = _second_account(script, first, "52-04")
    second.user.cpx = script.former_number(first)
    for actor in (first, second):
        script.change("deux comptes pour une personne", actor, "review", "duplicate_account", VACANT_52)


def _second_account(script: Script, actor: Actor, place: str) -> Actor:
    """The same person on stage twice: another account at another structure, with its own row."""
    country = script.country
    other = country.hire(place, "ASSISTANT", profession=actor.person.profession)
    account: Account = replace(actor.user, id=other.user.id, posts=other.user.posts)
    twin = Actor(actor.person, account, [])
    country.actors[-1] = twin
    country.list_in_workbook(twin, account.posts[0])
    return twin


def roles(script: Script) -> None:
    """`role_incompatible`: in the annuaire, and in a row that would add it (which is then not proposed)."""
    country = script.country
    nurse = country.hire("11-09", "CHV_ST", "REMPLACANT", profession="60")
    script.change("CHV-ST infirmier", nurse, "review", "role_incompatible", "CRH_ST 11")
    actor, post = country.at("24-09", "ASSISTANT"), script.post("24-09", "CRH_ST")
    country.list_in_workbook(actor, post)
    story = "un tableau donne un CRH-ST à un ES : non couvert"
    script.change(story, actor, "review", "role_incompatible", "ADMIN_EFIT ?", post=post)


def structures(script: Script) -> None:
    """`two_titulaires`, `no_titulaire`, `structure_closed`; and a convention that silences one."""
    country = script.country
    country.hire("11-08", "CHV_ST", "TITULAIRE")
    titulaire = script.post("11-08", "CHV_ST", "TITULAIRE")
    script.change("deux titulaires", None, "review", "two_titulaires", "CRH_ST 11", post=titulaire)

    country.actors.remove(country.at("24-07", "CHV_ST", "TITULAIRE"))
    missing = script.post("24-07", "CHV_ST", "TITULAIRE")
    script.change("aucun titulaire", None, "review", "no_titulaire", "CRH_ST 24", post=missing)

    script.closed.add(country.structures["11-10"].code)
    place = script.post("11-10", "CHV_ST", "TITULAIRE")
    script.change("établissement fermé", None, "review", "structure_closed", "CRH_ST 11", post=place)

    former = country.hire("24-10", "ASSISTANT", profession="60")
    former.user.active, former.rows = False, []
    structure = country.structures["24-10"]
    cells = {"FINESS": structure.code, "Établissement": structure.name, "Type de structure": "ES"}
    script.silence("ES sans compte actif, convention EFS : pas de no_titulaire", structure.code)
    script.loose_rows.append(Row(structure.file, {**cells, "Convention EFS": "Oui"}))
