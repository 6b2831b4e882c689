"""What people write of somebody who left, who stays, or of whom nobody can tell: never silently « in post »."""

from datetime import date

import pytest

from pipelines.sources.cells.presence import LEFT, PRESENT, SILENT, UNKNOWN, presence_of

DAY = date(2026, 11, 22)

GONE = """
N'exerce plus depuis l'été | A fait valoir ses droits à la retraite | Départ effectif 15/10/2026
A changé d'établissement | A quitté ses fonctions d'hémovigilance
Ne remplit plus cette mission | N'assure plus la fonction | Mission terminée | Contrat terminé le 31/08/2026
CDD non renouvelé | Intérim terminé | Remplacée par le Dr Petit depuis septembre | A été remplacé le 01/09/2026
Retraitée au 01/07/2026 | Décédée en mars 2026 | Plus en activité | Plus titulaire | À retirer de la liste
Compte à clôturer | Supprimer l'accès | Fonctions terminées | Rayée des listes | A pris sa retraite
Poste supprimé | départ en 2025 | Quitte le CH fin août 2026 | Plus dans l'établissement
Nous a quittés le 3 juin 2026 | Déchargé de ses fonctions | Ne veut plus assurer la fonction | Plus chez nous
Ne fait plus d'hémovigilance | N'a plus de fonction HV
Inactif | Inactive depuis le 01/09/2026 | Sorti le 12/10/2026 | Désactivé | Sortie des effectifs | Non actif
CDD fini le 31/10/2026 | CDD terminé | Contrat non renouvelé | Nommée ailleurs | N'a plus cette fonction
N'exerce plus ici | Ne travaille plus avec nous | DCD
Fin le 15/11/2026 | Fin fonction : 15/11/2026 | Ne s'occupe plus de l'hémovigilance | A passé la main
Départ : 15/11/2026 | Left | Retired
Démission au 30/09 | Partie en octobre | Décédé le 3 nov. | Parti le 31/10
"""

THERE = """
Partira le 01/03/2027 | Départ prévu 01/02/2027 | Part le 15/12/2026 | Fin de mission au 31/01/2027
Retraite en avril 2027 | Reste en poste | Toujours active | En congé maternité | Arrêt longue maladie
Retour de congé | De retour depuis le 01/11/2026 | Remplace Mme Durand pendant son congé | A remplacé le Dr Noir
pas de changement | Vérifié le 12/11/2026 | Reprise le 01/09/2026 | Carte à renouveler | En attente de carte
N'a plus de carte | Formation validée | Formation terminée, en poste | Remplaçant du Dr Noir
Départ : aucun | Aucun départ | Parti : non | Entrée le 03/03/2025 | depuis le 01/01/2020 | changement de nom
Arrivée le 01/10/2026 (vient du Lac Bleu) | PU-PH | Praticien associé | maj 11/26
80 % | Présente à 50 % | 0,5 ETP | Habilitée | Poste pourvu | Référente | Chef de service | Fin le 15/12/2026
Remplacée pendant son congé maternité | Mutée dans notre service le 01/09/2026 | Fin de contrat T1 2027
"""

NOBODY_CAN_TELL = """
Non parti | Non remplacé | Départ annulé | Annulation du départ | N'a pas quitté le service
Pas de départ prévu | Vu avec le cadre, il y a du nouveau | Carte perdue, a quitté le service
Absent définitivement | Parti puis revenu | Vacataire, plus appelé | Sera remplacée le 01/01/2027
Cherche un remplaçant | En retraite progressive | Titulaire jusqu'au 31/10/2026 | Actif / parti
Présent mais quitte fin décembre 2026 | Suspendu | En disponibilité | Détachée à l'ARS | A rendu sa carte
Plus de nouvelles | parti ?
P | inactif temporairement | Sorti du CHU (nuit) | Sorti du bloc | ex-Parti | Ancien parti | Faux départ
Part en mission | Démission refusée | Mutation demandée | Ancien titulaire, reste remplaçant | Parti au bloc
Ne fait plus de gardes | Plus titulaire mais remplaçant
Désactivée par erreur | Inactif cette semaine | Inactive, remplacée pour l'instant | Désactivé (provisoire)
ancienne titulaire, désormais remplaçante | retraitée, poursuit (cumul emploi-retraite)
n'est plus suppléante : titulaire depuis le 01/01/2026 | ex-assistante, CHV depuis 2024 | Part-time
a quitté son poste d'adjointe au 1/9, est titulaire | parti pris de rester | quitte à 17h | ancienne interne
Cessation anticipée partielle | ex-titulaire, remplaçant
Fin de contrat 31/12 | Départ 31/12 | Départ fin mars | Départ fin d'année | Parti (nov. 2026) | A quitté nov-26
Mutation interne vers la pharmacie | a quitté Lyon pour nous rejoindre | retraitée réserviste | partie à 80 % sur l'UHST
PH à la retraite, vacataire | mutation interne (réa → UHST) | † 10/2026
Remplaçante de Mme Durand partie en retraite | N'est pas partie en 2025 | Congé de fin de carrière
"""


def each(text: str) -> list[str]:
    return [one.strip() for one in text.strip().replace("\n", "|").split("|")]


@pytest.mark.parametrize("written", each(GONE))
def test_somebody_left(written: str) -> None:
    assert presence_of(written, DAY) == LEFT


@pytest.mark.parametrize("written", each(THERE))
def test_somebody_is_there(written: str) -> None:
    assert presence_of(written, DAY) in (PRESENT, SILENT)


@pytest.mark.parametrize("written", each(NOBODY_CAN_TELL))
def test_somebody_is_asked(written: str) -> None:
    assert presence_of(written, DAY) == UNKNOWN
