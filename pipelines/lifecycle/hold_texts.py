"""What a safeguard holds, in words: whose set, how much of it, and the limit that it passes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.lifecycle.new_rules import RULES
from pipelines.phrase import post_text, source_text
from pipelines.policy import Policy, limits_of
from pipelines.sources.lost_columns import COLUMN, column_label
from schemas.changes.change import PostRef
from schemas.changes.safeguard import Hold
from schemas.nomenclatures import say
from schemas.reading.export_figures import HOLDINGS
from schemas.reading.source_names import kind_of_source
from schemas.typography import share_text


def held_documents(
    held: Iterable[Hold], policy: Policy, brought: Mapping[tuple[str, str], str]
) -> list[dict[str, Any]]:
    """Return it as `run.json` and the store have them: counts alone, with the share that each passes; None for those of
    none.

    `because`: of what our rules brought, which of them (`brought_by`).
    """
    limits = limits_of(policy)
    return [
        {
            "post": one.post,
            "scope": one.scope,
            "what": one.what,
            "count": one.count,
            "total": one.total,
            "limit": limits[one.what][0] if one.what in limits else None,
            "because": brought.get((one.post, one.scope)) if one.what == RULES else None,
        }
        for one in held
    ]


def held_texts(kept: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return « CRH-ST de la région … : 7 comptes à désactiver… sur 32 (limite : 5 %) », one for each set or source."""
    emptied = {one["scope"] for one in kept if one["what"] in HOLDINGS or one["what"].startswith(COLUMN)}
    return [_text(one) for one in kept if one["what"] != "source" or one["scope"] not in emptied]


def _text(one: Mapping[str, Any]) -> str:
    facts = {"count": one["count"], "total": one["total"]}
    if one["what"].startswith(COLUMN):
        label = column_label(kind_of_source(one["scope"]), one["what"])
        return say("held.column", source=source_text(one["scope"]), label=label, **facts)
    if not one["post"]:
        fewer = one["what"] != "source" or one["count"] < one["total"]
        key = f"held.{one['what']}" if fewer else "held.source_doubted"
        return say(key, source=source_text(one["scope"]), **facts)
    updater = post_text(PostRef.model_validate({"post": one["post"], "scope": one["scope"]}))
    limit = share_text(one["limit"]) if one.get("limit") is not None else ""
    if one["what"] == RULES:
        return say(f"held.rules_{one.get('because') or 'mixed'}", updater=updater, **facts)
    return say(f"held.{one['what']}", updater=updater, limit=limit, **facts)


def held_last(counts: Mapping[str, Any]) -> list[str]:
    """Return what the run of these counts held; a version before this one kept none."""
    return held_texts(counts.get("held", ()))
