"""What somebody may do with a case as it stands: what a page offers, by the same roles and states that the actions want."""

from __future__ import annotations

from collections.abc import Iterable

from wandeng.domains.cases.actions import contact, ending, intake, revealing, steering, work
from wandeng.domains.cases.types import CaseShown
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor


def offered(actor: Actor, seen: CaseShown) -> frozenset[str]:
    """The verbs that the actions would take from this person now: ``finish``, ``assign``, ``send_back``, ``pause``,
    ``resume``, ``press``, ``supervise``, ``transfer``, ``reclassify``, ``merge``, ``split``, ``withdraw``, ``note``,
    ``hand_in``, ``fill``, ``call_back``, ``reopen``, ``reveal``, ``hand_over``, ``answer_contact``. A field or a proof may still be missing."""
    is_over = Scope.of(actor).covers(seen.unit_path)
    found = {"note"} | (_at_the_end(actor, seen) if is_over else set())
    if _holds(actor, work.HANDING_IN):
        found.add("hand_in")
    if not seen.is_confidential or revealing.may_see(
        actor, owner=seen.glance.owner, handler=seen.glance.handler, is_over=is_over
    ):
        found.add("reveal")
    if seen.glance.state == "OPEN":
        found |= _at_its_step(actor, seen, is_over=is_over) | _steering(actor, seen)
    return frozenset(found if is_over else found & OF_THE_WORK)


OF_THE_WORK = frozenset({"finish", "send_back", "pause", "resume", "fill", "hand_in", "note", "reveal"})
"""What whoever has a case of another office in hand does with it: the rest is its office's (``reach``)."""


def _at_its_step(actor: Actor, seen: CaseShown, *, is_over: bool) -> set[str]:
    step = next((one for one in seen.steps if one.code == seen.step), None)
    roles = (seen.role,) if seen.role else tuple(one.role for one in seen.steps if one.role)
    is_supervisor = _holds(actor, work.SUPERVISORS)
    found = {"assign"} if is_supervisor or actor.has(seen.role) else set()
    handler = seen.glance.handler
    if not is_supervisor and not _holds(actor, roles):
        return found
    if handler not in ("", actor.code) and not (is_supervisor and is_over):
        return found
    found |= {"finish"}
    if step and step.may_return:
        found.add("send_back")
    if seen.pauses and not seen.is_paused:
        found.add("pause")
    if set(seen.paused_by) & {code for code, _zh, _en in seen.pauses}:
        found.add("resume")
    return found


def _steering(actor: Actor, seen: CaseShown) -> set[str]:
    found = set()
    if _holds(actor, steering.PRESSING) and seen.pressed < seen.press_most:
        found.add("press")
    if _holds(actor, steering.ANSWERABLE):
        found.add("supervise")
    if _holds(actor, (seen.role, *steering.ANSWERABLE, "CALL_CLERK")):
        found |= {"transfer", "reclassify", "merge", "withdraw"}
    if actor.has("HALL_CLERK"):
        found.add("withdraw")
    if contact.is_owner(actor, seen.glance.owner):
        found |= {"hand_over"} | ({"answer_contact"} if seen.asked_again_at else set())
    if _holds(actor, (seen.role or seen.steps[0].role, *work.SUPERVISORS, "CALL_CLERK")):
        found.add("fill")
    if _holds(actor, intake.TAKERS):
        found.add("split")
    return found


def _at_the_end(actor: Actor, seen: CaseShown) -> set[str]:
    found = set()
    if any(one.state == "WANTED" for one in seen.call_backs) and _holds(
        actor, (seen.call_back_role, *ending.OVERSEERS)
    ):
        found.add("call_back")
    if seen.glance.state in ("FINISHED", "CLOSED") and seen.call_back_role and _holds(actor, ending.REOPENERS):
        found.add("reopen")
    return found


def _holds(actor: Actor, roles: Iterable[str]) -> bool:
    return any(role and actor.has(role) for role in roles)
