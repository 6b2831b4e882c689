"""The JSON Schema of `changeset.json`, generated from the models and kept beside them (`make schema`)."""

import json
import sys

from schemas.changes.change import NOT_WRITTEN, Change, ChangeSet


def changeset_schema() -> str:
    """Describe `changeset.json` as it is written: the text of the schema that is kept in the repository."""
    schema = ChangeSet.model_json_schema()
    for field, names in NOT_WRITTEN.items():
        model = schema["$defs"][Change.model_fields[field].annotation.__name__]  # type: ignore[union-attr]  # a model
        for name in names:
            del model["properties"][name]
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(changeset_schema())
