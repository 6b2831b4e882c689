"""Puts one change into French: values as people write them, the reason with its source, what else to know."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from schemas.changes.change import AssignmentRef, Change, FieldChange, PostRef, Updater
from schemas.nomenclatures import ADMIN_EFIT, POSTS, ets, label_of, messages, post_said, reasons, regions, rows, say
from schemas.people.card import lost_on
from schemas.people.structure import Structure
from schemas.reading.source_names import WORKBOOK
from schemas.reports.report import FormLink
from schemas.typography import NBSP, say_count

_CELL = re.compile(r"(.+)!(\$?[A-Z]{0,3}\$?)(\d+)")
_COLUMN = re.compile(r"(.+)!([A-Z]{1,3})")  # of a sheet whose people stand in columns
_WORKBOOK_NAMED = re.compile(r"(\b(?:le|du|au) classeur\b)")
ADDRESS = re.compile(r"https?://\S+")
FRENCH_PHONE = re.compile(r"(?:\+33|0)([1-9])((?:\d\d){4})")
NOMENCLATURE_OF = {
    "profession": "professions",
    "civility": "civilities",
    "function": "functions",
    "rank": "ranks",
    "structure_type": "structure_types",
}
# Which reasons explain which field, where one change has several reasons (contract §6).
REASONS_OF = {
    "cpx_number": ("adeli_to_rpps", "card_number_differs"),
    "card_type": ("card_renewed",),
    "card_expires_on": ("card_renewed",),
    "last_name": ("identity_changed",),
    "first_name": ("identity_changed",),
    "civility": ("identity_changed",),
    "profession": ("profession_changed",),
    "email": ("contact_changed",),
    "phone": ("contact_changed",),
}


def day_text(day: date) -> str:
    """Return 22/11/2026."""
    return f"{day:%d/%m/%Y}"


def value_text(field: str, value: str | None) -> str:
    """Return a field's value as people write it: dates JJ/MM/AAAA, labels for codes, phones by pairs."""
    text = value or ""
    if field.endswith("_on"):
        day = _day(text)
        return day_text(day) if day else text
    if field == "phone" and (parts := FRENCH_PHONE.fullmatch(text)):
        return " ".join(["0" + parts[1], *re.findall("..", parts[2])])
    return label_of(NOMENCLATURE_OF[field], text) if field in NOMENCLATURE_OF else text


def place_text(location: str) -> str:
    """Return « feuille « Hémovigilance », ligne 58 » for Hémovigilance!58; what is no cell as it is."""
    cell = _CELL.fullmatch(location)
    if cell is None:
        turned = _COLUMN.fullmatch(location)
        return say("place_in.column", sheet=turned[1], column=turned[2]) if turned else location
    column = cell[2].replace("$", "")
    return say("place_in.cell" if column else "place_in.row", sheet=cell[1], row=cell[3], column=column)


def field_text(field: str) -> str:
    """Return « Numéro CPx »; the field's own name when the catalogue has none."""
    return messages().get(f"field.{field}", field)


def detail_text(field: FieldChange) -> str:
    """Return « Numéro CPx : 899… », or « before → after » where there are both."""
    values = [value_text(field.field, value) for value in (field.before, field.after) if value]
    return f"{field_text(field.field)}{NBSP}: {' → '.join(dict.fromkeys(values))}"


def source_text(source: str) -> str:
    """Return « registre RPPS », « classeur 24.xlsx »; names are `register.cards` or `workbook:<path>`."""
    known = messages().get(f"source.{source.replace('.', '_')}")
    if known and "{" not in known:
        return known
    if source.startswith(WORKBOOK):
        path = source.removeprefix(WORKBOOK).lstrip(".: ")
        return say("source.workbook", path=path.rpartition("/")[2])  # its folder is the server's, not the reader's
    return source


def post_text(ref: PostRef) -> str:
    """Return « CRH-ST de la région Centre-Val de Loire (24) »."""
    name = regions().get(ref.scope) or ets().get(ref.scope)
    scope = say("report.region_scope", name=name, code=ref.scope) if name else ref.scope
    return post_said(ref.post, scope)


def meant_for(updater: Updater) -> str:
    """Return « CRH-ST de la région Centre-Val de Loire (24) »: the post a change was meant for (`escalated_from`)."""
    said = updater.escalated_from or ""
    post = next((code for code in sorted(POSTS, key=len, reverse=True) if said.startswith(code)), ADMIN_EFIT)
    scope = said.removeprefix(post).lstrip(" :-/")
    if not scope:
        return say(f"post_name.{post}")
    return post_text(PostRef.model_validate({"post": post, "scope": scope}))


def escalation_text(updater: Updater) -> str:
    """Return « Destiné à : …, dont le poste est vacant »: for whom it was meant and why it is the administrator's; ""
    else.
    """
    if not updater.escalated_from:
        return ""
    return say(f"escalated.{updater.escalated_because or 'unknown'}", post=meant_for(updater))


def person_text(change: Change) -> str:
    """Return « MARTIN Anne »; for a change about a structure, that it is about the whole of it."""
    person = change.person
    return f"{person.last_name} {person.first_name}".strip() or say("report.whole_structure")


def action_text(change: Change) -> str:
    """Return « Créer le compte », « Réactiver le compte EF0136 »: what is to be done in e-FIT."""
    if account := reactivated(change):
        return say("action.reactivate", account=account)
    return say("action.other_rank" if _other_rank(change) else f"action.{change.kind}")


def reactivated(change: Change) -> str:
    """Return the deactivated account that is to be used again, instead of a second one."""
    found = (one.after or "" for one in change.fields if one.field == "account")
    return next(found, "") if change.kind == "create_account" else ""


def _other_rank(change: Change) -> bool:
    """The function ends because the person has it with another rank now."""
    return change.kind == "end_assignment" and any(one.field == "function" for one in change.fields)


def function_text(assignment: AssignmentRef) -> str:
    """Return « CHV-ST titulaire »."""
    rank = label_of("ranks", assignment.rank).lower() if assignment.rank else ""
    return f"{label_of('functions', assignment.function)} {rank}".strip()


def structure_text(assignment: AssignmentRef, structures: Mapping[str, Structure]) -> str:
    """Return the structure's name; its type and code when the annuaire does not know it."""
    known = structures.get(assignment.structure_code)
    if known and known.name:
        return known.name
    return f"{label_of('structure_types', assignment.structure_type)} {assignment.structure_code}".strip()


def reason_text(change: Change, field: str = "") -> str:
    """Tell why, in a sentence or more: the reasons that explain the field, else all of the change's.

    The sentences of the catalogue take `date` from the fields `card_opposed_on` or `card_expires_on`, `lost_on` from
    what these say of the access, `number` from `cpx_number` or the person, `detail` from `detail`; where one is not
    known, the shorter sentence `reason_short` stands.
    """
    explains = [reason for reason in change.reasons if reason in REASONS_OF.get(field, ())]
    return " ".join(_sentence(change, reason) for reason in explains or change.reasons)


_LISTED = ("account", "candidate", "contact")  # whom a question lists: where they stand is not what raised it


def because_text(change: Change, fields: Iterable[FieldChange], field: str) -> str:
    """Return the reason and where it was read, in one sentence: « … (source : registre RPPS). ».

    Where no field says where it was read, the table of reasons does.
    """
    read_in = [item.source for item in fields if item.source and item.field not in _LISTED]
    read_in = read_in or [name for reason in change.reasons for name in reasons()[reason]["read_in"].split("|")]
    source = ", ".join(dict.fromkeys(map(source_text, read_in)))
    return say("report.because", reason=reason_text(change, field).removesuffix("."), source=source)


def _sentence(change: Change, reason: str) -> str:
    got = {field.field: value_text(field.field, field.after or field.before) for field in change.fields}
    opposed = got.get("card_opposed_on", "") if reason == "card_opposed" else ""
    lost = loss_day(change)
    values = {
        "date": opposed or got.get("card_expires_on", ""),
        "lost_on": day_text(lost) if lost else "",
        "number": got.get("cpx_number") or change.person.national_id,
        "detail": got.get("detail", ""),
        "answer": got.get("answer", ""),
        "stays": got.get("stays", ""),
        "account": got.get("account", ""),
        "before": next((one.before or "" for one in change.fields if one.field == "function"), ""),
        "after": got.get("function", ""),
    }
    case = f"reason_case.{_case(change, reason)}"
    template = messages().get(case) or messages()[f"reason.{reason}"]
    wanted = [name for name in values if f"{{{name}}}" in template]
    if all(values[name] for name in wanted):
        return template.format(**values)
    return say(f"reason_short.{reason}")


def _case(change: Change, reason: str) -> str:
    """Which of several sentences a reason has; "" for its only one."""
    if reason == "card_renewed":
        return _card_case(change)
    if reason == "no_assignment_left" and change.linked_to:
        return "last_ending"
    if reason == "missing_assignment" and not change.account_id:
        return "to_be_created"
    if reason == "missing_account" and reactivated(change):
        return "reactivate"
    if reason == "absent_from_workbook" and _other_rank(change):
        return "other_rank"
    given = {one.field for one in change.fields} if reason == "left" else set[str]()
    cases = {"stays": "yields", "closed": "left_closed", "answer": "left_answered"}
    return next((case for name, case in cases.items() if name in given), "")


def _card_case(change: Change) -> str:
    """What the annuaire has wrong about a card: its end too late or not known, or its type alone; "" when renewed."""
    values = {one.field: (one.before or "", one.after or "") for one in change.fields}
    if "card_expires_on" not in values:
        return "card_of_another_type"
    before, after = values["card_expires_on"]
    if not before:
        return "card_end_unknown"
    return "card_ends_earlier" if after < before else ""


def guidance_text(guidance: str) -> str:
    """Return a guidance with its numbered steps, the card, the contact, the link and for whom it was meant each on a
    line of its own, and what « le classeur » means where it is first named: this report is a workbook too.
    """
    guidance = _WORKBOOK_NAMED.sub(rf"\1 {say('report.workbook_meant')}", guidance, count=1)
    labels = re.findall(r"\w+(?=\s:)", messages()["card_case.line"] + messages()["card_case.link"])
    meant_for_whom = messages()["escalated.unknown"].partition("{")[0].rstrip(" \u00a0:")
    breaks = "|".join([*(rf"{label}\s:" for label in (*labels, meant_for_whom)), r"[1-9]\)"])
    return re.sub(rf"\s(?=(?:{breaks}) )", "\n", guidance)


def form_link(change: Change) -> FormLink | None:
    """Return the form or page of the card case (`card_cases.csv`) the guidance sends to."""
    found = ADDRESS.search(change.guidance)
    if found is None:
        return None
    names = {row["link"]: row["link_name"] for row in rows("card_cases")}
    return FormLink(names.get(found[0], found[0]), found[0])


def state_text(change: Change, as_of: date, overdue: bool, perhaps: bool = False) -> str:
    """Return « Nouveau », « Déjà signalé le 03/11/2026, il y a 19 jours », the same as a reminder, or perhaps so."""
    if perhaps and not overdue:
        return say("report.perhaps", date=day_text(change.first_seen))
    if change.status == "new":
        return say("report.new")
    if change.updater.escalated_because == "rules":
        return say("report.held", date=day_text(change.first_seen))
    age = say_count("count.day", (as_of - change.first_seen).days)
    key = "entrusted" if overdue and change.updater.escalated_from else "overdue" if overdue else "pending"
    return say(f"report.{key}", date=day_text(change.first_seen), age=age)


def note_texts(change: Change, links: Mapping[str, str]) -> tuple[str, ...]:
    """Return what else to know of a change: vacancy, no rule, who else is concerned, what it goes with."""
    notes: list[str] = []
    updater = change.updater
    escalated = escalation_text(updater)
    if escalated and escalated not in change.guidance:
        notes.append(escalated)
    if updater.uncovered:
        notes.append(say("report.uncovered"))
    if change.also_concerned:
        posts = ", ".join(post_text(ref) for ref in change.also_concerned)
        notes.append(say("report.also_concerned", posts=posts))
    if change.linked_to:
        told = [links.get(link, say("report.link_gone", id=link)) for link in change.linked_to]
        if any(told):
            notes.append(say("report.linked", links=", ".join(filter(None, told))))
    return tuple(notes)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def loss_day(change: Change) -> date | None:
    """Return the first day without access (`schemas.people.card.lost_on`), for a card alert that knows it."""
    opposed, ends = _days(change)
    return lost_on(ends, opposed) if ends else opposed


def _days(change: Change) -> tuple[date | None, date | None]:
    """(opposition, end) of a card alert's card."""
    if change.kind != "card_alert":
        return None, None
    days = {field.field: _day(field.after or field.before or "") for field in change.fields}
    return days.get("card_opposed_on"), days.get("card_expires_on")
