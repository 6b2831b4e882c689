"""Where a workbook may speak of colours: its legends do, the names of its people do not, however like a colour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sources.sheet.guarded import colours
from connectors.sources.sheet.guarded.colours import speaks_of_colours

SAID = (
    *(
        "en",
        "En",
        "fond",
        "surligné",
        "surlignages",
        "couleurs",
        "ligne",
        "cellules",
        "rouge",
        "GRISE",
        "orangé",
        "vert",
    ),
    *("violet", "Violette-Marie", "rose-anne", "gende", "légende", "Legende", "l", "grıs", "griſ", "İen", "signifie"),
)
BETWEEN = ("", " ", "   ", "\n\t", "\xa0", " " * 40, ":", " = ", "→", "-", "<t>")


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


@given(st.lists(st.sampled_from([*SAID, *BETWEEN]), max_size=12).map("".join))
def test_it_is_looked_for_where_a_colour_is_named_and_nothing_is_missed(text: str) -> None:
    assert colours._has_legend(text) == bool(colours.legend().search(text))
