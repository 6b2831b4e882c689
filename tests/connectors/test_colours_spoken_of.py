"""Where a workbook may speak of colours: its legends do, the names of its people do not, however like a colour."""

import pytest

from connectors.sources.sheet.guarded.colours import speaks_of_colours


@pytest.mark.parametrize(
    "text",
    ["Légende", "en rouge : partis", "Rouge = parti", "rose-parti", "Rose - Parti", "VIOLETTE : ABSENTE", "Vert-Parti"],
)
def test_a_legend_speaks_of_colours(text: str) -> None:
    assert speaks_of_colours(f"<t>{text}</t>".encode())


@pytest.mark.parametrize(
    "text", ["Rose-Marie", "ROSE-MARIE", "Violette-Sidonie", "LEGRIS-ROY", "Carmen ROSE", "ROUGET"]
)
def test_names_do_not(text: str) -> None:
    """They would have every list of people opened once more, for its colours."""
    assert not speaks_of_colours(f"<t>{text}</t>".encode())
