"""The JSON Schema of `changeset.json`, generated from the models and kept beside them (`make schema`)."""

import json
import sys

from schemas.changes.change import ChangeSet


def changeset_schema() -> str:
    """The schema as it is kept in the repository."""
    return json.dumps(ChangeSet.model_json_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(changeset_schema())
