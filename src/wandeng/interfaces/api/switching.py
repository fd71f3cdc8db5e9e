"""Switching sheets: written, checked, issued, executed step by step."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.outages.actions import overruns
from wandeng.domains.outages.queries import board
from wandeng.domains.outages.types.board import OutageBoard
from wandeng.domains.switching import queries
from wandeng.domains.switching.actions import sheets, steps
from wandeng.domains.switching.types import SheetRequest, SheetShown, StepAnswer
from wandeng.flows import switching_sheets
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor

_P = "console:switching-"


def show(scope: Scope, number: str) -> SheetShown:
    """A sheet with its steps and findings."""
    return queries.sheet(scope, number)


def suggest(scope: Scope, number: str, is_back: bool = False, *, now: datetime, library: RuleLibrary) -> SheetRequest:
    """A sheet for an outage plan, from its isolation points, or for the way back; nothing is written."""
    return switching_sheets.suggest(scope, number, is_back=is_back, now=now, library=library)


def draft(
    *, unit_code: str, purpose: str, steps: tuple[str, ...], outage: str = "", incident: str = "", actor: Actor,
    at: datetime,
) -> str:  # fmt: skip
    """Write a sheet; a step is written ``OPEN K11``. Answers its number."""
    request = SheetRequest(unit_code, purpose, queries.steps_written(steps), outage, incident)
    return switching_sheets.draft(request=request, actor=actor, at=at)


def rewrite(
    *, number: str, unit_code: str, purpose: str, steps: tuple[str, ...], outage: str = "", incident: str = "",
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Write a sheet anew that is not issued."""
    request = SheetRequest(unit_code, purpose, queries.steps_written(steps), outage, incident)
    switching_sheets.rewrite(number=number, request=request, actor=actor, at=at)


def review(*, number: str, actor: Actor, at: datetime, library: RuleLibrary) -> int:
    """Replay the steps on the network as it stands. Answers how many findings there are."""
    return switching_sheets.review(number=number, actor=actor, at=at, library=library)


def check(*, number: str, actor: Actor, at: datetime, library: RuleLibrary) -> int:
    """Check a sheet, by somebody who did not write it. Answers how many warnings are to be answered for."""
    return switching_sheets.check(number=number, actor=actor, at=at, library=library)


def acknowledge(*, number: str, finding: int, reason: str, actor: Actor, at: datetime) -> None:
    """Answer for a warning."""
    sheets.acknowledge(number=number, finding=finding, reason=reason, actor=actor, at=at)


def issue(*, number: str, actor: Actor, at: datetime, library: RuleLibrary) -> None:
    """Issue a checked sheet."""
    switching_sheets.issue(number=number, actor=actor, at=at, library=library)


def begin(*, number: str, operator: str, guardian: str, actor: Actor, at: datetime) -> None:
    """Begin an issued sheet, or hand it over."""
    steps.begin(number=number, operator=operator, guardian=guardian, actor=actor, at=at)


def execute(*, number: str, place: int, key: str, done_at: datetime, actor: Actor, at: datetime) -> StepAnswer:
    """A step was done; under the same key again nothing happens."""
    return switching_sheets.execute(number=number, place=place, key=key, done_at=done_at, actor=actor, at=at)


def skip(*, number: str, place: int, reason: str, actor: Actor, at: datetime) -> StepAnswer:
    """Leave the next step out, by who issued the sheet."""
    return switching_sheets.skip(number=number, place=place, reason=reason, actor=actor, at=at)


def void(*, number: str, reason: str, actor: Actor, at: datetime) -> None:
    """Void a sheet."""
    sheets.void(number=number, reason=reason, actor=actor, at=at)


def today(scope: Scope, *, now: datetime) -> OutageBoard:
    """Today's outages: planned, running, overdue, temporary, with their alarms."""
    return board.board(scope, now=now)


def acknowledge_overrun(*, alarm: int, reason: str, actor: Actor, at: datetime) -> None:
    """Answer for an alarm of an outage that lasts too long."""
    overruns.acknowledge(alarm=alarm, reason=reason, actor=actor, at=at)


read("/outages/today", today, name="outages-today", like="console:outages-today", tag="outages",
     about="今日停电 today's outages")  # fmt: skip
write("/outages/alarms/{int:alarm}/acknowledge", acknowledge_overrun, name="outages-overrun",
      like="console:outages-overrun", tag="outages", about="确认停电超时告警 answer for an alarm")  # fmt: skip
read("/switching-sheets/{number}", show, name="switching-sheet", like=f"{_P}sheet", tag="switching",
     about="操作票 a sheet with its steps and findings")  # fmt: skip
read("/outages/plans/{number}/switching-sheet", suggest, name="switching-suggest", like=f"{_P}new", tag="switching",
     about="按停电计划拟票 steps from a plan's isolation points")  # fmt: skip
write("/switching-sheets/draft", draft, name="switching-draft", like=f"{_P}new", tag="switching",
      about="填写操作票 write a sheet")  # fmt: skip
for _verb, _action, _about in (
    ("rewrite", rewrite, "修改操作票 write it anew"),
    ("review", review, "预校核 replay it on the network as it stands"),
    ("check", check, "审核 check it, by a second person"),
    ("acknowledge", acknowledge, "确认提醒 answer for a warning"),
    ("issue", issue, "签发 issue it"),
    ("begin", begin, "开始执行、交接 begin it, hand it over"),
    ("void", void, "作废 void it"),
):
    write(f"/switching-sheets/{{number}}/{_verb}", _action, name=f"switching-{_verb}", tag="switching", about=_about,
          like=f"{_P}rewrite" if _verb == "rewrite" else f"{_P}act")  # fmt: skip
write("/switching-sheets/{number}/steps/{int:place}/execute", execute, name="switching-execute", like=f"{_P}act",
      tag="switching", about="执行步骤 a step was done")  # fmt: skip
write("/switching-sheets/{number}/steps/{int:place}/skip", skip, name="switching-skip", like=f"{_P}act",
      tag="switching", about="跳过步骤 a step is left out")  # fmt: skip
