"""The installation's own words between the store and the command line."""

from collections.abc import Mapping
from typing import Any

from flows.settings.model import Settings
from flows.state.opened import open_to_read, open_to_write, store_exists
from pipelines.sources.cells.own_words import word_key
from pipelines.sources.vocabulary import meaning_text
from schemas.nomenclatures import say
from schemas.people.vocabulary import Word


def find_words(settings: Settings, text: str) -> list[Word]:
    """Find the words of the store that are written so, or have this reference."""
    if not store_exists(settings):
        return []
    with open_to_read(settings) as store:
        known = store.words()
    return [one for one in known.values() if text.strip() == one.id or word_key(one.field, text) == one.key]


def forget_words(settings: Settings, text: str) -> list[Word]:
    """Forget the words that are written so."""
    found = find_words(settings, text)
    with open_to_write(settings) as store:
        for one in found:
            store.forget_word(one.id)
    return found


def word_document(word: Word) -> dict[str, Any]:
    """Return it as `explain --json` has it."""
    return {
        "id": word.id,
        "field": word.field,
        "wording": word.wording,
        "meaning": word.meaning,
        "state": word.state,
        "told_on": word.told_on.isoformat() if word.told_on else None,
        "decided_on": word.decided_on.isoformat() if word.decided_on else None,
        "file": word.by,
    }


def word_text(word: Word, names: Mapping[str, str]) -> str:
    """Return it as `explain` says it in a terminal."""
    told = {
        "field": say(f"word.{word.field}"),
        "wording": word.wording,
        "meaning": meaning_text(word, names),
        "day": f"{word.decided_on:%d/%m/%Y}" if word.decided_on else "",
        "file": word.by,
    }
    return say(f"word.explained_{word.state}", **told)
