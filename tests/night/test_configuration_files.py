"""A configuration that is hardly one is refused in one French sentence (found by fuzzing)."""

from pathlib import Path

import pytest

from flows.settings.load import load_settings
from schemas.errors import ConfigurationError


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "[[", "\x00", "a = 1\na = 2"], ids=range(4))
def test_what_is_no_toml_is_one_mistake_that_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "annuaire.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_settings(path)
    (problem,) = refused.value.problems
    assert "annuaire.toml" in problem
