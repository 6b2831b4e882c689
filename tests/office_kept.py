"""A LibreOffice that stays open while its stdin does: whoever starts another is answered by it, ten times as fast.

Run by the Python that LibreOffice came with, as only that one has `uno`; see `tests/office.py`.
"""

import importlib
import subprocess
import sys
import time


def main(profile: str, pipe: str, seconds: float) -> None:
    """Say « ready » as soon as it is open; leave at once where there is no `uno`."""
    uno = importlib.import_module("uno")
    options = ("--headless", "--norestore", "--nodefault", "--nologo", f"--accept=pipe,name={pipe};urp;")
    command = ["soffice", f"-env:UserInstallation={profile}", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as office:
        here = uno.getComponentContext()
        resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
        until = time.monotonic() + seconds
        there = None
        while there is None and time.monotonic() < until and office.poll() is None:
            try:
                there = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            except uno.getClass("com.sun.star.connection.NoConnectException"):
                time.sleep(0.05)
        if there is not None:
            desktop = there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
            hidden = uno.createUnoStruct("com.sun.star.beans.PropertyValue", Name="Hidden", Value=True)
            # it ends behind what it was asked for, unless a book is open
            desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (hidden,))
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            sys.stdin.read()
        office.terminate()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
