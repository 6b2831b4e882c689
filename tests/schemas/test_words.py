"""Names are compared by a key that case, accents, hyphens, spaces and apostrophes do not change."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.words import clean, name_key

a_name = st.text(st.sampled_from("ABCDÉÈÀÇÔabcdéèàçô -'’"), max_size=20)


@given(st.text())
def test_the_key_of_a_name_is_its_own_key(text: str):
    assert name_key(name_key(text)) == name_key(text)


@given(a_name)
def test_case_hyphens_spaces_and_apostrophes_do_not_change_the_key_of_a_name(name: str):
    key = name_key(name)
    for written in (name.upper(), name.lower(), name.replace("-", " "), name.replace("’", "'"), f" {name}\u00a0"):
        assert name_key(written) == key


@given(a_name)
def test_accents_do_not_change_the_key_of_a_name(name: str):
    assert name_key(name.translate(str.maketrans("ÉÈÀÇÔéèàçô", "EEACOeeaco"))) == name_key(name)


@given(st.text(st.characters(max_codepoint=127), max_size=8))
def test_tidied_text_has_single_spaces_and_nothing_unseen(text: str):
    seen = "".join(sign for sign in text if sign.isspace() or sign.isprintable())
    assert clean(text) == " ".join(seen.split())
    assert clean(f"é{text}") == clean(f"é{seen}")
    assert clean(f"\u00a0{text} ") == clean(text)
