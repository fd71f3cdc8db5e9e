"""Finishing a step of whatever case: like ``cases.actions.work.finish``, and what the step or the process names as its effect is
carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from wandeng.domains.cases.actions import work
from wandeng.domains.cases.types import Charter, Done, LastStepDone, Proof
from wandeng.flows.connections import changing, connecting, dividing, ending, reading, standing, transferring
from wandeng.flows.connections.deed import Deed
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput

EFFECTS: Mapping[str, Callable[[Deed], None]] = {
    "CONNECTION": connecting.connect,
    "TRANSFER": transferring.transfer,
    "RENAME": changing.rename,
    "CLOSE_ACCOUNT": changing.close_account,
    "SUSPEND": changing.suspend,
    "RESUME": changing.resume,
    "REDUCE": changing.reduce,
    "LARGER_FOR_A_TIME": changing.larger_for_a_time,
    "CHANGE_CLASS": changing.change_class,
    "CHANGE_VOLTAGE": changing.change_voltage,
    "TAKE_DOWN": changing.take_down,
    "PUT_BACK": changing.put_back,
    "SPLIT": dividing.split,
    "JOIN": dividing.join,
    "RELOCATE": dividing.relocate,
}
"""What a definition may name as its effect."""


PREPARED: Mapping[str, Callable[[Deed], None]] = {
    "FINAL_BILL": ending.draw_up,
    "FINAL_BILL_OUT": ending.bring_out,
}
"""Effects of steps that bill: billing commits as it goes, so it is done between two looks at the case, and found when the
step is finished."""

STEP_EFFECTS: Mapping[str, Callable[[Deed], None]] = {
    "SPECIAL_READING": reading.take,
    "FINAL_BILL": ending.require_drawn_up,
    "FINAL_BILL_OUT": ending.require_out,
    "SETTLED": standing.require_settled,
    "NOTHING_OWED": standing.nothing_owed,
}
"""What a definition may name as the effect of a step."""


class _ToPrepareError(Exception):
    """Everything else about the step is in order: its billing can be done."""

    def __init__(self, deed: Deed) -> None:
        super().__init__(deed.done.effect)
        self.deed = deed


def finish(
    *, number: str, step: str, actor: Actor, at: datetime, charter: Charter, answers: Mapping[str, str] | None = None,
    proofs: Sequence[Proof] = (), handler: str = "", result: str = "", note: str = "",
    happened_at: datetime | None = None, key: str = "", quiet: bool = False,
) -> Done:  # fmt: skip
    """Finish the step a case stands at. Raises as ``cases.actions.work.finish``, and what its effect refuses: then nothing of
    both is done. A step that bills commits its bill before the step: not to be called inside a transaction of the caller's.
    """
    prepared = set[str]()

    def carry(done: LastStepDone) -> None:
        deed = Deed(done, actor, at, charter)
        if done.effect in PREPARED and done.effect not in prepared:
            raise _ToPrepareError(deed)
        effect = EFFECTS.get(done.effect) or STEP_EFFECTS.get(done.effect)
        if effect is None:
            raise InvalidInput(f"the product has no effect {done.effect}")
        effect(deed)

    def attempt() -> Done:
        return work.finish(
            number=number, step=step, actor=actor, at=at, charter=charter, answers=answers, proofs=proofs,
            handler=handler, result=result, note=note, happened_at=happened_at, key=key, carry=carry, quiet=quiet,
        )  # fmt: skip

    try:
        return attempt()
    except _ToPrepareError as asked:
        PREPARED[asked.deed.done.effect](asked.deed)
        prepared.add(asked.deed.done.effect)
    return attempt()
