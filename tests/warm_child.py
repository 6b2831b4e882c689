"""The child that opens returned reports, imported once for a whole process of tests and forked for each of them.

Each is opened by the product's own child, with its own limits; only its half second of imports, and of reading our
sentences, is not paid again.
"""

import gc
import importlib
import os
import struct
import sys
from io import BytesIO, TextIOWrapper

HEAD = struct.Struct("<iq")  # exit code (nothing when asked), bytes that follow


def main() -> None:
    """Answer one request after the other, until stdin is closed."""
    from connectors.excel.returned import child  # only where it is run as a script
    from schemas.nomenclatures import messages

    messages()  # read from its file once, as every answer has some
    importlib.import_module("_strptime")
    gc.freeze()  # no child walks what was imported, so none gets a copy of its own
    while head := sys.stdin.buffer.read(HEAD.size):
        request = sys.stdin.buffer.read(HEAD.unpack(head)[1])
        told, tells = os.pipe()
        pid = os.fork()
        if not pid:
            code = 1
            try:
                sys.stdin = TextIOWrapper(BytesIO(request))
                sys.stdout = os.fdopen(tells, "w")
                child.main()
                sys.stdout.flush()
                code = 0
            finally:
                os._exit(code)
        os.close(tells)
        with os.fdopen(told, "rb") as pipe:
            said = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        sys.stdout.buffer.write(HEAD.pack(code, len(said)) + said)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
