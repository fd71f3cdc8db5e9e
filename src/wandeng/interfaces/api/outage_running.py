"""An outage as it takes place: off, back area by area, over."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.outages.actions import delaying, running
from wandeng.domains.outages.types.telling import NewEnd
from wandeng.infra.effective.library import RuleLibrary
from wandeng.interfaces.api.operations import write
from wandeng.kernel.actors import Actor


def start(*, number: str, off_at: datetime, actor: Actor, at: datetime) -> int:
    """Supply went off. Answers how many areas."""
    return running.start(number=number, off_at=off_at, actor=actor, at=at)


def restore(*, number: str, on_at: datetime, areas: tuple[str, ...] = (), actor: Actor, at: datetime) -> int:
    """Supply is back to these areas, or to all that are off. Answers how many stay off."""
    return running.restore(number=number, on_at=on_at, areas=areas, actor=actor, at=at)


def new_end(*, number: str, ends_at: datetime, reason: str, actor: Actor, at: datetime, library: RuleLibrary) -> NewEnd:
    """Supply is expected back at another time; those who are still off and were told hear it. Answers by when they must."""
    return delaying.new_end(number=number, ends_at=ends_at, reason=reason, actor=actor, at=at, library=library)


def finish(*, number: str, actor: Actor, at: datetime) -> None:
    """The outage is over."""
    running.finish(number=number, actor=actor, at=at)


write("/outages/plans/{number}/start", start, name="outage-start", like="console:outages-run", tag="outages",
      about="停电开始 supply went off")  # fmt: skip
write("/outages/plans/{number}/restore", restore, name="outage-restore", like="console:outages-run", tag="outages",
      about="复电 supply is back")  # fmt: skip
write("/outages/plans/{number}/new-end", new_end, name="outage-new-end", like="console:outages-run", tag="outages",
      about="延迟送电 supply is expected back at another time")  # fmt: skip
write("/outages/plans/{number}/finish", finish, name="outage-finish", like="console:outages-run", tag="outages",
      about="停电结束 the outage is over")  # fmt: skip
