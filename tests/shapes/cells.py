"""Shapes of cells: the same value as people write it."""

from collections.abc import Callable
from datetime import date

from tests.shapes.book import Book

Shape = Callable[[Book], None]
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def each(name: str, change: Callable[[str, int], object]) -> Shape:
    """Write the cells of a field otherwise; `change`: the text and the place of the row → what is written."""

    def shape(book: Book) -> None:
        for sheet in book.sheets:
            for at, row in enumerate(sheet.people()):
                if sheet.has(name) and isinstance(row.get(name), str) and row[name]:
                    row[name] = change(str(row[name]), at)

    return shape


def on_dates(change: Callable[[date, int], object]) -> Shape:
    """Write the ends of cards otherwise."""

    def shape(book: Book) -> None:
        for sheet in book.sheets:
            for at, row in enumerate(sheet.people()):
                value = row.get("card_expires_on")
                if isinstance(value, date):
                    row["card_expires_on"] = change(value, at)

    return shape


def in_turn(*forms: str) -> Callable[[str, int], object]:
    """The forms one after the other, « {} » being the text."""
    return lambda text, at: forms[at % len(forms)].format(text)


def _of_rpps(change: Callable[[str, int], object]) -> Callable[[str, int], object]:
    return lambda text, at: change(text, at) if text.startswith("8") and "/" not in text else text


def _dressed(text: str, at: int) -> str:
    if "/" in text:
        return f"CPE {text}" if at % 2 else f"{text} (CPE)"
    forms = ("N° RPPS : {1}", "{0} (CPS)", "n°{1}", "RPPS {1}", "8/{1}", "CPS n° {0}")
    return forms[at % len(forms)].format(text, text[1:])


def _name_and_first(book: Book) -> None:
    for sheet in book.sheets:
        for row in sheet.people():
            row["last_name"] = f"{row['last_name']} {row['first_name']}"
        sheet.drop("first_name")
        sheet.column("last_name").label = "Nom et prénom"


def _first_and_name(book: Book) -> None:
    for sheet in book.sheets:
        for row in sheet.people():
            row["last_name"] = f"{row['first_name']} {row['last_name']}"
        sheet.drop("first_name")
        sheet.column("last_name").label = "Prénom Nom"


def _swapped(book: Book) -> None:
    for sheet in book.sheets:
        for row in sheet.people():
            if sheet.has("first_name"):
                row["last_name"], row["first_name"] = row["first_name"], row["last_name"]


def _function_and_rank(book: Book) -> None:
    for sheet in book.sheets:
        for row in sheet.people():
            row["function"] = f"{row['function']} {str(row['rank']).lower()}".strip()
        sheet.drop("rank")


def _profile(book: Book) -> None:
    codes = {("CRH-ST", "Titulaire"): "crhtit", ("CHV-ST", "Titulaire"): "cestit", ("CHV-ST", "Remplaçant"): "cesrpl"}
    for sheet in book.sheets:
        for row in sheet.people():
            if row["structure_type"] == "ES" or row["function"] == "CRH-ST":
                row["function"] = codes.get((str(row["function"]), str(row["rank"])), "ases")
        sheet.drop("rank")
        sheet.column("function").label = "Profil"


def _initial(text: str) -> str:
    return {"CENTRE HOSPITALIER": "CH", "CENTRE HOSPITALIER UNIVERSITAIRE": "C.H.U.", "HÔPITAL": "Hop."}.get(text, text)


def _shortened(text: str, _at: int) -> str:
    for long in ("CENTRE HOSPITALIER UNIVERSITAIRE", "CENTRE HOSPITALIER", "HÔPITAL"):
        if text.startswith(long):
            return _initial(long) + text.removeprefix(long).replace("SAINT", "St")
    return text


def _no_finess(book: Book) -> None:
    for sheet in book.sheets:
        sheet.drop("structure_code")


def _abbreviated(book: Book) -> None:
    each("structure_name", _shortened)(book)
    _no_finess(book)


def _finess_in_name(book: Book) -> None:
    for sheet in book.sheets:
        for row in sheet.people():
            row["structure_name"] = f"{row['structure_name']} ({row['structure_code']})"
    _no_finess(book)


def _name_in_finess(book: Book) -> None:
    for sheet in book.sheets:
        for row in sheet.people():
            row["structure_code"] = f"{row['structure_code']} - {row['structure_name']}"
        sheet.drop("structure_name")


def _by_month(day: date, at: int) -> str:
    month = MONTHS[day.month - 1]
    return (f"{month} {day.year}", f"{day:%m/%Y}", f"fin {month[:4]}. {day:%y}")[at % 3]


def _legal_entity(book: Book) -> None:
    from tests.shapes.truth import finess  # the truth writes books itself

    entities: dict[object, str] = {}
    for sheet in book.sheets:
        for row in sheet.people():
            if row["structure_type"] == "ES":
                row["structure_code"] = entities.setdefault(row["structure_code"], finess("45", 80 + len(entities)))


CELLS: dict[str, Shape] = {
    "numéros habillés": each("cpx_number", _dressed),
    "numéros espacés": each("cpx_number", _of_rpps(lambda text, _: f"{text[0]} {text[1:4]} {text[4:8]} {text[8:]}")),
    "numéros sans le 8": each("cpx_number", _of_rpps(lambda text, _: text[1:])),
    "numéros en nombres": each("cpx_number", _of_rpps(lambda text, _: int(text))),
    "adresses d'Outlook": each(
        "email", in_turn("Quelqu'un <{}>", "mailto:{}", '"NOM, Prénom" <{}>;', "{} (pro)", "'{}'", "{};")
    ),
    "adresses masquées": each("email", lambda text, _: text.replace("@", "(at)")),
    "adresses en capitales": each("email", lambda text, _: text.upper()),
    "téléphones avec poste": each("phone", in_turn("{} poste 12", "Tél. {}", "{} (secrétariat)", "{} / DECT 4512")),
    "téléphones en nombres": each("phone", lambda text, _: int(text)),
    "téléphones de l'étranger": each("phone", lambda text, _: f"+33 (0){text[1]} {text[2:4]} {text[4:6]} {text[6:]}"),
    "dates en lettres": on_dates(lambda day, _: f"{day.day} {MONTHS[day.month - 1]} {day.year}"),
    "dates par mois": on_dates(_by_month),
    "dates avec heure": on_dates(lambda day, _: f"{day:%d/%m/%Y} 23:59"),
    "dates à l'anglaise": on_dates(lambda day, _: f"{day:%m/%d/%Y}"),
    "dates en points": on_dates(lambda day, _: f"{day:%d.%m.%y}"),
    "dates en texte": on_dates(lambda day, _: f"{day:%d/%m/%Y}"),
    "noms en capitales": each("first_name", lambda text, _: text.upper()),
    "noms en minuscules": each("last_name", lambda text, _: text.title()),
    "noms avec titre": each("last_name", in_turn("Dr {}", "Mme {}", "M. {}", "Pr. {}")),
    "noms d'épouse": each("last_name", in_turn("{} (née BLANCHET)", "{} ép. BLANCHET", "{} épouse BLANCHET")),
    "nom et prénom en une cellule": _name_and_first,
    "prénom et nom en une cellule": _first_and_name,
    "nom et prénom intervertis": _swapped,
    "fonction et rang en une cellule": _function_and_rank,
    "rangs abrégés": each("rank", lambda text, _: text[0]),
    "suppléants": each("rank", lambda text, _: "Suppléant(e)" if text == "Remplaçant" else text),
    "profils d'e-FIT": _profile,
    "fonctions en toutes lettres": each(
        "function",
        lambda text, _: {
            "CHV-ST": "Correspondant d'hémovigilance",
            "CRH-ST": "Coordonnateur régional d'hémovigilance",
            "Assistant": "Assistant(e) hémovigilance",
        }[text],
    ),
    "types en mots": each("structure_type", lambda text, _: {"ES": "Établissement de santé"}.get(text, "ARS")),
    "statuts en mots": each("status", in_turn("En poste", "présent(e)", "Oui", "RAS", "congé maternité", "CDI")),
    "FINESS sans zéro": each("structure_code", lambda text, _: text.lstrip("0")),
    "FINESS en nombres": each("structure_code", lambda text, _: int(text)),
    "FINESS dans le nom": _finess_in_name,
    "nom dans le FINESS": _name_in_finess,
    "sans FINESS": _no_finess,
    "établissements abrégés, sans FINESS": _abbreviated,
    "FINESS juridique": _legal_entity,
    "professions en mots": each(
        "profession", lambda text, _: {"Infirmier": "IDE", "Médecin": "Praticien hospitalier"}.get(text, text)
    ),
}
