"""`[[routing]]`: what the procedure leaves open, and what of it cannot work (contract §2)."""

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, Self

from pydantic import ValidationInfo, field_validator, model_validator

from flows.settings.section import Section
from schemas.changes.change import Post
from schemas.nomenclatures import ADMIN_EFIT, POSTS, code_of, label_of, posts_of_types, rows, say, terms

_TABLES = {"structure_type": "structure_types", "function": "functions", "rank": "ranks"}
ANY = "*"


class RoutingSettings(Section):
    """A route that the procedure leaves open; first match wins, before the built-in table."""

    structure_type: str = ANY
    function: str = ANY
    rank: str = ANY
    updater: Post

    @field_validator("structure_type", "function", "rank")
    @classmethod
    def _known_word(cls, text: str, info: ValidationInfo) -> str:
        table = _TABLES[info.field_name or ""]
        if text != ANY and not code_of(table, text) and not (text == "" and table == "ranks"):
            words = {word: term.label for term in terms(table).values() for word in (term.label, *term.synonyms)}
            near = difflib.get_close_matches(text, words, n=1, cutoff=0.0)
            raise ValueError(say(f"config.unknown_{info.field_name}", found=text, near=words[near[0]]))
        return text

    @field_validator("updater", mode="before")
    @classmethod
    def _known_post(cls, text: Any) -> Any:
        if isinstance(text, str) and text not in POSTS:
            near = difflib.get_close_matches(text.upper().replace("-", "_"), POSTS, n=1, cutoff=0.0)
            raise ValueError(say("config.unknown_updater", found=text, near=near[0]))
        return text

    @model_validator(mode="after")
    def _can_work(self) -> Self:
        roles = list(self._roles())
        told = {name: self._told(name) for name in _TABLES}
        if not roles:
            raise ValueError(say("config.no_such_role", **told))
        if self.updater != ADMIN_EFIT and not any(self.updater in posts_of_types()[kind] for kind in roles):
            serves = [
                label_of("structure_types", kind) for kind, posts in posts_of_types().items() if self.updater in posts
            ]
            raise ValueError(say("config.no_such_scope", updater=self.updater, serves=", ".join(serves), **told))
        return self

    def code(self, name: str) -> str:
        """Return the code of what stands there: `*`, "" for no rank, or of its table."""
        text: str = getattr(self, name)
        return text if text in (ANY, "") else code_of(_TABLES[name], text)

    def covers(self, other: "RoutingSettings") -> bool:
        """Tell whether whatever fits the other fits this one."""
        return all(self.code(name) in (ANY, other.code(name)) for name in _TABLES)

    def _roles(self) -> Iterator[str]:
        """The structure types at which there is a function and rank that it fits (contract §6 « Roles »)."""
        for row in rows("roles"):
            got = {"structure_type": row["structure_type"], "function": row["function"]}
            fits = all(self.code(name) in (ANY, value) for name, value in got.items())
            if fits and (self.code("rank") == ANY or self.code("rank") in row["rank"].split("|")):
                yield row["structure_type"]

    def _told(self, name: str) -> str:
        code = self.code(name)
        return say("config.any") if code == ANY else label_of(_TABLES[name], code) or say("config.no_rank")


def refuse_unreached(routes: Sequence[RoutingSettings]) -> None:
    """Refuse a route that an earlier one leaves nothing to. Raises ValueError."""
    for at, later in enumerate(routes):
        for before, earlier in enumerate(routes[:at]):
            if earlier.covers(later):
                raise ValueError(say("config.unreached", later=at + 1, earlier=before + 1))
