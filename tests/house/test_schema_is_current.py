"""What others build on is kept beside the code and says what the code does."""

import json
from importlib.resources import files

import jsonschema

from schemas.changes.change import ChangeSet
from schemas.changes.jsonschema import changeset_schema


def test_the_kept_json_schema_is_the_one_of_the_models():
    kept = files("schemas").joinpath("changeset.schema.json").read_text(encoding="utf-8")
    assert kept == changeset_schema(), "run: make schema"


def test_an_empty_change_set_satisfies_the_schema():
    empty = ChangeSet(run_id="x", as_of="2026-11-22", status="complete", sources=(), changes=())
    jsonschema.validate(empty.model_dump(mode="json"), json.loads(changeset_schema()))


def test_the_schema_refuses_an_unknown_kind_of_change():
    schema = json.loads(changeset_schema())
    kinds = schema["$defs"]["Change"]["properties"]["kind"]["enum"]
    assert sorted(kinds) == sorted(
        [
            "create_account",
            "add_assignment",
            "update_account",
            "end_assignment",
            "deactivate_account",
            "card_alert",
            "review",
        ]
    )
