"""Every header line of a national file that was ever seen is read whole: nothing needed is missing, nothing is new."""

from pathlib import Path

import pytest

from schemas.reading.source import SourceContract, contract
from schemas.words import header_key

HEADERS = sorted((Path(__file__).parent / "headers").glob("*.txt"))
CONTRACTS = {
    "PS_LibreAcces_Personne_activite": "register_persons",
    "Extraction_ProSanteConnect": "register_persons",
    "Porteurs_CPS_CPF": "register_cards",
}


def columns(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").strip().strip("|").split("|")


def read_or_ignored(rules: SourceContract) -> set[str]:
    labels = [label for rule in rules.columns.values() for label in rule.labels]
    return {header_key(label) for label in (*labels, *rules.ignored)}


@pytest.mark.parametrize(
    "path", [path for path in HEADERS if path.name.partition(".")[0] in CONTRACTS], ids=lambda path: path.stem
)
def test_a_header_that_was_seen_is_read_whole(path: Path) -> None:
    rules = contract(CONTRACTS[path.name.partition(".")[0]])
    _, missing = rules.positions(columns(path))
    assert missing == []
    assert [label for label in columns(path) if header_key(label) not in read_or_ignored(rules)] == []


@pytest.mark.parametrize("name", sorted(set(CONTRACTS.values())))
def test_a_contract_refuses_the_files_of_another_kind(name: str) -> None:
    others = [path for path in HEADERS if CONTRACTS.get(path.name.partition(".")[0]) != name]
    assert others
    assert [path.name for path in others if not contract(name).positions(columns(path))[1]] == []
