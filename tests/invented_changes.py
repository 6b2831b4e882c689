"""Invented people and their changes, for the tests of reports and mails: every kind, every sheet."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schemas.changes.change import AssignmentRef, Change, FieldChange, PersonRef, PostRef, Updater, change_id
from schemas.glyphs import typeset
from schemas.people.identifiers import with_luhn_key
from schemas.people.structure import Structure
from schemas.reading.issue import Issue, issue

DAY = date(2026, 11, 22)
LOT = "20261122-A7A7A7A7"
CRH = PostRef(post="CRH_ST", scope="24")
ETS = PostRef(post="CHV_ST_ETS", scope="ETS-CPDL")
ADMIN = PostRef(post="ADMIN_EFIT")
ADDRESSES = {
    "CRH_ST": ("crh.centre@example.org",),
    "CHV_ST_ETS": ("hv.cpdl@example.org",),
    "ADMIN_EFIT": ("admin.efit@example.org",),
}
STRUCTURES = {
    structure.code: structure
    for structure in (
        Structure("189990018", "ES", "Centre hospitalier de Bourg-Fictif", "24"),
        Structure("459990027", "ES", "Clinique des Trois-Modèles", "24"),
        Structure("379990036", "ES", "Hôpital d'essai Émile-Exemple – site de l'Île-aux-Songes", "24"),
        Structure("379990044", "SITE", "Site transfusionnel de Val-Chimère", "24", "ETS-CPDL"),
        Structure("24", "REGION", "Centre-Val de Loire", "24"),
    )
}


def number(serial: int) -> str:
    """A national identification from the test range, with its key."""
    return "8" + with_luhn_key(f"9970{serial:06d}")


@dataclass
class Builder:
    """Makes changes with as little said as possible; everything said nothing of has a default."""

    made: list[Change] = field(default_factory=list)

    def add(
        self,
        kind: str,
        reasons: str | tuple[str, ...],
        severity: str,
        name: str = "",
        *,
        at: str = "189990018",
        role: tuple[str, str] = ("CHV_ST", "TITULAIRE"),
        fields: list[tuple[str, str | None, str | None, str]] | None = None,
        to: PostRef = CRH,
        **more: Any,
    ) -> Change:
        """One change, kept in `made` too. `name` is « NOM Prénom », a field (name, before, after, source)."""
        serial = len(self.made) + 1
        last, _, first = name.rpartition(" ")
        national_id = more.pop("national_id", number(serial) if name else "")
        assignment = AssignmentRef(
            structure_code=at,
            structure_type=STRUCTURES[at].type,
            region_code=STRUCTURES[at].region_code,
            function=role[0] if name else "",
            rank=role[1] if name else "",
        )
        updater = {"recipients": ADDRESSES[to.post], **more.pop("updater", {})}
        change = Change.model_validate(
            {
                "id": change_id(national_id or at, kind, assignment, fields or reasons),
                "kind": kind,
                "reasons": (reasons,) if isinstance(reasons, str) else reasons,
                "severity": severity,
                "account_id": None if kind == "create_account" or not name else f"EF{serial:05d}",
                "person": PersonRef(national_id=national_id, last_name=last, first_name=first),
                "assignment": assignment,
                "fields": [
                    FieldChange(field=f, before=before, after=after, source=source)
                    for f, before, after, source in fields or []
                ],
                "updater": Updater.model_validate({"post": to.post, "scope": to.scope, **updater}),
                "first_seen": DAY,
                **more,
            }
        )
        self.made.append(change)
        return change


ORDRE = typeset(
    "Médecin ou pharmacien inscrit à l’Ordre : demander la CPS à l’Ordre professionnel ; aucune "
    "démarche auprès de l’ANS. Carte : CPS. Contact : Ordre professionnel."
)
TOM = typeset(
    "Non-professionnel de santé : 1) s’adresser au mandataire de l’établissement ; 2) il commande une CPE ou une CPA "
    "sur le téléservice TOM, ou avec le formulaire 301 envoyé à l’ANS. Carte : CPE/CPA. "
    "Contact : Mandataire de l’établissement auprès de l’ANS. "
    "Lien : https://esante.gouv.fr/sites/default/files/media_entity/documents/F301.pdf"
)


def invented_changes() -> list[Change]:
    """A night with every kind of change for a CRH-ST, and some for an ETS titulaire and the administrator."""
    b = Builder()
    book, cards, persons = (
        "workbook:regions/24-centre-val-de-loire.xlsx",
        "register.cards",
        "register.persons",
    )
    b.add(
        "create_account",
        "missing_account",
        "access",
        "D'ESSAI-LUNE Maëlle",
        role=("CHV_ST", "REMPLACANT"),
        fields=[
            ("cpx_number", None, number(1), persons),
            ("card_type", None, "CPS", cards),
            ("card_expires_on", None, "2028-05-31", cards),
            ("profession", None, "10", persons),
            ("email", None, "maelle.dessai-lune@example.org", book),
            ("phone", None, "+33261910012", book),
        ],
        guidance=f"Créer le compte dans e-FIT avec le numéro {number(1)}.",
    )
    b.add(
        "create_account",
        "missing_account",
        "access",
        "FICTIVE-ALBA Oriane",
        at="459990027",
        role=("ASSISTANT", ""),
        fields=[
            ("cpx_number", None, "3459990027/secretariat-hv", book),
            ("card_type", None, "CPE", book),
            ("card_expires_on", None, "2027-01-31", book),
            ("email", None, "=1+1@example.org", book),
        ],
        guidance=typeset(
            "Créer le compte dans e-FIT avec le numéro 3459990027/secretariat-hv. Cette personne "
            "utilise une carte CPE ou CPA : admis pour qui n’est pas inscrit à l’Ordre."
        ),
    )
    b.add(
        "add_assignment",
        "missing_assignment",
        "important",
        "MODÈLE-RIVE Côme",
        at="459990027",
        fields=[("function", None, "CHV_ST", book), ("rank", None, "REMPLACANT", book)],
        guidance="Ajouter cette fonction au compte.",
        also_concerned=[ETS],
    )
    b.add(
        "update_account",
        "adeli_to_rpps",
        "access",
        "EXEMPLE-VERDIER Anaïs",
        fields=[("cpx_number", "0189990011", number(4), "register.crosswalk")],
        guidance=f"Remplacer le numéro dans l’annuaire par {number(4)}.",
    )
    b.add(
        "update_account",
        "card_number_differs",
        "access",
        "TÉMOIN Barnabé",
        at="379990036",
        fields=[("cpx_number", number(5)[:-2] + "00", number(5), cards)],
        guidance=f"Remplacer le numéro dans l’annuaire par {number(5)}.",
        status="notified",
        first_seen=date(2026, 11, 3),
    )
    b.add(
        "update_account",
        ("card_renewed", "identity_changed", "contact_changed"),
        "important",
        "ÉPURE Salomé",
        fields=[
            ("card_type", "CPF", "CPS", cards),
            ("card_expires_on", "2026-12-31", "2029-12-31", cards),
            ("last_name", "ÉPURE", "ÉPURE-MIRAGE", persons),
            ("email", "salome.epure@example.org", "salome.epure-mirage@example.org", book),
        ],
        guidance="Reporter la carte en cours dans l’annuaire. Corriger l’identité dans l’annuaire. Corriger "
        "les coordonnées dans l’annuaire.",
    )
    b.add(
        "update_account",
        "profession_changed",
        "info",
        "SONGE Isaure",
        at="459990027",
        fields=[("profession", "21", "10", persons)],
        guidance="Corriger la profession dans l’annuaire.",
    )
    b.add(
        "update_account",
        "contact_changed",
        "info",
        "PARADIGME Loup",
        at="379990036",
        fields=[("phone", "+33261910044", "+33261910045", book)],
        guidance="Corriger les coordonnées dans l’annuaire.",
    )
    b.add(
        "end_assignment",
        "left",
        "important",
        "LEURRE Zélie",
        guidance="Mettre fin à cette fonction.",
        fields=[("status", None, "Parti", book)],
    )
    gone = b.add(
        "end_assignment",
        "absent_from_workbook",
        "important",
        "MIRAGE Hippolyte",
        at="379990036",
        guidance="Vérifier le départ, puis mettre fin à cette fonction.",
        fields=[("function", "CHV_ST", None, book)],
    )
    b.add(
        "deactivate_account",
        "no_assignment_left",
        "important",
        "MIRAGE Hippolyte",
        at="379990036",
        national_id=gone.person.national_id,
        linked_to=(gone.id,),
        guidance="Désactiver le compte une fois la dernière fonction retirée.",
    )
    b.add(
        "card_alert",
        "card_expired",
        "access",
        "CHIMÈRE Gédéon",
        fields=[("card_expires_on", "2026-10-31", None, cards), ("card_type", "CPS", None, cards)],
        guidance=typeset("Pour obtenir une carte : ") + ORDRE,
    )
    b.add(
        "card_alert",
        "card_opposed",
        "access",
        "HYPOTHÈSE Ondine",
        at="459990027",
        fields=[
            ("card_opposed_on", "2026-11-15", None, cards),
            ("card_expires_on", "2027-03-31", None, cards),
        ],
        guidance=typeset("Pour obtenir une nouvelle carte : ") + ORDRE,
    )
    b.add(
        "card_alert",
        "card_expiring",
        "access",
        "SPÉCIMEN Anselme",
        at="379990036",
        fields=[("card_expires_on", "2026-12-10", None, cards)],
        guidance=typeset("Le renouvellement est automatique ; si la carte n’arrive pas : ") + ORDRE,
    )
    b.add(
        "card_alert",
        "card_expiring",
        "important",
        "BROUILLON Cyprien",
        fields=[("card_expires_on", "2027-02-10", None, book)],
        role=("ASSISTANT", ""),
        guidance=typeset("Le renouvellement est automatique ; si la carte n’arrive pas : ") + TOM,
    )
    b.add(
        "card_alert",
        "card_missing",
        "access",
        "ESQUISSE Perrine",
        at="459990027",
        role=("ASSISTANT", ""),
        account_id=None,
        national_id="",
        guidance=typeset("Pour obtenir une carte : ") + TOM,
    )
    b.add(
        "review",
        "no_titulaire",
        "access",
        at="459990027",
        guidance="Désigner un CHV-ST titulaire et lui créer un accès, ou indiquer la convention avec l’EFS.",
    )
    b.add(
        "review",
        "ambiguous_match",
        "important",
        "HOMONYME Paulin",
        fields=[
            ("candidate", None, f"HOMONYME Paulin – {number(701)} – Médecin", persons),
            ("candidate", None, f"HOMONYME-GUÉ Paulin – {number(702)} – Pharmacien", persons),
            ("account", None, "EF00391 – HOMONYME P.", "annuaire"),
        ],
        guidance="Dire lequel des candidats est le bon, ou qu’aucun ne l’est. D’ici là, rien n’en est conclu.",
    )
    b.add(
        "review",
        "not_in_register",
        "important",
        "VANUATU-ESSAI Rémi",
        role=("ASSISTANT", ""),
        fields=[("cpx_number", "0189990029", None, "annuaire")],
        guidance=typeset(
            "Ce numéro ADELI a disparu du registre et aucune correspondance ne donne son numéro RPPS : "
            "demander à la personne le numéro de sa carte. Son accès n’est pas retiré."
        ),
    )
    b.add(
        "review",
        "role_incompatible",
        "important",
        "FEINTE Jade",
        role=("CHV_ST", "TITULAIRE"),
        fields=[
            (
                "detail",
                None,
                typeset("La fonction CHV-ST demande un médecin ou un pharmacien ; profession connue : Infirmier."),
                persons,
            ),
            ("profession", "60", None, persons),
        ],
        guidance="Corriger la fonction, le rang, la profession ou le type de carte.",
    )
    b.add(
        "card_alert",
        "card_expired",
        "access",
        "GABARIT Solène",
        at="379990044",
        to=ETS,
        fields=[("card_expires_on", "2026-11-21", None, cards)],
        guidance=typeset("Pour obtenir une carte : ") + ORDRE,
    )
    b.add(
        "end_assignment",
        "left",
        "important",
        "CANEVAS Ulysse",
        at="379990044",
        to=ETS,
        guidance="Mettre fin à cette fonction.",
    )
    b.add(
        "update_account",
        "card_number_differs",
        "access",
        "PATRON-LIGNE Ève",
        at="24",
        to=ADMIN,
        role=("CRH_ST", "TITULAIRE"),
        fields=[("cpx_number", number(23)[1:], number(23), cards)],
        guidance=f"Remplacer le numéro dans l’annuaire par {number(23)}.",
    )
    b.add(
        "create_account",
        "missing_account",
        "access",
        "ÉBAUCHE Tom",
        at="459990027",
        to=ADMIN,
        role=("ASSISTANT", ""),
        fields=[("cpx_number", None, number(24), persons)],
        updater={"escalated_from": "CRH_ST-52", "escalated_because": "vacant"},
        guidance="Créer le compte dans e-FIT.",
    )
    b.add(
        "add_assignment",
        "missing_assignment",
        "important",
        "MAQUETTE Lia",
        at="24",
        to=ADMIN,
        role=("CHV_ST", "REMPLACANT"),
        updater={"uncovered": True},
        guidance="Ajouter cette fonction au compte.",
    )
    return b.made


def invented_rejects() -> list[tuple[PostRef, Issue]]:
    """What was wrong in the CRH-ST's workbook."""
    book = "workbook:regions/24-centre-val-de-loire.xlsx"
    return [
        (CRH, issue(book, "Feuil1!F12", "cpx_number", "CPX_KEY", found="899700000099")),
        (
            CRH,
            issue(
                book,
                "Feuil1!F7",
                "cpx_number",
                "NUMBER_REFORMATTED",
                found="8,99700000017E+11",
                repaired="899700000017",
            ),
        ),
        (CRH, issue(book, "Feuil1!A31", "structure_code", "FINESS_KEY", found="189990019")),
        (CRH, issue(book, "Feuil1!M9", "email", "EMAIL_FORMAT", found="a.b(at)example.org")),
    ]


def sign(text: str, updater: PostRef) -> str:
    """A signature nobody trusts, for tests."""
    return f"sig.{abs(hash_of(text + updater.post + updater.scope)):08x}"


def hash_of(text: str) -> int:
    """A small stable hash."""
    return sum(at * ord(char) for at, char in enumerate(text, 1))
