"""Each updater's report holds their own lines, in reading order, in French."""

from dataclasses import replace

import pytest

from pipelines.phrase import guidance_text, meant_for
from schemas.changes.change import FieldChange, PostRef, Updater
from schemas.nomenclatures import reasons
from schemas.reading.issue import issue
from schemas.reading.source_names import PERSONS
from schemas.reports.report import plain
from schemas.typography import NBSP, typeset
from tests.invented_changes import (
    ADMIN,
    CRH,
    ETS,
    LOT,
    Builder,
    invented_changes,
    invented_rejects,
    number,
    sign,
)
from tests.invented_reports import only_line, reports_of, sheet_of


def test_everybody_gets_their_own_changes_and_nobody_elses() -> None:
    changes = invented_changes()
    reports = reports_of(changes)
    assert list(reports) == ["ADMIN_EFIT", "CRH_ST-24", "CHV_ST_ETS-ETS-CPDL"]
    for report in reports.values():
        theirs = {
            change.id
            for change in changes
            if (change.updater.post, change.updater.scope) == (report.updater.post, report.updater.scope)
        }
        assert set(report.statuses) == theirs
        assert report.total == len(theirs)


def test_the_five_sheets_stand_in_the_order_of_the_contract_even_when_empty() -> None:
    report = reports_of([invented_changes()[0]])["CRH_ST-24"]
    assert [sheet.title for sheet in report.sheets] == [
        "À créer",
        "À modifier",
        "À désactiver",
        "Cartes",
        "À vérifier",
    ]
    assert [len(sheet.lines) for sheet in report.sheets] == [1, 0, 0, 0, 0]


@pytest.mark.parametrize("reason", sorted(reasons()))
def test_every_reason_finds_its_sheet_and_its_sentence(reason: str) -> None:
    table = reasons()[reason]
    line = only_line(Builder().add(table["kind"], reason, table["severity"], "FICTIVE Ode"))
    report = reports_of([Builder().add(table["kind"], reason, table["severity"], "FICTIVE Ode")])["CRH_ST-24"]
    assert [sheet.title for sheet in report.sheets if sheet.lines] == [table["sheet"]]
    assert line.reason.endswith(").")
    assert f"(source{NBSP}: " in line.reason
    assert "{" not in line.reason


def test_a_reason_no_field_tells_the_source_of_names_the_sources_it_is_read_in() -> None:
    line = only_line(Builder().add("end_assignment", "left", "important", "FICTIVE Ode"))
    assert line.reason == f"Le classeur indique un départ (source{NBSP}: classeurs reçus)."


def test_access_comes_first_then_structure_and_person() -> None:
    for sheet in reports_of(invented_changes())["CRH_ST-24"].sheets:
        order = [
            (["access", "important", "info"].index(line.severity), line.structure, line.person) for line in sheet.lines
        ]
        assert [severity for severity, _, _ in order] == sorted(severity for severity, _, _ in order)


def test_a_function_is_ended_before_its_account_is_deactivated() -> None:
    for ids in (("1", "2"), ("2", "1")):
        b = Builder()
        for kind, reason, change_id in zip(
            ("deactivate_account", "end_assignment"), ("no_assignment_left", "left"), ids, strict=True
        ):
            b.add(kind, reason, "important", "FICTIVE Ode", id=change_id, national_id="", account_id="EF1")
        lines = sheet_of(reports_of(b.made)["CRH_ST-24"], "deactivate")
        assert [line.kind for line in lines] == ["end_assignment", "deactivate_account"]


def test_the_order_of_the_changes_does_not_matter() -> None:
    changes = invented_changes()
    assert reports_of(changes) == reports_of(changes[::-1])


def test_a_modified_account_has_one_line_per_field_each_with_its_own_reason() -> None:
    lines = [
        line
        for line in sheet_of(reports_of(invented_changes())["CRH_ST-24"], "modify")
        if line.person == "ÉPURE Salomé"
    ]
    assert [line.field for line in lines] == [
        "Type de carte",
        "Date de fin de validité",
        "Nom",
        "Courriel",
    ]
    assert (plain(lines[1].before), plain(lines[1].after)) == ("31/12/2026", "31/12/2029")
    assert lines[0].reason == f"La carte a été renouvelée (source{NBSP}: fichier des porteurs de cartes)."
    assert lines[2].reason.startswith("L’identité du registre")
    assert len({line.token for line in lines}) == 1
    assert [bool("même référence" in line.guidance) for line in lines] == [False, True, True, True]


def test_a_change_of_several_fields_is_counted_once() -> None:
    report = reports_of([invented_changes()[5]])["CRH_ST-24"]
    assert len(sheet_of(report, "modify")) == 4
    assert report.total == 1


def test_an_account_to_create_says_what_to_type_in() -> None:
    line = only_line(invented_changes()[0])
    assert line.details == (
        f"Numéro CPx{NBSP}: 899700000013",
        f"Type de carte{NBSP}: CPS",
        f"Date de fin de validité{NBSP}: 31/05/2028",
        f"Profession{NBSP}: Médecin",
        f"Courriel{NBSP}: maelle.dessai-lune@example.org",
        f"Téléphone{NBSP}: 02 61 91 00 12",
        f"Fonction{NBSP}: CHV-ST remplaçant",
    )
    assert line.function == "CHV-ST remplaçant"
    assert line.structure == "Centre hospitalier de Bourg-Fictif"


def test_a_line_for_a_vacant_post_says_for_whom_it_was_meant() -> None:
    notes = [note for line in sheet_of(reports_of(invented_changes())["ADMIN_EFIT"], "create") for note in line.notes]
    assert f"Destiné à{NBSP}: CRH-ST de la région Pays de la Loire (52), dont le poste est vacant." in notes
    assert f"Cas non couvert par la procédure{NBSP}: confié à l’administrateur e-FIT." in notes


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("CRH_ST-24", "CRH-ST de la région Centre-Val de Loire (24)"),
        ("CHV_ST_ETS-ETS-CPDL", "CHV-ST titulaire de l’EFS Centre-Pays de la Loire (ETS-CPDL)"),
        ("CHV_ST_ETS", "CHV-ST titulaire de l’ETS régional"),
    ],
)
def test_the_post_a_change_was_meant_for_is_named_with_its_scope(said: str, shown: str) -> None:
    assert meant_for(Updater(post="ADMIN_EFIT", escalated_from=said)) == shown


def test_the_other_half_of_a_pair_is_named_with_its_sheet_or_its_updater() -> None:
    builder = Builder()
    end = builder.add("end_assignment", "left", "important", "FICTIVE Ode")
    far = builder.add("end_assignment", "left", "important", "FICTIVE Ode", to=ETS)
    both = builder.add("add_assignment", "missing_assignment", "important", "FICTIVE Ode", linked_to=(end.id, far.id))
    (line,) = sheet_of(reports_of(builder.made)["CRH_ST-24"], "create")
    assert both.id == line.change_id
    note = " ".join(line.notes[0].split())
    assert f"Retirer la fonction, Centre hospitalier de Bourg-Fictif (feuille « À désactiver », {end.id})" in note
    assert f"(chez CHV-ST titulaire de l’EFS Centre-Pays de la Loire (ETS-CPDL), {far.id})" in note


def test_a_pending_change_says_since_when_and_a_reminder_says_so() -> None:
    change = invented_changes()[4]
    assert only_line(change).state == "Déjà signalé le 03/11/2026 (il y a 19 jours)"
    report = reports_of([change], overdue=[change.id])["CRH_ST-24"]
    assert sheet_of(report, "modify")[0].state == f"RAPPEL{NBSP}: déjà signalé le 03/11/2026 (il y a 19 jours)"
    assert report.overdue == ((change.id, 19),)
    assert report.fresh == 0


def test_the_counts_tell_kinds_and_severities() -> None:
    report = reports_of(invented_changes())["CRH_ST-24"]
    assert [(count.kind, count.access, count.important, count.info) for count in report.counts] == [
        ("create_account", 2, 0, 0),
        ("add_assignment", 0, 1, 0),
        ("update_account", 2, 1, 2),
        ("end_assignment", 0, 2, 0),
        ("deactivate_account", 0, 1, 0),
        ("card_alert", 4, 1, 0),
        ("review", 1, 3, 0),
    ]
    assert (report.total, report.access) == (20, 9)


def test_a_day_is_struck_whole_and_the_number_beside_the_name_is_the_one_that_the_account_has() -> None:
    build = Builder()
    day: list[tuple[str, str | None, str | None, str]] = [
        ("card_expires_on", "2025-07-23", "2028-07-22", "register.cards")
    ]
    replaced: list[tuple[str, str | None, str | None, str]] = [
        ("cpx_number", "9990000010", number(4), "register.cards")
    ]
    renewed = only_line(build.add("update_account", "card_renewed", "important", "FICTIVE Ode", fields=day))
    assert (renewed.before, renewed.after) == ((("23/07/2025", True),), (("22/07/2028", True),))
    other = only_line(build.add("update_account", "card_number_differs", "access", "FICTIF Luc", fields=replaced))
    assert other.national_id == "9990000010"


def test_a_token_is_the_id_and_a_signature_over_lot_and_id_for_that_updater() -> None:
    change = invented_changes()[0]
    assert only_line(change).token == f"{change.id}:{sign(f'{LOT}/{change.id}', CRH)}"
    assert sign(f"{LOT}/{change.id}", CRH) != sign(f"{LOT}/{change.id}", ETS)


def test_rejects_to_correct_come_first_in_the_order_of_the_cells_and_say_what_became_of_them() -> None:
    report = reports_of(invented_changes(), rejects=invented_rejects())["CRH_ST-24"]
    assert [(reject.location, reject.effect) for reject in report.rejects] == [
        ("feuille Feuil1, ligne 31, colonne A", "Ligne laissée de côté"),
        ("feuille Feuil1, ligne 12, colonne F", "Donnée laissée de côté"),
        ("feuille Feuil1, ligne 9, colonne M", "Donnée laissée de côté"),
        ("feuille Feuil1, ligne 7, colonne F", "Corrigée à la lecture"),
    ]
    assert report.rejects[0].source == "classeur 24-centre-val-de-loire.xlsx"


def test_who_has_only_rejects_or_a_notice_gets_a_report_too() -> None:
    reports = reports_of(
        [],
        rejects=[(ETS, issue("workbook:ets/cpdl.csv", "ligne 3", "email", "EMAIL_FORMAT", found="x"))],
        notices={ADMIN: [typeset("Le registre date de 4 jours : il n’est pas utilisé.")]},
        recipients={ETS: ["hv.cpdl@example.org"]},
    )
    assert {name: report.recipients for name, report in reports.items()} == {
        "ADMIN_EFIT": (),
        "CHV_ST_ETS-ETS-CPDL": ("hv.cpdl@example.org",),
    }
    assert reports["ADMIN_EFIT"].notices == (f"Le registre date de 4 jours{NBSP}: il n’est pas utilisé.",)


def test_recipients_are_those_of_the_changes_each_once() -> None:
    assert reports_of(invented_changes())["CRH_ST-24"].recipients == ("crh.centre@example.org",)


def test_a_change_about_a_structure_names_no_person() -> None:
    line = only_line(invented_changes()[16])
    assert (line.person, line.function, line.structure) == (
        "Toute la structure",
        "",
        "Clinique des Trois-Modèles",
    )


def test_a_structure_nobody_knows_shows_its_type_and_code() -> None:
    change = invented_changes()[0]
    elsewhere = change.model_copy(
        update={"assignment": change.assignment.model_copy(update={"structure_code": "990000000"})}
    )
    assert only_line(elsewhere).structure == "ES 990000000"


def test_a_post_with_its_scope_names_the_file() -> None:
    report = reports_of(invented_changes())["CRH_ST-24"]
    assert report.file_name == "CRH_ST-24.xlsx"
    assert replace(report, updater=PostRef(post="ADMIN_EFIT")).file_name == "ADMIN_EFIT.xlsx"


def test_a_line_that_is_linked_to_the_half_of_a_question_without_a_line_names_the_half_that_has_one() -> None:
    """A reader looks for the reference in the workbook, and has to find it there."""
    made = Builder()
    first = made.add("review", "shared_number", "access", "EXEMPLE Anne")
    second = made.add("review", "shared_number", "access", "EXEMPLE Ana")
    first, second = sorted((first, second), key=lambda one: one.id)
    first = first.model_copy(update={"linked_to": (second.id,)})
    second = second.model_copy(update={"linked_to": (first.id,)})
    third = made.add("update_account", "contact_changed", "info", "EXEMPLE Anne", linked_to=(first.id, second.id))
    [report] = reports_of([first, second, third]).values()
    shown = {line.change_id for sheet in report.sheets for line in sheet.lines}
    [line] = sheet_of(report, "modify")
    told = " ".join(line.notes)
    assert first.id in told
    assert second.id not in told
    assert second.id not in shown


def test_a_line_that_is_linked_to_one_that_stands_in_no_report_tonight_says_so() -> None:
    made = Builder()
    held = made.add("add_assignment", "missing_assignment", "important", "EXEMPLE Anne")
    line = made.add("end_assignment", "left", "important", "EXEMPLE Anne", linked_to=(held.id,))
    [report] = reports_of([line], aside=[held]).values()
    [shown] = sheet_of(report, "deactivate")
    assert typeset(f"{held.id}, qui n'est pas dans ce rapport") in " ".join(shown.notes)


def test_candidates_are_told_as_accounts_or_as_people_of_the_register_and_the_account_itself_is_none() -> None:
    made = Builder()
    asked = made.add("review", "not_in_register", "important", "EXEMPLE Anne")
    itself = FieldChange(field="candidate", before=None, after=f"{asked.account_id} EXEMPLE Anne", source="annuaire")
    own = asked.model_copy(update={"fields": (itself,)})
    assert only_line(own).details == ()
    which = made.add(
        "review",
        "shared_number",
        "access",
        "EXEMPLE Ana",
        fields=[
            ("candidate", None, "EF0160 EXEMPLE Anne", "annuaire"),
            ("candidate", None, "810000000001 EXEMPLE Anne", PERSONS),
        ],
    )
    told = "\n".join(only_line(which).details)
    assert typeset("Compte EF0160 : EXEMPLE Anne") in told
    assert typeset("Au registre, n° 810000000001 : EXEMPLE Anne") in told


def test_for_whom_a_line_was_meant_does_not_stick_to_the_address_before_it() -> None:
    said = typeset("Lien : https://example.org/F301.pdf Destiné à : CRH-ST de la région 52, dont le poste est vacant.")
    assert "F301.pdf\nDestiné" in guidance_text(said)
