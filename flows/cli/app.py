"""`efit-annuaire`: results to stdout, progress to stderr, exit codes of contract §1; no traceback for bad input."""

import gc
import os
import sys
import time
from collections.abc import Sequence

from cyclopts import CycloptsError

from connectors.system.ownership import no_access
from flows.cli.commands import app
from flows.run.exits import EXIT_DONE, EXIT_HELD, EXIT_STOPPED, EXIT_USAGE
from flows.run.without_gc import start_lightly
from flows.terminal.encoding import json_text, print_anywhere
from flows.terminal.folding import complain
from flows.terminal.help_words import usage_error
from flows.terminal.outlet import code_with_loss, open_outlets
from schemas.errors import AnnuaireSyncError, ConfigurationError, StoreBehindError
from schemas.nomenclatures import say


def main(tokens: Sequence[str] | None = None) -> None:
    """Run what was typed: the entry point of the executable."""
    open_outlets()
    start_lightly()
    print_anywhere()
    since = time.time()
    words = list(sys.argv[1:] if tokens is None else tokens)
    code = code_with_loss(run(tokens), words)
    if os.geteuid() == 0:
        from flows.cli.by_root import leave_to_owner

        leave_to_owner(words, since)
    gc.freeze()  # what ends is not searched for garbage once more
    sys.exit(code)


def run(tokens: Sequence[str] | None = None) -> int:
    """Run one command line; the exit code. Expected errors become French lines on stderr."""
    words = sys.argv[1:] if tokens is None else tokens
    try:
        done = _nothing_meant(words) or app(tokens, exit_on_error=False, print_error=False)
        done = done() if callable(done) else done  # a night: played here, its words understood
    except CycloptsError as error:
        code, problems = EXIT_USAGE, [usage_error(error)]
    except ConfigurationError as error:
        code, problems = EXIT_USAGE, error.problems
    except StoreBehindError as error:
        code, problems = EXIT_HELD, [str(error)]
    except AnnuaireSyncError as error:
        code, problems = EXIT_STOPPED, [str(error)]
    except PermissionError as error:
        code, problems = EXIT_STOPPED, list(no_access(error))
    except KeyboardInterrupt:
        code, problems = EXIT_STOPPED, [say("cli.interrupted")]
    else:
        return done if isinstance(done, int) else EXIT_DONE
    return _told(code, problems, words)


def _nothing_meant(words: Sequence[str]) -> int:
    """Say that a word is none, a variable of the shell that nobody set; 0 where all are words."""
    return _told(EXIT_USAGE, [say("cli.empty_word")], words) if "" in words else 0


def _told(code: int, problems: Sequence[str], words: Sequence[str]) -> int:
    complain(problems)
    if "--json" in words:
        document = {"status": "error", "exit_code": code, "errors": list(problems)}
        sys.stdout.write(json_text(document))
    return code
