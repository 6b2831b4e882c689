"""What to tell the updater, in French: what is wrong, what to do, and how the person gets a card (procedure §3)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pipelines.changes.draft import Draft
from pipelines.matching.explanation import candidates_text
from pipelines.phrase import source_text, value_text
from schemas import nomenclatures
from schemas.nomenclatures import code_of, profession_group, say
from schemas.people.identifiers import NumberKind, kind_of
from schemas.people.person import GoldenPerson
from schemas.words import label_key

# The professions that have an Ordre: the others are sent to none (procedure §3).
_WITH_AN_ORDRE = ("medecin_pharmacien", "infirmier", "professionnel_ordre")
# A military or administrative doctor is not on the Ordre's list (procedure §3 line 4).
_OUTSIDE_THE_ORDRE = ("militaire", "armees", "fonctionnaire")


@dataclass(frozen=True, slots=True)
class CardSituation:
    """What the decision table of procedure §3 looks at; values of the columns of `card_cases.csv`."""

    profession_group: str
    registered: str
    in_training: str
    number_kind: str
    bills: str


def card_case(situation: CardSituation) -> dict[str, str]:
    """Return the first row of `card_cases.csv` that fits; a cell may have several values, `*` is any."""
    asked = {
        "profession_group": situation.profession_group,
        "registered": situation.registered,
        "in_training": situation.in_training,
        "number_kind": situation.number_kind,
        "bills": situation.bills,
    }
    return next(
        row
        for row in nomenclatures.rows("card_cases")
        if all(row[column] == "*" or value in row[column].split("|") for column, value in asked.items())
    )


def situation_of(draft: Draft) -> CardSituation:
    """Return profession and situation of the person of a card alert. Registered: oui, non, or inconnu."""
    person, account = draft.person, draft.account
    profession = _profession(person) or (code_of("professions", account.profession) if account else "")
    text = label_key(account.profession if account else "")
    person_id = person.person_id if person else ""
    if any(word in text for word in _OUTSIDE_THE_ORDRE) or kind_of(person_id) is NumberKind.ESTABLISHMENT:
        registered = "non"
    else:
        registered = "oui" if person_id.startswith("8") else "inconnu"
    bills = person.bills if person else None
    return CardSituation(
        profession_group=profession_group(profession),
        registered=registered,
        in_training="oui" if person and person.in_training else "non",
        number_kind=(kind_of(person_id) if person_id else NumberKind(draft.number_kind or "NONE")).value,
        bills={True: "oui", False: "non", None: "inconnu"}[bills],
    )


def _profession(person: GoldenPerson | None) -> str:
    if person is None:
        return ""
    return person.professions[0] if person.professions else person.value("profession")


def _has_an_ordre(person: GoldenPerson) -> bool:
    return any(profession_group(code) in _WITH_AN_ORDRE for code in (*person.professions, _profession(person)))


def card_steps(draft: Draft) -> str:
    """Return steps, card, contact and link for this person; and for who is not with the Ordre, where that is
    not known.
    """
    situation = situation_of(draft)
    row = card_case(situation)
    if situation.registered != "inconnu" or not row["otherwise"]:
        return _steps(row)
    other = next(one for one in nomenclatures.rows("card_cases") if one["case"] == row["otherwise"])
    return f"{_steps(row)} {_steps(other)}"


def _steps(row: Mapping[str, str]) -> str:
    text = say("card_case.line", steps=say(f"card_case.{row['case']}"), card=row["card"], contact=row["contact"])
    return text + (say("card_case.link", link=row["link"]) if row["link"] else "")


def guidance(draft: Draft) -> str:
    """Return what to do and whom to contact; the reason is said beside it (contract §5)."""
    parts = []
    for key in (*draft.before, *(draft.todo or (draft.reason,))):
        parts.append(say(f"todo.{key}", **draft.values))
    if draft.card_steps:
        parts.append(card_steps(draft))
    if draft.reason == "missing_account":
        parts.extend(_notes(draft))
    if draft.reason == "contact_changed" and draft.person:
        parts.extend(_conflicts(draft.person, {one.field for one in draft.fields}))
        if draft.person.person_id.startswith("8") and _has_an_ordre(draft.person):
            parts.append(say("todo.contact_rpps"))
    if draft.kind == "review" and not draft.told:
        parts.append(candidates_text(draft.candidates, draft.more))
    return " ".join(filter(None, parts))


def _conflicts(person: GoldenPerson, changed: Collection[str]) -> Iterator[str]:
    """Workbooks that give different addresses: which is kept and why, for nobody should have to guess."""
    for name, found in person.contacts.items():
        if name in changed and len({one.source for one in found}) > 1:
            kept, *others = (
                say("explain.kept_other", value=value_text(name, one.value), source=source_text(one.source))
                for one in found
            )
            yield say("todo.contact_conflict", kept=kept, others=", ".join(others))


def _notes(draft: Draft) -> list[str]:
    person = draft.person
    if person is None:
        return []
    notes = []
    if kind_of(person.person_id) is NumberKind.ESTABLISHMENT:
        notes.append(say("todo.cpe_note"))
    card = person.card
    if card and card.state in ("expired", "opposed") and card.ends_on:
        day = card.opposed_on if card.state == "opposed" and card.opposed_on else card.ends_on
        notes.append(say(f"todo.card_{card.state}_note", date=f"{day:%d/%m/%Y}"))
    elif card is None and person.cards_known:
        notes.append(say("todo.card_missing_note"))
    return notes
