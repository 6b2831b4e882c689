"""README.md of the sample: who shows what, from the same storylines as the expectation tables."""

from pathlib import Path

from sample_data.cast import Expected
from sample_data.country import REGION_NAMES, Country
from sample_data.script import Script
from schemas.nomenclatures import issue_effects, reasons

_HEAD = """# Un pays inventé

Tout est fictif : les personnes, les établissements, les numéros (RPPS en 9970…, cartes en 999…, FINESS en
9990..), les adresses (example.org) et les téléphones (plages que l'ARCEP réserve à la fiction).
Le jour est le 22 novembre 2026.

Fait par `python -m sample_data.generate` (même graine, mêmes fichiers) ; ce README aussi. Ne rien corriger
à la main : changer l'histoire dans `storylines.py`, `alerts.py`, `reviews.py` ou `blemishes.py`,
puis refaire.

| fichier | ce qu'il montre |
|---|---|
| `annuaire.toml` | la configuration de la démonstration |
| `annuaire-pannes.toml`, `broken/` | une mauvaise nuit : registre périmé, classeurs inutilisables |
| `rpps/` | extraits des personnes et des cartes ; un extrait plus ancien, qui ne doit pas l'emporter |
| `adeli/` | extraction ADELI et correspondance ADELI – RPPS |
| `finess/` | l'ancien stock CSV et le stock FINESS+, qui seul dit les fermetures |
| `regions/24-centre-val-de-loire.xlsx` | le modèle standard |
| `regions/52-pays-de-la-loire.xlsx` | un vrai désordre ; région sans CRH-ST |
| `regions/11-ile-de-france.ods` | OpenDocument ; les lignes qui ne peuvent être placées |
| `ets/cpdl.csv` | Windows-1252 ; ETS à cheval sur les régions 24 et 52 |
| `ets/idf.xlsx` | disposition large, une ligne par site |
| `national.xlsx` | ANSM, EFS national, CTSA |
| `efit/export.xlsx` | l'annuaire e-FIT |
| `expected_changes.csv` | chaque changement attendu, champ par champ, avec son destinataire |
| `expected_rejects.csv` | chaque code attendu, par fichier (0 : autant qu'il y en a) |
"""


def write_readme(path: Path, country: Country, script: Script) -> None:
    """The head, then one row per reason, per code, and per case in which nothing must happen."""
    accounts = sum(actor.account is not None for actor in country.actors)
    lines = [
        _HEAD,
        f"{accounts} comptes, {len(country.structures) - 1} structures, trois régions "
        f"({', '.join(f'{name} {code}' for code, name in REGION_NAMES.items())}), deux ETS régionaux.",
        "\n## Qui montre quel motif (contrat §6)\n| motif | qui | histoire | à qui |\n|---|---|---|---|",
        *(_change(line) for reason in reasons() for line in script.expected if line.reason.split("|")[0] == reason),
        "\n## Où se trouve quel code (contrat §8)\n| code | fichier | histoire |\n|---|---|---|",
        *(
            f"| `{line.code}` | `{line.file}` | {line.story} |"
            for code in issue_effects()
            for line in script.rejects
            if line.code == code
        ),
        "\n## Où rien ne doit se passer\n| cas | qui |\n|---|---|",
        *(f"| {story} | {who} |" for story, who in script.silent),
        "| casse, accents, tirets, civilité, e-CPS, forme du téléphone et du courriel | les autres comptes |",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _change(line: Expected) -> str:
    who = line.account_id or f"{line.last_name} {line.first_name}".strip() or line.structure_code
    to = " ".join(filter(None, (line.updater_post, line.updater_scope)))
    if line.escalated_from:
        to += f" (à la place de {line.escalated_from})"
    if line.uncovered == "oui":
        to += " (non couvert)"
    told = ", ".join(f"`{one}`" for one in line.reason.split("|"))
    return f"| {told} | {who} | {line.story} | {to} |"
