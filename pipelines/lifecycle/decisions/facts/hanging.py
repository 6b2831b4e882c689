"""The refusal of a creation of which a function hangs: « elle a déjà un compte » asks for that function all the same,
and nobody would ask for it any more.
"""

from collections.abc import Mapping
from dataclasses import replace

from pipelines.lifecycle.decisions.said.offered_words import confirmed_answer
from schemas.changes.decision import ReturnedLine
from schemas.changes.lifecycle import ChangeState
from schemas.nomenclatures import say
from schemas.table_words import stands_in
from schemas.words import clean, label_key


def with_what_hangs(read: ReturnedLine, line: ReturnedLine, states: Mapping[str, ChangeState]) -> ReturnedLine:
    """Return a line that was read; the refusal of a creation, because there is an account already, asked back where a
    function of the same person waits for it. `line`: as it was written, where a confirmed answer is taken.
    """
    state = states.get(line.token.partition(":")[0])
    if state is None or read.decision != "refused" or read.asked or state.change.kind != "create_account":
        return read
    hanging = [states[key] for key in state.change.linked_to if key in states]
    waiting = any(one.change.kind == "add_assignment" and one.is_open for one in hanging)
    told = "\n".join(filter(None, (read.comment, *read.beside))) or line.said
    has_one = stands_in(label_key(told), "comment_facts", kind="has_account")
    if not (waiting and has_one) or confirmed_answer(state.change, line.said):
        return read
    asked = say("asked.has_account", found=say("decision.refused"), beside=clean(told))
    return replace(read, decision="unknown", asked=asked, as_read="")
