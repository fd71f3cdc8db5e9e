"""Finishing a step of whatever case: like ``cases.actions.work.finish``, and with the last step its effect is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from wandeng.domains.cases.actions import work
from wandeng.domains.cases.types import Charter, Done, LastStepDone, Proof
from wandeng.flows.connections import changing, connecting, transferring
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
}
"""What a definition may name as its effect."""


def finish(
    *, number: str, step: str, actor: Actor, at: datetime, charter: Charter, answers: Mapping[str, str] | None = None,
    proofs: Sequence[Proof] = (), handler: str = "", result: str = "", note: str = "",
    happened_at: datetime | None = None, key: str = "", quiet: bool = False,
) -> Done:  # fmt: skip
    """Finish the step a case stands at. Raises as ``cases.actions.work.finish``, and what its effect refuses: then nothing of
    both is done."""

    def carry(done: LastStepDone) -> None:
        effect = EFFECTS.get(done.effect)
        if effect is None:
            raise InvalidInput(f"the product has no effect {done.effect}")
        effect(Deed(done, actor, at, charter))

    return work.finish(
        number=number, step=step, actor=actor, at=at, charter=charter, answers=answers, proofs=proofs, handler=handler,
        result=result, note=note, happened_at=happened_at, key=key, carry=carry,
        quiet=quiet,
    )  # fmt: skip
