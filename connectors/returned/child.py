"""The child process that opens a returned report: it may run out of memory or time, its parent goes on.

Run by `connectors.returned`. Reads a JSON line with the passwords, then the file; answers with one JSON line: the
lines of the report, or why there are none. A report comes back by mail: what it does to the libraries is not known.
"""

import json
import resource
import sys
from io import BytesIO
from typing import Any

from pydantic import TypeAdapter

from connectors.returned.sheet import read_decisions
from connectors.sealed import unseal
from schemas.decision import ReturnedLine
from schemas.errors import SourceError
from schemas.nomenclatures import say

MEMORY = 2_000_000_000  # bytes of address space
SEALED = b"\xd0\xcf\x11\xe0"
LINES = TypeAdapter(list[ReturnedLine])


def answer(passwords: list[str], content: bytes) -> dict[str, Any]:
    """`{"lines": …}` or `{"error": French}`."""
    try:
        if content.startswith(SEALED):
            opened = unseal(content, passwords)
            if opened is None:
                return {"error": say("decisions.sealed")}
            content = opened
        return {"lines": LINES.dump_python(read_decisions(BytesIO(content)), mode="json")}
    except SourceError as error:
        return {"error": error.message}
    except MemoryError:
        return {"error": say("report.unreadable", found=say("report.too_large"))}


def main() -> None:
    """One file on stdin, one answer on stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    passwords = json.loads(sys.stdin.buffer.readline())
    found = answer(passwords, sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
