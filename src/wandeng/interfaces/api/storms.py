"""Storms: storm mode, what devices tell of their supply, probable devices, expected restoration, ties, generators."""

from __future__ import annotations

from datetime import datetime, timedelta

from wandeng.calc.probable_device import Device
from wandeng.domains.cases.types import Charter
from wandeng.domains.emergency.actions import estimates, faults, generators, storms
from wandeng.domains.emergency.queries import announcing, board, probable, resupplying
from wandeng.domains.emergency.queries import estimates as expected
from wandeng.domains.emergency.types import (
    Announcement,
    EstimateShown,
    EstimateSource,
    Judgement,
    Need,
    ResupplyShown,
    SupplyTold,
)
from wandeng.domains.organization import queries as organization
from wandeng.domains.reliability import queries as reliability
from wandeng.flows import storms as flow
from wandeng.flows.storms import SupplyGiven
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor

_P = "console:storm-"
TAG = "storms"
DAY = timedelta(hours=24)


def storm_board(scope: Scope, *, since: datetime | None = None, now: datetime) -> board.Board:
    """Waves of a quarter of an hour and units as they stand, since a time (a day ago, 72 hours at most)."""
    return board.board(scope, since=since or now - DAY, now=now)


def announcement(scope: Scope, *, unit_code: str) -> Announcement | None:
    """What a caller of a unit hears first; nothing where no storm mode stands."""
    return announcing.announcement(organization.unit(scope, unit_code).path)


def judged(scope: Scope, *, now: datetime, library: RuleLibrary) -> Judgement:
    """Probable devices with their evidence."""
    return probable.judgement(scope, now=now, library=library)


def resupply(scope: Scope, code: str, *, also_open: tuple[str, ...] = (), now: datetime) -> ResupplyShown:
    """Which ties could feed what is dark when the section behind a switch is isolated: nothing is switched."""
    return resupplying.what_if(scope, switch=code, also_open=also_open, now=now)


def needs(scope: Scope, *, now: datetime, library: RuleLibrary) -> tuple[Need, ...]:
    """Protected and important users who are off, who needs a generator first."""
    return flow.needs(scope, now=now, library=library)


def history(scope: Scope, number: str, *, now: datetime) -> tuple[EstimateShown, ...]:
    """When supply was said to be back at an incident, by whom, the oldest first."""
    return expected.history(scope, number, now=now)


def take_in(
    *, source: str, events: tuple[SupplyGiven, ...], actor: Actor, at: datetime, charter: Charter
) -> SupplyTold:
    """Take a batch of events in, 50,000 at most; the same again changes nothing."""
    return flow.take_in(source=source, events_=events, actor=actor, at=at, charter=charter)


def confirm(*, kind: Device, code: str, actor: Actor, at: datetime, charter: Charter) -> str:
    """Confirm a probable device: an incident, and everybody behind it off since the first evidence."""
    return faults.confirm(kind=kind, code=code, actor=actor, at=at, charter=charter)


def restore_areas(
    *, number: str, on_at: datetime, transformers: tuple[str, ...] = (), actor: Actor, at: datetime
) -> int:
    """Supply is back to the areas of these codes, or to all that are still off. Answers how many stay off."""
    chosen = reliability.still_off(Scope.of(actor), f"GZ{number}", transformers)
    return faults.restore(incident=number, areas=chosen, on_at=on_at, actor=actor, at=at)


def say(
    *, number: str, expected_at: datetime, source: EstimateSource = EstimateSource.DISPATCHER, reason: str = "",
    actor: Actor, at: datetime, charter: Charter,
) -> int:  # fmt: skip
    """Say when supply is expected back, and whose word it is."""
    return estimates.say(
        incident=number, expected_at=expected_at, source=source, reason=reason, actor=actor, at=at, charter=charter
    )


read("/storms/board", storm_board, name="storm-board", like=f"{_P}board", tag=TAG, about="风暴看板 waves and units")
read(
    "/storms/announcement", announcement, name="storm-announcement", like=f"{_P}board", tag=TAG,
    about="话务公告 what the telephone says first",
)  # fmt: skip
read(
    "/storms/probable", judged, name="storm-probable", like=f"{_P}probable", tag=TAG, about="故障研判 probable devices"
)
read(
    "/switches/{code}/resupply", resupply, name="switch-resupply", like=f"{_P}resupply", tag=TAG,
    about="转供方案 ties that could feed the dark",
)  # fmt: skip
read(
    "/generators/needs", needs, name="generator-needs", like=f"{_P}generators", tag=TAG,
    about="应急供电需求 who needs a generator first",
)  # fmt: skip
read(
    "/incidents/{number}/estimates", history, name="incident-estimates", like=f"{_P}incident", tag=TAG,
    about="预计恢复记录 when supply was said to be back",
)  # fmt: skip
write(
    "/storms/begin", storms.begin, name="storm-begin", like=f"{_P}switch", tag=TAG, about="启动风暴模式 storm mode on"
)
write("/storms/end", storms.end, name="storm-end", like=f"{_P}switch", tag=TAG, about="解除风暴模式 storm mode off")
write(
    "/storms/announce", storms.announce, name="storm-announce", like=f"{_P}switch", tag=TAG,
    about="更改话务公告 say something else on the telephone",
)  # fmt: skip
write(
    "/supply-events", take_in, name="supply-events", like=f"{_P}confirm", tag=TAG, commits_itself=True,
    about="停上电事件批量上报 a batch of events of supply",
)  # fmt: skip
write("/faults/confirm", confirm, name="fault-confirm", like=f"{_P}confirm", tag=TAG, about="故障确认 confirm a device")
write(
    "/incidents/{number}/restore-areas", restore_areas, name="fault-restore", like=f"{_P}restore", tag=TAG,
    about="分步送电 areas have supply again",
)  # fmt: skip
write(
    "/incidents/{number}/estimate", say, name="fault-estimate", like=f"{_P}estimate", tag=TAG,
    about="预计恢复时间 when supply is expected back",
)  # fmt: skip
write(
    "/switches/rate", faults.rate_switch, name="switch-rate", like=f"{_P}confirm", tag=TAG,
    about="登记开关载流能力 what a switch may carry",
)  # fmt: skip
write(
    "/generators/note", generators.note, name="generator-note", like=f"{_P}generator-new", tag=TAG,
    about="登记应急发电车 note a generator",
)  # fmt: skip
write(
    "/backups/note", generators.note_backup, name="backup-note", like=f"{_P}backup", tag=TAG,
    about="登记自备应急电源 note a user's own back-up",
)  # fmt: skip
for _verb, _action, _about in (
    ("send", generators.send, "派发电车 send a generator"),
    ("supply", generators.supply, "发电车已供电 it supplies the user"),
    ("release", generators.release, "撤回发电车 it is free again"),
    ("fail", generators.fail, "发电车故障 it is out of order"),
    ("mend", generators.mend, "发电车修复 it is in order again"),
):
    write(
        f"/generators/{{code}}/{_verb}", _action, name=f"generator-{_verb}", like=f"{_P}generator-act", tag=TAG,
        about=_about,
    )  # fmt: skip
