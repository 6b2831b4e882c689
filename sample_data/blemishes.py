"""What must change nothing: noise on quiet people, and the codes of contract §8 in their rows."""

from dataclasses import replace
from datetime import date, timedelta

from anyascii import anyascii

from sample_data.cast import Actor, Cell, Post
from sample_data.script import Script
from schemas.people.identifiers import with_luhn_key


def noise(script: Script) -> None:
    """The same things written otherwise by people without a story: no change (contract §5)."""
    told = {line.account_id for line in script.expected}
    quiet = [actor for actor in script.country.actors if actor.account and actor.account.id not in told]
    for turn, actor in enumerate(quiet):
        user = actor.user
        if turn % 4 == 1 and user.card_type in ("CPS", "CPE"):
            user.card_type = f"e-{user.card_type}"
        if turn % 5 == 2:
            user.last = anyascii(user.last).title().replace("-", " ")
        if turn % 7 == 3:
            user.phone = "+33 " + user.phone[1:]
        if turn % 6 == 4:
            user.email = user.email.upper()
        if turn % 9 == 5 and user.civility in ("M.", "Mme"):
            user.civility = {"M.": "Monsieur", "Mme": "MME"}[user.civility]


def quiet_oddities(script: Script) -> None:
    """Cases in which nothing must happen: see the README."""
    country = script.country
    chv = country.at("24-02", "CHV_ST", "REMPLACANT")
    country.appoint(chv, "24-03", "CHV_ST", "REMPLACANT")
    script.silence("une personne, deux ES", chv)

    one, other = country.at("24-03", "CHV_ST", "REMPLACANT"), country.at("11-04", "CHV_ST", "REMPLACANT")
    for telling in (other.person, other.user):
        telling.last, telling.first = one.person.last, one.person.first
    other.write(last=one.person.last, first=one.person.first)
    script.silence("deux homonymes inscrits, dans deux régions", one, other)

    old_card = country.hire("52-10", "ASSISTANT", profession="60")
    number = script.former_number(old_card)
    old_card.user.cpx = number
    for card in old_card.person.cards:
        card.content = number
    script.silence("la carte en cours porte encore l'ADELI : le numéro du compte est le bon", old_card)

    soon = country.at("52-10", "CHV_ST", "REMPLACANT")
    end = date(2026, 12, 31)
    soon.person.cards[-1].ends, soon.user.expires = end, end
    soon.person.cards.append(country.card(soon.person.number, end + timedelta(days=1094)))
    soon.person.cards[-1].starts = end + timedelta(days=1)
    soon.write(ends=end)
    script.silence("la carte finit bientôt, la suivante est déjà connue", soon)

    hidden = country.at("52-09", "CHV_ST", "REMPLACANT")
    hidden.row.hidden = True
    script.silence("sa ligne est masquée dans le classeur : lue quand même", hidden)


def wrong_fields(script: Script) -> None:
    """A field is set aside or repaired with its code; the row, and its person, stay."""
    country = script.country

    def told(story: str, code: str, actor: Actor, /, **cells: Cell) -> None:
        actor.write(**cells)
        script.reject(story, actor.row.file, code)

    def who(place: str, rank: str = "REMPLACANT") -> Actor:
        return country.at(place, "CHV_ST", rank) if rank else country.at(place, "ASSISTANT")

    wrong_key = who("24-01").person.number
    told("clé fausse", "CPX_KEY", who("24-01"), number=wrong_key[:-1] + str((int(wrong_key[-1]) + 1) % 10))
    told("31 février", "CARD_DATE_INVALID", who("24-05", "TITULAIRE"), ends="31/02/2027")
    told(
        "date d'émission seule",
        "END_DATE_FROM_ISSUE",
        who("24-06", "TITULAIRE"),
        ends="",
        issued=date(2025, 3, 4),
    )
    told("courriel sans arobase", "EMAIL_FORMAT", who("24-08", "TITULAIRE"), email="secretariat poste 12")
    told("poste interne", "PHONE_FORMAT", who("24-09", "TITULAIRE"), phone="12 34")
    copy = who("24-09")
    copy.rows.append(replace(copy.row, cells=dict(copy.row.cells)))
    script.reject("ligne en double", copy.row.file, "DUPLICATE_ROW")

    told("« en cours »", "CPX_FORMAT", who("52-01"), number="en cours")
    told("numéro de série sans porteur", "CPX_SERIAL", who("52-02"), number="9998888888")
    resolved = who("52-03")
    told("numéro de série de la carte", "SERIAL_RESOLVED", resolved, number=resolved.person.cards[-1].serial)
    told("RPPS sans son 8", "TYPE_DIGIT_ADDED", who("52-04"), number=who("52-04").person.number[1:])
    spaced = who("52-05").person.number
    told(
        "espaces insécables",
        "NUMBER_REFORMATTED",
        who("52-05"),
        number="\u00a0".join((spaced[:3], spaced[3:7], spaced[7:])),
    )
    told("profession inconnue", "PROFESSION_UNKNOWN", who("52-07"), profession="Magicien")
    script.reject("dates en texte", who("52-01").row.file, "DATE_REFORMATTED", 0)
    quiet = country.hire("52-08", "ASSISTANT", profession="98", register="ADELI")
    told("ADELI sans ses zéros", "LEADING_ZERO_RESTORED", quiet, number=quiet.person.number[1:])

    dressed = who("52-07", "TITULAIRE")
    told("numéro parmi d'autres mots", "NUMBER_UNDRESSED", dressed, number=f"RPPS n° {dressed.person.number[1:]} (CPS)")
    script.reject("« idem » sous le type de structure", dressed.row.file, "FILLED_DOWN")
    script.reject("poste vacant", dressed.row.file, "VACANCY")
    script.reject("ligne de total", dressed.row.file, "TOTAL_ROW")
    script.reject("feuille des partis", dressed.row.file, "SHEET_SKIPPED")
    turned = who("24-07")
    cells = turned.row.cells
    told("nom et prénom intervertis", "NAMES_SWAPPED", turned, last=cells["Prénom"], first=cells["Nom"])
    entity = with_luhn_key("45999098")
    told("FINESS de l'entité juridique, nom du site à côté", "FINESS_LEGAL_ENTITY", who("24-06"), code=entity)

    told("identifiant de type 2", "CPX_OBSOLETE_TYPE", who("CPDL-1"), number="275000000/0042")
    told("CPE avec un RPPS", "CPX_TYPE_MISMATCH", who("CPDL-2"), card="CPE")
    script.reject("tableau en Windows-1252", who("CPDL-1").row.file, "ENCODING", 0)


def rows_left_out(script: Script) -> None:
    """Rows that cannot be placed, all in the workbook of region 11, where nobody is to be missed."""
    country = script.country

    def ghost(story: str, reject: str, /, **cells: Cell) -> Actor:
        actor = script.newcomer("11-01", "ASSISTANT")
        actor.write(**cells)
        script.reject(story, actor.row.file, reject)
        if reject != "NAME_MISSING":
            asked(story, actor)
        return actor

    def asked(story: str, actor: Actor) -> None:
        where = Post(country.structures["11"], "")
        script.change(story, actor, "review", "line_not_understood", "CRH_ST 11", post=where, account=False)

    ghost("nom à la place du FINESS", "FINESS_FORMAT", code="CH du Lac", place="")
    ghost("région inventée", "REGION_UNKNOWN", code="Atlantide", place="Atlantide", type="Région sanitaire")
    ghost("fonction inventée", "FUNCTION_UNKNOWN", function="Cadre de nuit")
    ghost("type de structure inventé", "STRUCTURE_TYPE_UNKNOWN", code="", place="Garage fictif", type="Garage")
    nobody = ghost("ni nom ni numéro", "NAME_MISSING", last="", first="", number="", email="", phone="")
    script.reject("ni nom ni numéro", nobody.row.file, "CPX_MISSING")

    kept = country.at("11-07", "ASSISTANT")
    code = str(kept.row.cells["FINESS"])
    kept.write(code=code[:-1] + str((int(code[-1]) + 1) % 10), place="")
    asked("clé FINESS fausse : illisible n'est pas parti, la question est posée", kept)
    script.reject("clé FINESS fausse : la personne garde son accès", kept.row.file, "FINESS_KEY")

    unknown = with_luhn_key("75999099")
    place = replace(country.structures["11-01"], key="11-99", code=unknown, name="Clinique fictive neuve")
    country.structures["11-99"] = place
    first = script.newcomer("11-99", "CHV_ST", "TITULAIRE", profession="10")
    script.reject("FINESS inconnu partout : ligne conservée", first.row.file, "FINESS_UNKNOWN")
    story, post = "titulaire d'un établissement inconnu", script.post("11-99", "CHV_ST", "TITULAIRE")
    script.change(story, first, "create_account", "missing_account", "CRH_ST 11", post=post, account=False)
