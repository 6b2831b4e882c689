"""What a mail says beside its report: of the lines that it names, of all of them, or of something else."""

from dataclasses import replace
from functools import partial

import pytest

from pipelines.lifecycle.decisions.mails.letters import is_innocent, sentences_of
from pipelines.lifecycle.decisions.mails.other_texts import with_what_stands_beside
from pipelines.lifecycle.decisions.remarks import file_told, subject_told
from pipelines.lifecycle.decisions.said.other_comments import with_other_comments
from pipelines.lifecycle.decisions.understood import understood
from schemas.changes.change import Change, FieldChange
from schemas.changes.decision import ReturnedLine
from schemas.changes.remark import ABOUT_THE_SHEET, WrittenText
from schemas.glyphs import typeset
from tests.invented_changes import CRH, DAY, Builder
from tests.pipelines.test_decide import line, state


def ends(*people: str) -> list[Change]:
    made = Builder()
    return [made.add("end_assignment", "absent_from_workbook", "important", who, to=CRH) for who in people]


def read(
    letter: str, *people: str, written: tuple[WrittenText, ...] = (), changes: list[Change] | None = None
) -> list[ReturnedLine]:
    found = changes or ends(*people)
    lines = [replace(line(one, row=row, said="Fait"), postponed_said="") for row, one in enumerate(found, 4)]
    return list(with_what_stands_beside(lines, written, letter, {one.id: state(one) for one in found}, DAY))


@pytest.mark.parametrize(
    "letter",
    [
        "Bonjour, ci-joint le fichier complété pour la région 24. Bonne réception.",
        "Madame, Monsieur,\nJe vous retourne le fichier avec mes réponses.\nCordialement,\nP. Imaginé",
        "Bonjour, merci pour votre relance, voici le fichier complété",
        "Bonjour,\nVoici.\nBien à vous,\nDr Anne INVENTÉE\nCoordonnatrice régionale\n12 rue du Port, 45000 Orléans",
        "Bonjour, je serai absente du 3 au 9 décembre.",
        "Merci beaucoup\nGisèle",
        "Voir fichier.",
        "Pouvez-vous me confirmer la bonne réception ?",
        "J'ai rempli ce que j'ai pu, le reste suit la semaine prochaine.",
        "Pour info et suite à donner.",
        "C'est complété, dites-moi si ça va.",
        "Voici le fichier.\nCe courriel et ses pièces jointes sont confidentiels. Merci de ne pas en tenir compte.",
    ],
)
def test_a_greeting_a_sending_and_a_signature_leave_the_answers_as_they_are(letter: str) -> None:
    assert all(is_innocent(one, DAY) for one in sentences_of(letter))
    assert [one.asked for one in read(letter, "FICTIVE Ode")] == [""]


@pytest.mark.parametrize(
    "letter",
    [
        "Vous pouvez mettre ce message à la poubelle",
        "C'était pour m'entraîner",
        "Bonjour, je préfère qu'on en parle d'abord",
        "Mon adjointe doit encore regarder",
        "En attente de l'accord de la direction",
        "J'ai rempli au hasard",
        "Cordialement\nGisèle\nPS : attendez mon feu vert",
        "Merci\nBrouillon",
        "Première ébauche",
        "Fichier d'essai",
        "C'est pour un test",
        "Est-ce que c'est juste ?",
        "Document de travail",
        "Pardon, c'est le rapport de mon adjoint",
    ],
)
def test_what_takes_the_answers_back_asks_every_one_of_them_back_whatever_its_words(letter: str) -> None:
    found = read(letter, "FICTIVE Ode", "EXEMPLE Anne")
    assert all(one.decision == "unknown" and one.asked_for_mail for one in found)
    assert all("courriel" in one.asked for one in found)


@pytest.mark.parametrize(
    "letter",
    [
        "Bonjour, voici mon retour, bonne journée",
        "Ici c'est la tempête, on n'a pas eu de courant de la matinée.",
        "Merci de noter que je change de téléphone en janvier.",
        "Je n'ai pas reçu le rapport du mois dernier.",
        "La colonne B est illisible sur mon poste.",
        "Serait-il possible d'avoir un guide papier ?",
        "Désolée du retard, on a deux arrêts maladie dans le service.",
        "Pour la convention EFS je vous envoie ça séparément.",
        "Comment faire pour que ma remplaçante reçoive aussi les rapports ?",
        "Vous trouverez mes réponses dans le fichier joint, n'hésitez pas à m'appeler.",
        "Copie à la direction des soins.",
        "Bon courage pour la suite !",
        "J'aimerais une formation pour la nouvelle secrétaire.",
        "Merci d'accuser réception de ce mail",
        "Lu et complété, bonne semaine",
        "Mes excuses pour la réponse tardive",
        "Je pense qu'il y a une erreur dans votre liste de diffusion.",
        "J'ai changé d'adresse mail, merci d'en tenir compte.",
        "Je suis en formation jeudi et vendredi.",
        "Le Dr Untel vous contactera au sujet du site de Valmont.",
        "Tout est saisi de mon côté.",
        "Le wifi est en panne je vous envoie ça de mon téléphone",
        "Vos mails arrivent dans mes indésirables",
        "Pour le badge de parking voir avec l'accueil",
        "On a encore eu une coupure réseau",
        "Pas de réponse de la hotline depuis lundi",
        "L'ARS ne m'a pas transmis la nouvelle convention",
        "Je n'ai pas encore reçu ma propre carte",
        "Bonjour, je pars en congés ce soir, à bientôt",
        "Savez-vous si la formation du 12 est maintenue ?",
        "Votre numéro vert ne répond jamais",
        "Nous avons déménagé au bâtiment C",
        "Le nouveau directeur n'est pas encore arrivé",
        "Mme Durant remplace Mme Dupuis à l'accueil",
        "Vous pouvez me joindre avant 10h",
        "J'ai oublié de vous souhaiter une bonne année",
        "Ravie de travailler avec vous",
        "Je ne suis pas à l'aise avec Excel",
        "Désolé pour le doublon de mail",
        "Le logo a changé",
        "Qui a accès à ces données ?",
        "Ma secrétaire n'a pas reçu le mot de passe",
        "On attend toujours le nouvel ordinateur",
        "Merci pour votre patience",
        "Je vous joins aussi la liste des permanences",
        "Il fait un froid de canard ici",
        "Le numéro du service a changé : 02 47 00 00 00",
        "Bonne continuation à toute l'équipe",
        "Nous recevrons l'EFS le 14 pour la réunion annuelle",
        "Ces rapports sont très clairs, bravo",
        "La photocopieuse est en panne",
        "À quelle date a lieu la prochaine formation ?",
        "Je pars à la retraite dans deux ans",
    ],
)
def test_what_a_mail_says_of_something_else_is_kept_and_leaves_the_answers_as_they_are(letter: str) -> None:
    assert [one.asked for one in read(letter, "FICTIVE Ode", "EXEMPLE Anne")] == ["", ""]


@pytest.mark.parametrize(
    "letter",
    [
        "Bonjour, en fait je n'ai encore rien entré dans e-FIT, je m'y mets lundi.",
        "N'enregistrez pas ces réponses.",
        "C'est juste pour vous montrer comment je compte répondre.",
        "Je n'ai pas encore saisi.",
        "Je me suis trompée de fichier, le bon suit.",
        "à ne pas prendre en considération",
        "c'était un test pour voir si ça marche",
        "Les saisies seront faites la semaine prochaine.",
        "Tout reste à valider par le Pr Fictif",
        "Merci d'attendre ma confirmation avant de traiter",
        "ceci n'est pas ma réponse définitive",
        "Je ferai les saisies dès que j'aurai mon code.",
        "E-FIT est en panne, aucune saisie possible pour l'instant",
        "je n'arrive pas à me connecter à e-fit",
        "Mon accès est bloqué donc rien n'a été fait",
        "Ce tableau a été rempli par l'interne, je n'ai pas relu",
        "c'est ma secrétaire qui a tout coché, à vérifier",
        "J'ai coché Fait partout mais c'est pour gagner du temps, je saisirai après",
        "voici ce que je propose, qu'en pensez-vous ?",
        "Est-ce bien ce qu'il fallait répondre ?",
        "je ne suis pas sûre de mes réponses",
        "Oubliez mon envoi.",
        "Finalement non",
        "Je reviens vers vous avec la version corrigée",
        "Erreur de ma part, ne rien prendre",
        "Veuillez ignorer",
        "C'est le fichier de la région 11, pas le mien",
        "répondu au pif",
        "Sous réserve de l'accord du directeur",
        "Je dois encore vérifier auprès de la DRH",
        "pas le temps de saisir, j'ai rempli en attendant",
        "Les réponses sont celles de l'an dernier",
        "Je les rentrerai ce soir",
        "il faut que je reprenne tout",
        "Projet de réponse",
        "En cours de saisie",
        "seules les deux premières lignes sont bonnes",
        "J'ai tout mis à Fait par défaut",
        "réponses provisoires",
        "je n'ai pas pu tout faire",
        "merci de me dire si je dois saisir moi-même ou si vous le faites",
        "C'est vous qui saisissez ?",
        "Merci de faire les saisies à ma place.",
        "Pouvez-vous les saisir pour moi ?",
        "Rien de tout cela n'est encore fait",
        "On n'a rien touché dans e-FIT pour le moment",
        "J'ai répondu de mémoire",
        "Mes réponses ne sont pas fiables",
        "rien fait encore désolée",
        "Vu avec personne, j'ai mis ce que je croyais",
        "je vous confirme tout ça la semaine prochaine",
        "Version à relire par le Dr Fictif",
        "C'était le mauvais onglet",
        "on verra plus tard",
        "laissez tomber",
        "Attention ce fichier n'est pas à jour",
        "Je dois recommencer",
        "C'est pas moi qui ai rempli",
        "c'est un exemple",
        "à compléter",
        "je n'avais pas mes lunettes, je revérifie demain",
        "Ma collègue pense que tout est faux",
        "Personne n'a été prévenu finalement",
        "non",
        "Pas encore",
        "c'est pas bon",
        "je saisis tout ça dès que le site remarche",
        "Aucun compte créé à ce jour",
        "Il ne faut pas en tenir compte",
        "je me suis mélangé les pinceaux",
        "En fait je n'ai répondu à rien, c'était pour enregistrer",
        "Fichier renvoyé par erreur",
        "ce n'est pas la version finale",
        "Je vous enverrai la bonne version demain",
        "attention j'ai inversé deux lignes",
        "mes réponses sont à prendre avec précaution",
        "Je n'ai pas vérifié, c'est ma stagiaire qui a fait ça",
        "Merci de ne rien enregistrer avant notre appel",
        "Rien de fait, les codes ne marchent plus",
        "j'ai tout coché sans regarder",
        "Désolée, je me suis trompée partout",
        "Les Fait sont en réalité des À faire",
        "lire Refusé au lieu de Fait",
        "tout est à l'envers",
        "Pouvez-vous annuler ce que je viens d'envoyer ?",
        "je retire mes réponses",
        "Ne validez pas",
        "à ne pas traiter pour le moment",
        "je voulais juste tester l'envoi",
        "Mon chef n'est pas d'accord avec ces réponses",
        "il manque la moitié",
        "Cela reste théorique",
        "Saisies prévues en décembre",
        "on attend le feu vert du DG",
        "Voici ce que j'aurais répondu",
        "Je ferai le nécessaire à mon retour",
        "c'est à refaire",
        "Ne vous fiez pas à ce tableau",
        "J'avais mal compris la consigne",
        "je pensais que Fait voulait dire vu",
        "Pas de saisie possible depuis mon poste",
        "ma remplaçante corrigera",
        "certaines lignes sont fausses",
        "je n'étais pas concentré, désolé",
        "j'ai fini par mettre Fait partout",
        "ne pas diffuser avant validation",
        "Il faudrait qu'on en discute",
        "Je me réserve le droit de modifier",
        "on est loin du compte",
        "réponse d'attente",
        "C'est une première approche",
        "Mes collègues n'ont rien saisi",
        "Sans garantie",
        "Le code e-FIT ne passe pas",
        "L'accès au site est refusé",
        "Ce n'est qu'un premier retour, je complète demain",
        "Attendez lundi pour traiter",
        "la directrice veut d'abord relire",
        "j'ai mélangé les colonnes",
        "Mes Fait ne veulent rien dire",
        "Il reste tout à saisir",
        "on n'a pas fini",
        "Je reprends tout à zéro",
        "C'était à titre indicatif",
        "Le fichier a été rempli automatiquement",
        "réponses faites sans e-FIT sous les yeux",
        "j'ai répondu à côté",
    ],
)
def test_a_mail_that_denies_doubts_or_puts_off_what_was_answered_takes_nothing(letter: str) -> None:
    assert all(one.asked_for_mail for one in read(letter, "FICTIVE Ode", "EXEMPLE Anne"))


@pytest.mark.parametrize(
    ("letter", "asked"),
    [
        ("PS : pour M. d'Essai-Ostjaszel je n'ai pas réussi à saisir, e-FIT bloque.", "..#"),
        ("Mme Fictive n'est pas encore partie, les autres oui", "#.."),
        ("Mme Fictive est partie, les autres pas encore", ".##"),
        ("Rien n'est fait sauf Mme Fictive", "###"),
        ("Je n'ai fait que Mme Fictive", "###"),
        ("pour exemple c'est pas fait", ".#."),
        ("La ligne 5 de « Cartes » n'est pas faite", ".#."),
        ("Cartes ligne 6 : finalement je ne sais pas", "..#"),
        ("J'ai un souci pour Mme Fictive. Elle n'a pas encore sa carte.", "#.."),
        ("Mme Fictiwe est encore là", "#.."),
        ("Mme Durand n'est pas concernée, elle est de Tours.", "..."),
    ],
)
def test_a_mail_asks_back_the_lines_that_it_names_and_no_other(letter: str, asked: str) -> None:
    changes = ends("FICTIVE Ode", "EXEMPLE Anne", "D'ESSAI-OSTJASZEL Marc")
    states = {one.id: state(one) for one in changes}
    answer = partial(understood, states=states, day=DAY)
    found = with_other_comments(list(map(answer, read(letter, changes=changes))), states, {}, answer)
    assert "".join("#" if one.asked else "." for one in found) == asked


def test_somebody_named_by_the_last_name_alone_is_read_with_all_their_lines_and_no_others() -> None:
    changes = ends("FICTIVE Ode", "EXEMPLE Anne")
    changes.append(Builder().add("deactivate_account", "no_function_left", "important", "FICTIVE Ode", to=CRH))
    found = read("Pour FICTIVE, je demande d'abord à la DRH.", changes=changes)
    assert [bool(one.beside) for one in found] == [True, False, True]
    assert [one.asked for one in found] == ["", "", ""]
    assert found[0].beside == ("Pour … je demande d'abord à la DRH.",)


def test_a_name_that_is_also_a_word_hides_no_sentence() -> None:
    """« petit » names nobody; « Mme PETIT » does."""
    [one] = read("Ce n'est qu'un petit exercice", "PETIT Ode")
    assert one.asked_for_mail
    [other] = read("Pour Mme PETIT je vois cela avec la DRH", "PETIT Ode")
    assert not other.asked_for_mail
    assert other.beside


def test_of_two_who_bear_the_name_both_are_meant_unless_one_is_named_whole() -> None:
    both = read("FICTIVE hésite encore.", "FICTIVE Odette", "FICTIVE Anne")
    assert [bool(one.beside) for one in both] == [True, True]
    one = read("FICTIVE Anne hésite encore.", "FICTIVE Odette", "FICTIVE Anne")
    assert [bool(each.beside) for each in one] == [False, True]


def test_what_lies_over_a_title_asks_back_the_answers_of_that_sheet_alone() -> None:
    over = WrittenText("cell", "Cartes", 1, "simple exercice", code=ABOUT_THE_SHEET)
    changes = ends("FICTIVE Ode", "EXEMPLE Anne")
    here, there = (replace(line(one, said="Fait"), postponed_said="") for one in changes)
    states = {one.id: state(one) for one in changes}
    found = with_what_stands_beside([here, replace(there, sheet="À créer")], (over,), "", states, DAY)
    assert typeset("« simple exercice »") in found[0].asked
    assert found[1].asked == ""


def test_another_value_typed_over_ours_asks_the_answer_back_and_the_one_that_is_asked_for_does_not() -> None:
    [change] = ends("FICTIVE Ode")

    def over(text: str) -> WrittenText:
        token = line(change).token
        return WrittenText("cell", "Cartes", 4, text, token, heads=("Structure",), code="typed_over")

    assert read("", changes=[change], written=(over("Structure : CH imaginaire de Valmont"),))[0].asked
    assert not read("", changes=[change], written=(over("Nom : Fictive"),))[0].asked


def test_the_value_of_before_typed_over_the_one_to_be_entered_asks_the_answer_back() -> None:
    """It is the name of the account, and what is asked is another."""
    differs = FieldChange(field="last_name", before="FICTIVE", after="INVENTEE", source="workbook")
    made = Builder().add("update_account", "name_differs", "important", "FICTIVE Ode", to=CRH)
    change = made.model_copy(update={"fields": (differs,)})
    token = line(change).token

    def over(text: str) -> ReturnedLine:
        written = WrittenText("cell", "Cartes", 4, f"À saisir : {text}", token, heads=("À saisir",), code="typed_over")
        return read("", changes=[change], written=(written,))[0]

    assert over("FICTIVE").asked
    assert not over("INVENTEE").asked


def on_two_sheets(letter: str) -> list[str]:
    """What is asked back of a line to create and of one to end, both « Fait »."""
    made = Builder()
    coming = made.add("create_account", "missing_account", "access", "EXEMPLE Anne", to=CRH)
    going = made.add("end_assignment", "absent_from_workbook", "important", "FICTIVE Ode", to=CRH)
    sheets = ((coming, "À créer"), (going, "À désactiver"))
    lines = [replace(line(one), said="Fait", postponed_said="", sheet=sheet) for one, sheet in sheets]
    read = with_what_stands_beside(lines, (), letter, {one.id: state(one) for one, _ in sheets}, DAY)
    return [one.sheet for one in read if one.asked]


@pytest.mark.parametrize(
    "letter",
    [
        "je refuse toutes les désactivations.",
        "les désactivations le seront lundi.",
        "Aucune des fins de fonction n’est confirmée par les RH.",
        "Désactivations : à voir avec l’ANSM",
        "Les départs ne sont pas encore saisis.",
        "Pour les retraits, j’attends l’accord de la direction.",
    ],
)
def test_a_mail_that_takes_back_what_is_done_on_one_sheet_asks_that_one_alone(letter: str) -> None:
    assert on_two_sheets(letter) == ["À désactiver"]


@pytest.mark.parametrize(
    "letter",
    ["Ci-joint les désactivations.", "Les désactivations sont faites.", "Voici mes réponses pour les créations."],
)
def test_a_mail_that_only_sends_them_asks_nothing(letter: str) -> None:
    assert on_two_sheets(letter) == []


@pytest.mark.parametrize("name", ["BROUILLON ne pas tenir compte.xlsx", "réponses_essai.xlsx"])
def test_the_name_of_a_file_may_take_back_what_is_in_it(name: str) -> None:
    assert [bool(one.asked) for one in read(file_told(name), "FICTIVE Ode")] == [True]


@pytest.mark.parametrize(
    "name",
    ["CRH_ST-24 (1).xlsx", "retour_version_finale.xlsx", "annule et remplace CRH_ST-24.xlsx", "e-FIT région 24.ods"],
)
def test_the_name_of_a_file_is_mostly_only_a_name(name: str) -> None:
    assert file_told(name) == ""


def test_a_subject_may_speak_of_a_line() -> None:
    told = subject_told("RE: e-FIT région 24 : finalement Mme FICTIVE reste")
    people = ends("FICTIVE Ode", "EXEMPLE Anne")
    states = {one.id: state(one) for one in people}
    lines = [understood(one, states, DAY) for one in read(told, changes=people)]
    assert [one.decision for one in lines] == ["unknown", "accepted"]
    assert subject_told("RE: e-FIT région 24 : 15 lignes, dont 5 urgentes") == ""
