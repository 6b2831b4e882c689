"""The store's part about words: those that were shown to the administrator, and what they answered."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import sqlalchemy as sa

from connectors.store.database import Database
from connectors.store.tables import word
from schemas.people.vocabulary import Word, WordState


class Vocabulary:
    """What the store says, and is told, of the installation's own words."""

    _database: Database

    def words(self) -> dict[str, Word]:
        """Return reference → word, in the order of fields and words."""
        with self._database.reading() as connection:
            return {row.word_id: _word(row) for row in connection.execute(_WORDS)}

    def record_words(self, found: Sequence[Word]) -> None:
        """Keep words as they stand now; one that was known is replaced."""
        if not found:
            return
        with self._database.writing() as connection:
            connection.execute(sa.delete(word).where(word.c.word_id.in_([one.id for one in found])))
            connection.execute(sa.insert(word), [_values(one) for one in found])

    def forget_word(self, word_id: str) -> bool:
        """Forget a word of ours, and tell whether there was one. Met again, it is shown again."""
        with self._database.writing() as connection:
            return bool(connection.execute(sa.delete(word).where(word.c.word_id == word_id)).rowcount)


def forget(connection: sa.Connection, before: date) -> int:
    """Tell how many unanswered and refused words of before a day were forgotten: somebody's name may stand in one."""
    old = sa.and_(word.c.state != "accepted", word.c.told_on < before)
    return connection.execute(sa.delete(word).where(old)).rowcount


_WORDS = sa.select(word).order_by(word.c.field, word.c.key)


def _values(one: Word) -> dict[str, Any]:
    return {
        "word_id": one.id,
        "field": one.field,
        "key": one.key,
        "wording": one.wording,
        "meaning": one.meaning,
        "state": one.state,
        "told_on": one.told_on,
        "decided_on": one.decided_on,
        "by": one.by,
    }


def _word(row: sa.Row[Any]) -> Word:
    state = cast(WordState, row.state)
    return Word(row.field, row.key, row.wording, row.meaning, state, row.told_on, row.decided_on, row.by)
