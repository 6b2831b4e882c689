"""Answers as people write them: taken where they mean one thing alone, asked back where not; never taken wrongly."""

from datetime import date

import pytest

from pipelines.answer_choices import offer_said
from pipelines.lifecycle.decisions.understood import understood
from pipelines.lifecycle.decisions.written_answers import read_answer, understand
from schemas.changes.decision import ReturnedLine, Verdict
from schemas.changes.lifecycle import ChangeState, slot_of
from schemas.glyphs import typeset
from schemas.nomenclatures import rows, say
from tests.invented_changes import Builder, number

DAY = date(2026, 11, 22)

DONE = [
    *("ok", "OK.", "Ok !", "o.k.", "okay", "oui", "Oui", "OUI.", "x", "X", "xx", "✓", "✔", "✔️", "☑", "✅", "👍"),
    *("fait", "Fait.", "FAIT", " fait ", "faite", "C’est fait", "c'est fait", "c'est fait, merci", "déjà fait"),
    *("Fait !", "ok fait", "ok, c'est fait", "oui c'est fait", "je l'ai fait", "fait par moi", "tout est fait"),
    *("fait hier", "fait ce jour", "fait ce matin", "fait aujourd'hui", "fait le 3/12", "fait le 3 décembre"),
    *("Fait le 20/11/2026", "saisi", "saisie", "Saisi dans e-FIT", "déjà saisi", "corrigé", "mis à jour", "MAJ faite"),
    *(
        "fait le 3/12 par Paul",
        "Fait par Mme Martin",
        "Fait (par Anne)",
        "fait par ma collègue",
        "fait – PM",
        "Fait (AM)",
    ),
    *("fiat", "faitt", "okok", "ouii", "v", "modif faite", "modifications effectuées", "compte désactivé le 20/11"),
    *(
        "Bonjour, c'est fait. Cordialement",
        "fait, bonne journée",
        "fait la semaine dernière",
        "vu et corrigé",
        "vu, fait",
    ),
    *(
        "corigé",
        "fait et vérifié",
        "c'est bon, c'est fait",
        "accès supprimé",
        "création faite",
        "fonction retirée hier",
    ),
    *("à jour", "effectué", "traité", "réglé", "terminé", "créé", "désactivé", "ok ✓", "vrai"),
]
NOT_TO_BE_DONE = [
    *("pas d'accord", "je ne suis pas d'accord"),
    *("refusé", "Refusé.", "refus", "je refuse", "à refuser", "rejeté", "ne pas saisir", "à ne pas saisir"),
    *("ne pas désactiver", "Il ne faut pas le saisir", "Refusé : toujours en poste", "refusé (elle est là)"),
    "Refusé car elle est toujours au CHU",
]
PUT_OFF = {
    "reporté au 15 décembre": date(2026, 12, 15),
    "Reporté au 15/12": date(2026, 12, 15),
    "reporté jusqu'au 15/12/2026": date(2026, 12, 15),
    "report au lundi 14/12/26": date(2026, 12, 14),
    "plus tard, le 15/12": date(2026, 12, 15),
    "repoussé au 1er janvier": date(2027, 1, 1),
    "à reporter au 3.2": date(2027, 2, 3),
    "reporté au 22/11": DAY,
    "reporté au 21/11": date(2027, 11, 21),
    "différé au 5 févr.": date(2027, 2, 5),
    "reporté 2027-01-15": date(2027, 1, 15),
    "à revoir le 15/12": date(2026, 12, 15),
    "pas avant le 15/12": date(2026, 12, 15),
    "pas maintenant": None,
    "plus tard": None,
    "à reporter": None,
    "Reporté (carte demandée)": None,
}
ASKED_BACK = [
    *(
        "non",
        "Non.",
        "NON",
        "pas concerné",
        "non concernée",
        "pas pour moi",
        "sans objet",
        "n/a",
        "?",
        "fait ?",
        "ok ?",
    ),
    *("en cours", "à faire", "pas fait", "non fait", "pas encore", "pas encore fait", "sera fait", "sera fait demain"),
    *("fait demain", "presque fait", "fait en partie", "bientôt", "à voir", "voir commentaire", "vu", "noté", "lu"),
    *("d'accord", "validé", "confirmé", "c'est bon", "nickel", "ok pour moi", "erreur", "partie", "toujours en poste"),
    *("ras", "nsp", "ne plus me demander", "à voir avec la DRH", "oui mais demain", "non, elle est partie", "en ordre"),
    *(
        "fait par moitié",
        "fait par contre pas le mail",
        "fait KO",
        "vu avec Paul",
        "vu, ok",
        "verifié ok",
        "transmis",
        "o",
    ),
    *("compte ok", "fonction ok", "accès ok", "accès refusé", "en place", "compte à jour", "oui compte", "effectif"),
    *("fait et à vérifier", "fait et pas fait", "FAIT PM", "carte demandée", "en congé", "le premier"),
    *("fait sauf le courriel", "fait, sauf le mail", "fait mais pas la carte", "fait au bloc", "fait par erreur"),
    *("fait le 3/12/2027", "15/12", "le 15/12", "jusqu'au 15/12", "la semaine prochaine", "reporté fin décembre"),
    *("reporté au 15/12 ou 16/12", "reporté en janvier", "refusé ou reporté", "fait et refusé", "Refusé : fait"),
    *(
        "✗",
        "❌",
        "☒",
        "☐",
        "👎",
        "✕",
        "1",
        '"',
        "idem",
        "demande faite",
        "impossible",
        "je ne sais pas",
        "merci",
        "Fait le 32/12",
    ),
]


@pytest.mark.parametrize("said", DONE)
def test_what_can_only_mean_done_is_done(said: str) -> None:
    assert (read_answer(said, DAY).verdict, read_answer(said, DAY).asked) == ("accepted", "")


@pytest.mark.parametrize("said", NOT_TO_BE_DONE)
def test_what_can_only_mean_not_to_be_done_is_refused(said: str) -> None:
    assert (read_answer(said, DAY).verdict, read_answer(said, DAY).asked) == ("refused", "")


@pytest.mark.parametrize(("said", "until"), PUT_OFF.items())
def test_what_is_put_off_is_put_off_until_the_next_such_day(said: str, until: date | None) -> None:
    found = read_answer(said, DAY)
    assert (found.verdict, found.until, found.asked) == ("postponed", until, "")


@pytest.mark.parametrize("said", ASKED_BACK)
def test_what_can_mean_two_things_is_asked_back_as_it_was_written(said: str) -> None:
    found = read_answer(said, DAY)
    assert found.verdict == "unknown"
    assert typeset(f"« {said} »") in typeset(found.asked)


def test_of_all_these_words_most_are_taken_and_none_is_taken_wrongly() -> None:
    """The count that the receipts rest on: each list above says what its words mean."""
    taken = len(DONE) + len(NOT_TO_BE_DONE) + len(PUT_OFF)
    assert taken >= 60
    assert len(ASKED_BACK) >= 60
    every = [*DONE, *NOT_TO_BE_DONE, *PUT_OFF, *ASKED_BACK]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("said", ["ok", "oui", "x", "✓", "👍"])
def test_yes_is_no_answer_to_which_one(said: str) -> None:
    found = read_answer(said, DAY, question=True, offered="C'est : A0012 · Aucun de ceux-là")
    assert found.verdict == "unknown"
    assert "A0012" in found.asked
    assert read_answer("c'est fait", DAY, question=True).verdict == "accepted"


def test_no_word_of_the_table_stands_for_two_things() -> None:
    found: dict[str, str] = {}
    for row in rows("answer_words"):
        for words in row["words"].split("|"):
            if row["reads"] in ("accepted", "refused", "postponed"):
                assert found.setdefault(words, row["reads"]) == row["reads"], words


def line(said: str = "", decision: Verdict = "unknown", comment: str = "", day_said: str = "") -> ReturnedLine:
    return ReturnedLine("lot", "Cartes", 4, "CHG-1:x", decision, said, None, day_said, comment)


@pytest.mark.parametrize(
    ("comment", "until"),
    [
        ("15/12", date(2026, 12, 15)),
        ("au 15 décembre", date(2026, 12, 15)),
        ("en congé jusqu'au 4/1", date(2027, 1, 4)),
        ("à revoir le 12/01/2027", date(2027, 1, 12)),
        ("carte demandée le 3/11", None),
        ("entre le 15/12 et le 20/12", None),
        ("dès que possible", None),
    ],
)
def test_the_day_of_reporte_is_found_in_the_comment_where_it_can_only_be_that(comment: str, until: date | None) -> None:
    found = understand(line("Reporté", "postponed", comment), DAY)
    assert (found.decision, found.postponed_to, found.comment) == ("postponed", until, comment)


@pytest.mark.parametrize(
    ("said", "until"), [("15/12", date(2026, 12, 15)), ("le 15 déc", date(2026, 12, 15)), ("bientôt", None)]
)
def test_a_day_without_its_year_in_its_own_column_is_the_next_such_day(said: str, until: date | None) -> None:
    assert understand(line("Reporté", "postponed", day_said=said), DAY).postponed_to == until


def test_a_reason_behind_refuse_becomes_the_comment() -> None:
    found = understand(line("Refusé : toujours en poste", comment="vu avec elle"), DAY)
    assert (found.decision, found.comment) == ("refused", "toujours en poste\nvu avec elle")


def test_words_of_their_own_are_told_as_such_and_ours_are_not() -> None:
    assert understand(line("ok"), DAY).as_read == "accepted"
    assert understand(line("Fait."), DAY).as_read == ""
    assert understand(line("Fait", "accepted"), DAY).as_read == ""
    assert understand(line("Reporté", "postponed", day_said="15/12"), DAY).as_read == "postponed"


# ── what the line asks ───────────────────────────────────────────────────────────────────────────

PUT_BESIDE = ("line", "a", "Feuille!3", "workbook:x")
CANDIDATES = [
    ("candidate", None, "EF0160 EXEMPLE Anne, assistant", "annuaire"),
    ("candidate", None, "EF0170 EXEMPLA Ana, assistant", "annuaire"),
]
MADE = Builder()
LINES = {
    "mail": MADE.add("update_account", "contact_changed", "info", "EXEMPLE Anne"),
    "end": MADE.add("end_assignment", "absent_from_workbook", "important", "EXEMPLE Anne"),
    "card": MADE.add("card_alert", "card_expired", "access", "EXEMPLE Anne"),
    "two": MADE.add("review", "ambiguous_match", "important", "EXEMPLE Anne", fields=[PUT_BESIDE, *CANDIDATES]),
    "one": MADE.add("review", "ambiguous_match", "important", "EXEMPLE Anne", fields=[PUT_BESIDE, CANDIDATES[0]]),
}
FITTING = {
    "card": {
        "told": ["prévenue", "elle a été prévenue", "prévenue par tél", "mail envoyé le 20/11", "Je l'ai appelée hier"],
        "received": [
            "carte reçue le 20/11",
            "elle a sa carte",
            "nouvelle carte reçue hier, merci",
            "a renouvelé sa carte",
        ],
        "left": ["elle est partie", "non, elle est partie", "ne travaille plus ici", "à la retraite", "a démissionné"],
        "?": [
            "message laissé",
            "injoignable",
            "carte demandée",
            "carte pas reçue",
            "pas prévenue",
            "prévenue ?",
            "partira",
        ],
    },
    "end": {
        "refused": ["toujours en poste", "elle est toujours là", "à conserver", "non, toujours en poste", "pas partie"],
        "accepted": ["fait", "ok", "fonction retirée", "compte désactivé le 20/11"],
        "?": ["partie", "elle est partie", "non", "c'est bon", "à supprimer", "plus là"],
    },
    "mail": {"?": ["toujours en poste", "elle est partie", "prévenue", "non"], "accepted": ["corrigé hier par Paul"]},
    "two": {
        "same": ["EF0160", "c'est le compte EF0160"],
        "none": ["aucun des deux", "ce n'est pas elle", "ni l'une ni l'autre"],
        "two": ["pas la même personne", "deux personnes différentes"],
        "?": ["c'est elle", "ok", "fait", "oui", "les deux", "le dernier", "12", "la même personne"],
    },
    "one": {"same": ["oui c'est elle", "la même personne"], "?": ["oui", "ok", "fait"]},
}


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("said", [one for one, until in PUT_OFF.items() if until])
def test_the_day_of_what_is_put_off_is_read_on_every_line(line: str, said: str) -> None:
    change = LINES[line]
    state = ChangeState(change, slot_of(change), "notified", DAY, DAY)
    written = ReturnedLine("20261122-AAAAAAAA", "Feuille", 4, f"{change.id}:x", "unknown", said, None, "", "")
    found = understood(written, {change.id: state}, DAY)
    assert (found.decision, found.postponed_to) == ("postponed", PUT_OFF[said])


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [(line, code, said) for line, codes in FITTING.items() for code, found in codes.items() for said in found],
)
def test_what_is_written_is_taken_for_the_answer_that_its_line_asks_for_or_asked_back(
    line: str, code: str, said: str
) -> None:
    change = LINES[line]
    state = ChangeState(change, slot_of(change), "notified", DAY, DAY)
    written = ReturnedLine("20261122-AAAAAAAA", "Feuille", 4, f"{change.id}:x", "unknown", said, None, "", "")
    read = understood(written, {change.id: state}, DAY)
    offer = offer_said(change, read.said)
    named = offer is not None and offer.code not in ("accepted", "refused", "postponed")
    found = offer.code if offer and named and read.decision != "unknown" else read.decision
    assert found == ("unknown" if code == "?" else code)
    assert bool(read.asked) == (code == "?")


TOLD: list[tuple[str, str | None, str | None, str]] = [
    ("candidate", None, "EF0120 MODÈLE Damien", "annuaire"),
    ("candidate", None, "EF0129 MODÈLE Ana", "annuaire"),
]
LINES |= {
    "unknown": MADE.add("review", "not_in_register", "important", "EXEMPLE Anne", national_id="810000000001"),
    "book": MADE.add("review", "line_not_understood", "important", "EXEMPLE Anne"),
    "titulaires": MADE.add("review", "two_titulaires", "important", fields=TOLD),
}


def read(line: str, said: str, comment: str = "", day_said: str = "") -> ReturnedLine:
    change = LINES[line]
    state = ChangeState(change, slot_of(change), "notified", DAY, DAY)
    written = ReturnedLine(
        "20261122-AAAAAAAA", "Feuille", 4, f"{change.id}:x", "unknown", said, None, day_said, comment
    )
    return understood(written, {change.id: state}, DAY)


@pytest.mark.parametrize(
    ("line", "said", "code"),
    [
        *(("card", said, "left") for said in ("partie fin août", "ne travaille plus chez nous depuis septembre")),
        *(("card", said, "left") for said in ("partie depuis mars", "a démissionné en juin 2026", "Partie le 15/10")),
        *(("mail", said, "accepted") for said in ("nom changé", "corrigé en CPS", "changé")),
        *(("book", said, "accepted") for said in ("classeur corrigé", "lignes corrigées")),
        *(("unknown", said, "right") for said in ("carte vue, numéro exact",)),
        *(("titulaires", said, "stays") for said in ("Damien", "Dr MODÈLE Damien reste titulaire", "Damien titulaire")),
    ],
)
def test_words_that_can_only_mean_that_are_taken(line: str, said: str, code: str) -> None:
    found = read(line, said)
    offer = offer_said(LINES[line], found.said)
    assert found.asked == ""
    assert (offer.code if offer and found.decision != "" else found.decision) == code or found.decision == code
    assert found.decision == "accepted"


@pytest.mark.parametrize("said", ["il est parti à Lyon", "partie fin décembre", "partie en congé", "partie en janvier"])
def test_a_departure_in_doubt_is_asked_back_without_contradicting_itself(said: str) -> None:
    found = read("card", said)
    assert found.decision == "unknown"
    assert "Partie" in found.asked
    assert "ne répond pas" not in found.asked


@pytest.mark.parametrize("line", ["book", "unknown", "titulaires", "mail"])
@pytest.mark.parametrize("said", ["MODÈLE", "Ana ou Damien", "pas Damien", "voir avec Damien"])
def test_a_name_that_two_have_or_that_is_denied_is_nobodys_answer(line: str, said: str) -> None:
    assert read(line, said).decision == "unknown"


def test_a_number_read_on_the_card_is_the_number_of_its_line() -> None:
    """Whoever writes out the very number that is in doubt has read it."""
    read_on_it = number(7)
    change = LINES["unknown"].model_copy(
        update={"person": LINES["unknown"].person.model_copy(update={"national_id": read_on_it})}
    )
    state = ChangeState(change, slot_of(change), "notified", DAY, DAY)
    written = ReturnedLine("20261122-AAAAAAAA", "Feuille", 4, f"{change.id}:x", "unknown", read_on_it, None, "", "")
    found = understood(written, {change.id: state}, DAY)
    assert (found.decision, found.asked) == ("accepted", "")
    assert found.said == say("offer.right")


@pytest.mark.parametrize(
    ("said", "comment", "day_said", "until"),
    [
        ("Reporté", "je le ferai le 15/12", "", date(2026, 12, 15)),
        ("reporté", "saisie prévue le 15/12", "", date(2026, 12, 15)),
        ("report au 15", "", "", date(2026, 12, 15)),
        ("reporté le 25", "", "", date(2026, 11, 25)),
        ("Reporté", "", "15", date(2026, 12, 15)),
        ("Reporté", "carte reçue le 15/11", "", None),
        ("Reporté", "elle sera là, vue le 20/11", "", None),
    ],
)
def test_the_day_of_what_is_put_off_stands_in_a_sentence_too(
    said: str, comment: str, day_said: str, until: date | None
) -> None:
    found = read("mail", said, comment, day_said)
    assert (found.decision, found.postponed_to) == ("postponed", until)
