"""An address or a telephone that its own cell gives to somebody else is no news of the person of the row."""

import pytest

from tests.shapes.test_told_beside import grid, told

LABELS_AT = {text: at for at, text in enumerate(grid()[0])}
NEW = "nouvelle@example.org"


def changed(column: str, text: str) -> list[str]:
    cells = grid()
    cells[1][LABELS_AT[column]] = text
    return [str(one.after) for change in told({"Liste": cells}).changes for one in change.fields]


@pytest.mark.parametrize(
    "text",
    [
        f"secrétariat : {NEW}",
        f"{NEW} (secr.)",
        f"{NEW} (Mme Petit)",
        f"UHV : {NEW}",
        f"Marie PETIT <{NEW}>",
        f"copie à {NEW}",
        f"{NEW} - assistante",
    ],
)
def test_an_address_said_to_be_anothers_changes_nobody(text: str) -> None:
    assert changed("Courriel", text) == []


@pytest.mark.parametrize("text", [NEW, f"pro : {NEW}", f"Thomas MARTIN <{NEW}>", f"mail {NEW}", f"{NEW} (bureau)"])
def test_an_address_with_words_that_say_nothing_of_others_is_theirs(text: str) -> None:
    assert changed("Courriel", text) == [NEW]


def test_of_two_telephones_the_one_that_is_the_secretarys_is_left_out() -> None:
    assert changed("Téléphone", "secr. 01 99 00 11 22 / portable 06 39 98 00 11") == ["06 39 98 00 11"]
    assert changed("Téléphone", "01 99 00 11 22 (standard)") == []
