"""A comment that names a fact of its line's own kind, and another one than the line asks for, asks the answer back."""

from dataclasses import replace

import pytest

from pipelines.answer_choices import offers_of
from pipelines.lifecycle.decisions.decide import JudgedFile, judge_decisions
from pipelines.lifecycle.decisions.objections import Terms
from schemas.changes.change import AssignmentRef, Change, FieldChange, PersonRef
from tests.invented_changes import DAY, Builder
from tests.pipelines.test_decide import FILE, line, state, verify


def made(
    kind: str, reason: str, *fields: FieldChange, account: str | None = "EF0047", rank: str = "TITULAIRE"
) -> Change:
    change = Builder().add(kind, reason, "important", "FICTIVE Ode")
    return change.model_copy(
        update={
            "account_id": account,
            "person": PersonRef(national_id="899700000575", last_name="FICTIVE", first_name="Ode"),
            "assignment": AssignmentRef(structure_code="750000001", function="CHV_ST", rank=rank),
            "fields": fields,
        }
    )


def value(field: str, after: str | None, before: str | None = None) -> FieldChange:
    return FieldChange(field=field, before=before, after=after, source="register.cards")


CREATION = made("create_account", "missing_account", account=None)
REACTIVATED = made("create_account", "missing_account", value("account", "EF0136"), account=None)
ADDITION = made("add_assignment", "missing_assignment")
END = made("end_assignment", "absent_from_workbook")
CARD_OF = made("update_account", "card_renewed", value("card_expires_on", "2028-07-22", "2026-05-10"))
TYPE = made("update_account", "card_renewed", value("card_type", "CPS", "CPF"))
TITLE = made("update_account", "identity_changed", value("civility", "MME", "M"))
ENDING_CARD = made("card_alert", "card_expiring", value("card_expires_on", None, "2026-12-12"))
NUMBER = made(
    "review",
    "number_of_another",
    value("candidate", "899700000575 FICTIVE Ode"),
    value("candidate", "899700000581 IMAGINÉ-GILHOVWEN Daphné"),
)


def judged(of: Change, said: str, comment: str) -> JudgedFile:
    written = replace(line(of, "unknown", comment=comment), said=said, postponed_said="")
    return judge_decisions([written], {of.id: state(of)}, verify, DAY, FILE, Terms())


OTHERWISE = [
    (ADDITION, "Fait", "sur le compte EF0052"),
    (ADDITION, "Fait", "CHV-ST remplaçante"),
    (ADDITION, "Fait", "en tant que remplaçant"),
    (REACTIVATED, "Fait", "EF0137 réactivé"),
    (REACTIVATED, "Fait", "nouveau compte EF0171"),
    (END, "Fait", "EF0141"),
    (END, "Refusé", "elle part le 31/12"),
    (END, "Refusé", "toujours en poste jusqu’au 30/06"),
    (CARD_OF, "Fait", "mis 22/07/2025"),
    (CARD_OF, "Fait", "10/05/2026"),
    (CARD_OF, "Refusé", "22/07/2028"),
    (TYPE, "Fait", "CPE"),
    (TITLE, "Fait", "M."),
    (ENDING_CARD, "Nouvelle carte reçue", "fin 12/12/2026"),
    (ENDING_CARD, "Nouvelle carte reçue", "CPF fin 2025"),
    (ENDING_CARD, "Partie", "au CH de Umbreville"),
    (ENDING_CARD, "Partie", "au site de Grisolac"),
    (NUMBER, "Le numéro est bon, lu sur la carte", "carte au nom de Gilhovwen"),
    (NUMBER, "Le numéro est bon, lu sur la carte", "carte de Daphné"),
    (ADDITION, "Pas de mon ressort", "fait quand même"),
]

AGREED = [
    (CREATION, "Fait", "EF0170"),
    (CREATION, "Fait", "CHV-ST titulaire"),
    (ADDITION, "Fait", "sur EF0047"),
    (ADDITION, "Fait", "à la demande du titulaire"),
    (ADDITION, "Fait", "le 20/11/2026"),
    (CARD_OF, "Fait", "22/07/2028"),
    (CARD_OF, "Fait", "saisi le 20/11/2026"),
    (TYPE, "Fait", "carte CPS"),
    (TITLE, "Fait", "Madame"),
    (END, "Refusé", "elle reste"),
    (ENDING_CARD, "Nouvelle carte reçue", "valable jusqu’au 11/12/2029"),
    (ENDING_CARD, "Partie", "à la retraite"),
    (NUMBER, "Le numéro est bon, lu sur la carte", "carte de Mme Fictive"),
]


@pytest.mark.parametrize(("of", "said", "comment"), OTHERWISE, ids=[f"{s} + {c}" for _, s, c in OTHERWISE])
def test_another_fact_than_the_line_asks_for_asks_back(of: Change, said: str, comment: str) -> None:
    found = judged(of, said, comment)
    assert found.events == (), [one.text for one in offers_of(of)]
    assert [one.asked for one in found.refusals] == [True]


@pytest.mark.parametrize(("of", "said", "comment"), AGREED, ids=[f"{s} + {c}" for _, s, c in AGREED])
def test_the_very_fact_and_what_is_none_leaves_the_answer(of: Change, said: str, comment: str) -> None:
    found = judged(of, said, comment)
    assert found.refusals == ()
    assert len(found.decisions) == 1


def test_what_was_carried_over_into_the_annuaire_is_done_and_not_put_off() -> None:
    found = judged(ADDITION, "reporté dans e-FIT le 20/11", "")
    assert [one.after for one in found.events] == ["accepted"]
