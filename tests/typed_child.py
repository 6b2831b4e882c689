"""A process that has imported what a command needs, and is forked for each that a test types: see `tests/typed.py`.

What is forked becomes what the executable is: its own words, environment, folder, account and outputs; then it is the
product's own `main`, to its end. Only what is imported is not imported again.
"""

import codecs
import gc
import importlib
import os
import pickle
import struct
import sys
import time
from contextlib import suppress
from typing import Any

HEAD = struct.Struct("<iq")  # exit code or number of a process, bytes that follow

# What every command loads that is not ours; what is missing here is imported where it is asked for.
LIBRARIES = (
    "alembic.command",
    "alembic.runtime.migration",
    "calendar",
    "cyclopts",
    "email.policy",
    "email_validator",
    "jinja2",
    "lxml.etree",
    "openpyxl",
    "pandas",
    "phonenumbers",
    "pydantic",
    "pydantic_settings",
    "python_calamine",
    "rapidfuzz",
    "rich.console",
    "rich.progress",
    "rich.table",
    "sqlalchemy.dialects.sqlite",
    "sqlite3",
    "stdnum",
    "xlsxwriter",
)
# Of Python's own, what is looked for when it is needed: the account that a command is typed by may not read where
# Python is installed, under root's home.
ENCODINGS = ("ascii", "cp1252", "cp437", "idna", "latin-1", "utf-16", "utf-16-le", "utf-8-sig")
OURS = (
    "flows.cli.app",
    "flows.cli.commands",
    "flows.jobs.sync",
    "flows.jobs.night",
    "flows.jobs.status",
    "flows.doctor.checkup",
)


def become(asked: dict[str, Any]) -> None:
    """Be a process that was started with these words."""
    sys.argv = ["efit-annuaire", *asked["words"]]
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    os.chdir(asked["folder"])
    for number, path in ((0, os.devnull), (1, asked["out"]), (2, asked["err"])):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    encoding = os.environ.get("PYTHONIOENCODING", "utf-8")
    # as the interpreter does when it starts
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding=encoding, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(  # type: ignore[misc]  # noqa: SIM115
        2, "w", buffering=1, encoding=encoding, errors="backslashreplace", closefd=False
    )
    if account := asked["account"]:
        os.setgroups([])
        os.setgid(account[1])
        os.setuid(account[0])
    if asked["product"]:
        sys.path.insert(0, asked["product"])


def main() -> None:
    """Answer one request after the other, until stdin is closed; in what is forked: the command."""
    for name in (*LIBRARIES, *(OURS if sys.argv[1] == "ours" else ())):
        importlib.import_module(name)
    for encoding in ENCODINGS:
        codecs.lookup(encoding)
    gc.freeze()
    questions, answers = os.dup(0), os.dup(1)
    while head := os.read(questions, HEAD.size):
        request = b""
        while len(request) < HEAD.unpack(head)[1]:
            request += os.read(questions, 1 << 16)
        child = os.fork()
        if not child:
            os.close(questions)
            os.close(answers)
            become(pickle.loads(request))
            from flows.cli.app import main as typed

            typed()
        os.write(answers, HEAD.pack(child, 0))  # whoever asked may want to kill it
        with suppress(InterruptedError):
            status = os.waitpid(child, 0)[1]
        os.write(answers, HEAD.pack(os.waitstatus_to_exitcode(status), 0))


if __name__ == "__main__":
    main()
