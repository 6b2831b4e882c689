"""Why the machine refuses, in French: what the operating system says is said in the language of its installation."""

import errno

from schemas.nomenclatures import messages, say


def refusal_text(error: OSError) -> str:
    """Return « accès refusé », « plus de place sur le disque »; the number of a rarer refusal."""
    name = errno.errorcode.get(error.errno or 0, "")
    key = f"refusal.{name}"
    return say(key) if key in messages() else say("refusal.other", code=name or type(error).__name__)
