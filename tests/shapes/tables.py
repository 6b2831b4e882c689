"""Shapes of tables: the same rows in other columns, under other headers, among other rows, in other files."""

from collections.abc import Callable
from dataclasses import replace

from tests.shapes.book import HEADER, RAW, STRUCK, Book, Column, Sheet
from tests.shapes.cells import Shape

PLACE = ("structure_code", "structure_name", "structure_type")


def groups(sheet: Sheet) -> list[list[dict[str, object]]]:
    """The rows by establishment, in their order."""
    found: dict[object, list[dict[str, object]]] = {}
    for row in sheet.people():
        found.setdefault((row["structure_code"], row["structure_name"]), []).append(row)
    return list(found.values())


def below(mark: str) -> Shape:
    """The establishment written once, a mark or nothing below it."""

    def shape(book: Book) -> None:
        for sheet in book.sheets:
            for rows in groups(sheet):
                for row in rows[1:]:
                    row.update(dict.fromkeys(PLACE, mark))

    return shape


def _titled(book: Book) -> None:
    for sheet in book.sheets:
        parted: list[dict[str, object]] = []
        for rows in groups(sheet):
            parted += [{RAW: [str(rows[0]["structure_name"]).upper()]}, *rows]
        sheet.rows = parted


def _totals(book: Book) -> None:
    for sheet in book.sheets:
        parted: list[dict[str, object]] = []
        for rows in groups(sheet):
            parted += [*rows, {RAW: ["Sous-total", "", "", "", "", str(len(rows))]}]
        sheet.rows = [*parted, {RAW: ["TOTAL", "", "", "", "", str(len(parted))]}]


def _vacancies(book: Book) -> None:
    words = ("VACANT", "Poste à pourvoir", "-", "N/A", "en cours de recrutement", "néant")
    for sheet in book.sheets:
        for at, rows in enumerate(groups(sheet)):
            empty = {**rows[0], "last_name": words[at % len(words)], "function": "Assistant", "rank": ""}
            cleared = dict.fromkeys(("first_name", "cpx_number", "email", "phone", "card_expires_on", "card_type"), "")
            sheet.rows.append({**empty, **cleared, "civility": "", "profession": "", "status": ""})


def _blank_rows(book: Book) -> None:
    for sheet in book.sheets:
        blank: dict[str, object] = {RAW: [""]}
        sheet.rows = [one for row in sheet.rows for one in (row, blank)]


def _repeated_header(book: Book) -> None:
    for sheet in book.sheets:
        sheet.rows = [*sheet.rows[:8], {HEADER: True}, *sheet.rows[8:]]


def _struck_leaver(book: Book) -> None:
    """A row struck through, of somebody whom nobody knows."""
    sheet = book.sheets[0]
    row = {**sheet.people()[0], "last_name": "RATURE", "first_name": "Ancien", "cpx_number": "", STRUCK: True}
    sheet.rows.append({**row, "email": "", "phone": ""})


def _reversed_columns(book: Book) -> None:
    for sheet in book.sheets:
        sheet.columns.reverse()


def _more_columns(book: Book) -> None:
    for sheet in book.sheets:
        for at, label in enumerate(("Fax", "Date de naissance", "Service", "Adresse")):
            sheet.columns.insert(2 + 3 * at, Column(f"_{label}", label))


def _name_twice(book: Book) -> None:
    for sheet in book.sheets:
        if sheet.has("structure_name"):
            sheet.column("structure_name").label = "Nom"


def _numbers_in_two_columns(book: Book) -> None:
    for sheet in book.sheets:
        for row in sheet.people():
            number = str(row["cpx_number"])
            row["_cpe"], row["cpx_number"] = (number, "") if "/" in number else ("", row["cpx_number"])
        at = next(at for at, one in enumerate(sheet.columns) if one.field == "cpx_number")
        sheet.columns[at].label = "N° RPPS"
        sheet.columns.insert(at + 1, Column("_cpe", "N° CPE"))


def _entity_beside(book: Book) -> None:
    for sheet in book.sheets:
        for row in sheet.people():
            row["_entity"] = "450000000" if row["structure_type"] == "ES" else ""
        sheet.columns.insert(0, Column("_entity", "FINESS juridique"))
        sheet.column("structure_code").label = "FINESS géographique"


def _date_of_end(book: Book) -> None:
    for sheet in book.sheets:
        sheet.column("card_expires_on").label = "Date de fin"


def labelled(labels: dict[str, str]) -> Shape:
    """Headers in other words."""

    def shape(book: Book) -> None:
        for sheet in book.sheets:
            for one in sheet.columns:
                one.label = labels.get(one.field, one.label)

    return shape


def relabelled(change: Callable[[str], str]) -> Shape:
    """Headers written otherwise."""

    def shape(book: Book) -> None:
        for sheet in book.sheets:
            for one in sheet.columns:
                one.label = change(one.label)

    return shape


_CAPTIONS = {
    "Établissement": {"structure_code": "N° FINESS", "structure_name": "Nom", "structure_type": "Type"},
    "Correspondant": {"civility": "Civilité", "last_name": "Nom", "first_name": "Prénom", "profession": "Profession"},
    "Carte": {"cpx_number": "N°", "card_type": "Type", "card_expires_on": "Fin de validité"},
    "Contact": {"email": "Mail", "phone": "Tél."},
}


def _captions(book: Book) -> None:
    for sheet in book.sheets:
        captions = {name: (over, label) for over, names in _CAPTIONS.items() for name, label in names.items()}
        before = ""
        for one in sheet.columns:
            over, label = captions.get(one.field, ("", one.label))
            one.label, one.captions = label, ((over if over != before else "") or ("Mission" if not over else ""),)
            before = over


def _three_rows(book: Book) -> None:
    _captions(book)
    for sheet in book.sheets:
        for at, one in enumerate(sheet.columns):
            one.captions = ("Recensement régional" if at == 0 else "", *one.captions)


def _split_labels(book: Book) -> None:
    for sheet in book.sheets:
        for one in sheet.columns:
            first, _, rest = one.label.partition(" ")
            one.captions, one.label = ((first,), rest) if rest else (("",), one.label)


def _titles_above(book: Book) -> None:
    for sheet in book.sheets:
        sheet.above = [["Région Centre-Val de Loire"], ["Correspondants au 20/11/2026"], []]


def _by_establishment(book: Book) -> None:
    sheet = book.sheets[0]
    pages = [replace(sheet, name=f"Etab {at}", rows=rows) for at, rows in enumerate(groups(sheet), 1)]
    book.sheets = [*pages, *book.sheets[1:]]


def _leavers(book: Book) -> None:
    sheet = book.sheets[0]
    gone = {**sheet.people()[0], "last_name": "PARTANT", "first_name": "Denis", "cpx_number": "", "email": ""}
    book.sheets.append(Sheet("Partis", list(sheet.columns), [gone]))


def _archive(book: Book) -> None:
    sheet = book.sheets[0]
    old = [{**row, "last_name": "VIEUX", "first_name": "Marc", "cpx_number": ""} for row in sheet.people()[:3]]
    book.sheets.append(Sheet("2024", list(sheet.columns), old))


def _guide(book: Book) -> None:
    book.sheets.insert(0, Sheet("Lisez-moi", [Column("_t", "Comment remplir ce tableau")], [{RAW: ["Une ligne"]}]))


def _hidden(book: Book) -> None:
    book.sheets.append(replace(book.sheets[0], name="Listes", rows=[], hidden=True))


def filed(*kind: str) -> Shape:
    """In another kind of file."""

    def shape(book: Book) -> None:
        book.kind = kind

    return shape


def wide(contacts: bool) -> Shape:
    """A row for each establishment, a group of columns for each rank."""

    def shape(book: Book) -> None:
        sheet = book.sheets[0]
        labels = {"last_name": "{}", "cpx_number": "N° CPx {}"} | ({"email": "Mail {}"} if contacts else {})
        ranks = ("titulaire", "remplaçant", "assistant", "assistant 2")
        columns = [one for one in sheet.columns if one.field in PLACE]
        columns += [Column(f"{name}/{of}", text.format(of)) for of in ranks for name, text in labels.items()]
        rows = []
        for people in groups(sheet):
            line: dict[str, object] = {name: people[0][name] for name in PLACE}
            taken: set[str] = set()
            for row in people:
                group = str(row["rank"]).lower() or ("assistant" if "assistant" not in taken else "assistant 2")
                taken.add(group)
                told = {**row, "last_name": f"{row['last_name']} {row['first_name']}"}
                line.update({f"{name}/{group}": told[name] for name in labels})
            rows.append({**dict.fromkeys((f"last_name/{of}" for of in ranks), "vacant"), **line})
        book.sheets = [replace(sheet, columns=columns, rows=rows)]

    return shape


TABLES: dict[str, Shape] = {
    "titres de section": _titled,
    "totaux": _totals,
    "postes vacants": _vacancies,
    "lignes vides": _blank_rows,
    "en-tête répété": _repeated_header,
    "ligne barrée": _struck_leaver,
    "colonnes à l'envers": _reversed_columns,
    "colonnes en plus": _more_columns,
    "deux colonnes Nom": _name_twice,
    "RPPS et CPE à part": _numbers_in_two_columns,
    "FINESS juridique à côté": _entity_beside,
    "« Date de fin » de la carte": _date_of_end,
    "en-têtes en capitales": relabelled(str.upper),
    "en-têtes abrégés": labelled(
        {"function": "Fct", "rank": "Tit/Rempl", "structure_code": "Finess géo", "phone": "Tél",
         "cpx_number": "n° RPPS / CPE",
         "structure_name": "Etab.", "civility": "Civ.", "email": "Mail pro", "card_expires_on": "Fin validité carte"}
    ),
    "en-têtes fautifs": labelled({"function": "Foncton", "first_name": "Prénon", "structure_name": "Etablisement"}),
    "en-têtes longs": labelled(
        {"cpx_number": "N° de la carte CPS / CPE", "last_name": "Nom du correspondant",
         "email": "Adresse mail professionnelle",
         "card_expires_on": "Date de fin de validité de la carte (JJ/MM/AAAA)", "status": "Situation (actif / parti)"}
    ),
    "en-têtes sur deux lignes": _captions,
    "en-têtes sur trois lignes": _three_rows,
    "en-têtes coupés": _split_labels,
    "titres au-dessus": _titles_above,
    "une feuille par établissement": _by_establishment,
    "feuille des partis": _leavers,
    "feuille d'une année passée": _archive,
    "large": wide(contacts=False),
    "large avec courriels": wide(contacts=True),
    "feuille d'explications": _guide,
    "feuille masquée": _hidden,
    "établissement une fois": below(""),
    "idem": below("idem"),
    'guillemets "': below('"'),
    "csv ;": filed("csv", ";", "utf-8"),
    "csv , Windows": filed("csv", ",", "cp1252"),
    "texte Unicode": filed("csv", "\t", "utf-16"),
    "ods": filed("ods"),
}  # fmt: skip
