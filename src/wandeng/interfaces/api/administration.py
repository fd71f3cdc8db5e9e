"""The utility itself: units, people, posts, and how it set up the system."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.queries.settings import Entry
from wandeng.flows import indicators, timetable, unit_closing
from wandeng.infra import jobs, machine, operations, waiting
from wandeng.infra.machine import Machine
from wandeng.infra.scope import Scope
from wandeng.infra.waiting import Depths
from wandeng.interfaces.api.operations import read, write
from wandeng.interfaces.doorway import sessions
from wandeng.interfaces.doorway.sessions import SessionShown
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job: what it is about, where it stands, why it stopped. ``payload`` and ``result`` are JSON text."""

    id: int
    queue: str
    kind: str
    dedup_key: str
    state: str
    attempts: int
    run_at: datetime
    lease_owner: str
    lease_until: datetime | None
    last_error: str
    created_at: datetime
    finished_at: datetime | None
    result: str
    payload: str


@dataclass(frozen=True, slots=True)
class Monitor:
    """How the server and its queues are."""

    machine: Machine
    queues: Depths


def job(scope: Scope, job_id: int) -> JobShown:
    """One job; jobs are the whole installation's."""
    return JobShown(**waiting.job(scope, job_id))


def monitor(now: datetime) -> Monitor:
    """Versions, load, disk, database, and how much work waits."""
    return Monitor(machine.look(), waiting.depths(now))


def dictionary(code: str) -> tuple[Entry, ...]:
    """The words of an open dictionary, also those that are no longer offered."""
    return queries.dictionary(code, offered_only=False)


def online(scope: Scope, now: datetime) -> tuple[SessionShown, ...]:
    """Who is logged in to the pages."""
    return sessions.online(scope, now)


def end_session(handle: str, *, scope: Scope, actor: Actor, at: datetime, reason: str) -> str:
    """End a session; answers whose it was."""
    return sessions.end(handle, actor=actor, scope=scope, at=at, reason=reason)


def set_brand(
    *, title: str, colours: Mapping[str, str], logo_base64: str = "", remove_logo: bool = False, actor: Actor,
    at: datetime, reason: str,
) -> None:  # fmt: skip
    """Name, colours and logo (PNG, in base64) of the installation."""
    try:
        logo = base64.b64decode(logo_base64, validate=True) or None
    except (binascii.Error, ValueError):
        raise InvalidInput("the logo is sent as base64") from None
    actions.set_brand(
        title=title, colours=colours, logo=logo, remove_logo=remove_logo, actor=actor, at=at, reason=reason
    )


def board(scope: Scope, *, month: Month, on: date) -> indicators.Board:
    """The indicators of a month, of the whole scope and of each unit next below."""
    return indicators.board(scope, month, on=on)


def _read(address: str, query: Callable[..., Any], name: str, like: str, about: str, **more: Any) -> None:
    read(address, query, name=name, like=_guard(like), tag="administration", about=about, **more)


def _write(address: str, action: Callable[..., Any], name: str, like: str, about: str, **more: Any) -> None:
    write(address, action, name=name, like=_guard(like), tag="administration", about=about, **more)


def _guard(like: str) -> str:
    """The page's route whose rule guards an operation, where it is of another area with its area."""
    return like if ":" in like else f"console:administration-{like}"


# fmt: off
_read("/unit-tree", queries.unit_tree, "unit-tree", "units", "单位树 the tree of units")
_write("/units/create", actions.create_unit, "unit-create", "unit-new", "新建单位 found a unit")
_read("/units/{unit_code}/closing", unit_closing.standing, "unit-closing", "unit-close", "关闭前还有什么 what is in the way of closing a unit")
_write("/units/{unit_code}/close", unit_closing.close, "unit-close", "unit-close", "关闭单位 close")
_write("/units/{unit_code}/rename", actions.rename_unit, "unit-rename", "unit", "改名 rename")
_write("/people/add", actions.add_person, "person-add", "person-new", "新增人员 add a person")
_read("/people/{code}", queries.person_shown, "person", "person", "人员 a person")
_write("/people/{person_code}/appoint", actions.appoint, "person-appoint", "appoint", "任命 appoint")
_write("/people/{person_code}/dismiss", actions.dismiss, "person-dismiss", "dismiss", "免职 dismiss")
_write("/people/{person_code}/deactivate", actions.deactivate_person, "person-deactivate", "person-switch", "停用 switch off")
_write("/people/{person_code}/reactivate", actions.reactivate_person, "person-reactivate", "person-switch", "启用 switch on")
_write("/people/{person_code}/unlock", actions.unlock_person, "person-unlock", "person-unlock", "解锁 unlock")
_write("/people/{person_code}/move", actions.move_person, "person-move", "person-move", "调动 move to a unit")
_read("/parameters", queries.parameters_shown, "parameters", "parameters", "参数 parameters in force")
_write("/parameters/{code}/draft", actions.draft_parameter, "parameter-draft", "parameter", "起草参数 draft a value")
_write("/parameter-values/{int:value_id}/approve", actions.approve_parameter, "parameter-approve", "parameter-approve", "批准参数 approve, by a second person")
_write("/parameter-values/{int:value_id}/withdraw", actions.withdraw_parameter, "parameter-withdraw", "parameter-withdraw", "撤回参数 withdraw a draft")
_write("/announcements/draft", actions.draft_announcement, "announcement-draft", "announcement-new", "起草公告 draft an announcement")
_write("/announcements/{int:announcement_id}/publish", actions.publish_announcement, "announcement-publish", "announcement-publish", "发布公告 publish")
_write("/announcements/{int:announcement_id}/recall", actions.recall_announcement, "announcement-recall", "announcement-recall", "撤回公告 recall")
_write("/jobs/{int:job_id}/retry", jobs.retry, "job-retry", "job-retry", "重试任务 retry a job")
_write("/jobs/{int:job_id}/cancel", jobs.cancel, "job-cancel", "job-cancel", "取消任务 cancel a job")
_read("/units/{code}", queries.unit, "unit", "unit", "单位 a unit")
_write("/people/{person_code}/password", actions.reset_password, "person-password", "person-password", "设一次性密码 a one-time password, shown once")
_read("/dictionaries/{code}", dictionary, "dictionary", "dictionary", "字典 the words of a dictionary")
_write("/dictionaries/{dictionary}/set", actions.set_entry, "dictionary-set", "dictionary", "增改字典项 add or change a word")
_read("/announcements/{int:announcement_id}", queries.announcement, "announcement", "announcement", "公告 an announcement")
_write("/announcements/{int:announcement_id}/read", actions.mark_read, "announcement-read", "console:home-read", "已读 note that you have read it")
_read("/jobs/{int:job_id}", job, "job", "job", "后台任务 a job")
_read("/timetable", timetable.shown, "timetable", "timetable", "定时任务 what is due by the clock, what ran last, what comes next")
_write("/timetable/{kind}/run", timetable.run_now, "timetable-run", "timetable-run", "立即办理 have timed work done now")
_read("/operations/{int:operation_id}", operations.operation, "operation", "operation", "操作日志 an operation: before and after")
_read("/sessions", online, "sessions", "sessions", "在线用户 who is logged in")
_write("/sessions/{handle}/end", end_session, "session-end", "session-end", "强制下线 end a session")
_read("/monitor", monitor, "monitor", "monitor", "运行状况 how the server is")
_read("/brand", queries.brand, "brand", "brand", "品牌 name and colours")
_write("/brand/set", set_brand, "brand-set", "brand", "设品牌 set name and colours")
_read("/indicators", board, "indicators", "console:home-indicators", "指标 indicators of a month by unit")
