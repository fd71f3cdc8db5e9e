"""Steps as people write them, a line each: the action, then a device's code or where and what."""

from __future__ import annotations

from collections.abc import Sequence

from wandeng.domains.switching.types import OF_TRANSFORMERS, SWITCHED, StepAction, StepAsked, StepShown
from wandeng.kernel.errors import InvalidInput

SAID = {
    "断开": StepAction.OPEN, "拉开": StepAction.OPEN, "合上": StepAction.CLOSE, "停用": StepAction.TAKE_OUT,
    "投入": StepAction.PUT_IN, "接地": StepAction.GROUND, "拆除": StepAction.UNGROUND, "检查": StepAction.VERIFY,
    **{one.value: one for one in StepAction},
}  # fmt: skip


def steps_written(lines: Sequence[str]) -> tuple[StepAsked, ...]:
    """Steps from lines such as ``断开 K11`` or ``OPEN K11``; empty lines are passed over.

    Raises :class:`InvalidInput` naming the line for an action nobody knows, or one without what it is done to.
    """
    found = []
    for line, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        word, _, rest = text.strip().replace("\u3000", " ").partition(" ")
        action, rest = SAID.get(word.upper()), rest.strip()
        if action is None:
            raise InvalidInput(f"line {line}: there is no action {word}", line=line)
        if not rest:
            raise InvalidInput(f"line {line} names no device or place", line=line)
        of_device = action in (*SWITCHED, *OF_TRANSFORMERS)
        found.append(StepAsked(action, rest, "") if of_device else StepAsked(action, "", rest))
    return tuple(found)


def said(steps: Sequence[StepAsked] | Sequence[StepShown]) -> str:
    """The same lines again, in Chinese."""
    words = {action: word for word, action in reversed(SAID.items())}
    return "\n".join(f"{words[one.action]} {one.device or one.text}" for one in steps)
