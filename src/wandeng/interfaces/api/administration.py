"""The utility itself: units, people, posts, and how it set up the system."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.queries.settings import Entry
from wandeng.flows import indicators
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

_P = "console:administration-"


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job: what it is about, where it stands, why it stopped. ``payload`` is JSON text."""

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


read(
    "/unit-tree",
    queries.unit_tree,
    name="unit-tree",
    like=f"{_P}units",
    tag="administration",
    about="单位树 the tree of units",
)
write(
    "/units/create",
    actions.create_unit,
    name="unit-create",
    like=f"{_P}unit-new",
    tag="administration",
    about="新建单位 found a unit",
)
write(
    "/units/{unit_code}/rename", actions.rename_unit, name="unit-rename", like=f"{_P}unit", tag="administration",
    about="改名 rename",
)  # fmt: skip
write(
    "/people/add",
    actions.add_person,
    name="person-add",
    like=f"{_P}person-new",
    tag="administration",
    about="新增人员 add a person",
)
read(
    "/people/{code}",
    queries.person_shown,
    name="person",
    like=f"{_P}person",
    tag="administration",
    about="人员 a person",
)
write(
    "/people/{person_code}/appoint", actions.appoint, name="person-appoint", like=f"{_P}appoint", tag="administration",
    about="任命 appoint",
)  # fmt: skip
write(
    "/people/{person_code}/dismiss", actions.dismiss, name="person-dismiss", like=f"{_P}dismiss", tag="administration",
    about="免职 dismiss",
)  # fmt: skip
write(
    "/people/{person_code}/deactivate", actions.deactivate_person, name="person-deactivate", like=f"{_P}person-switch",
    tag="administration", about="停用 switch off",
)  # fmt: skip
write(
    "/people/{person_code}/reactivate", actions.reactivate_person, name="person-reactivate", like=f"{_P}person-switch",
    tag="administration", about="启用 switch on",
)  # fmt: skip
write(
    "/people/{person_code}/unlock", actions.unlock_person, name="person-unlock", like=f"{_P}person-unlock",
    tag="administration", about="解锁 unlock",
)  # fmt: skip
write(
    "/people/{person_code}/move", actions.move_person, name="person-move", like=f"{_P}person-move", tag="administration",
    about="调动 move to a unit",
)  # fmt: skip
read(
    "/parameters", queries.parameters_shown, name="parameters", like=f"{_P}parameters", tag="administration",
    about="参数 parameters in force",
)  # fmt: skip
write(
    "/parameters/{code}/draft", actions.draft_parameter, name="parameter-draft", like=f"{_P}parameter",
    tag="administration", about="起草参数 draft a value",
)  # fmt: skip
write(
    "/parameter-values/{int:value_id}/approve", actions.approve_parameter, name="parameter-approve",
    like=f"{_P}parameter-approve", tag="administration", about="批准参数 approve, by a second person",
)  # fmt: skip
write(
    "/parameter-values/{int:value_id}/withdraw", actions.withdraw_parameter, name="parameter-withdraw",
    like=f"{_P}parameter-withdraw", tag="administration", about="撤回参数 withdraw a draft",
)  # fmt: skip
write(
    "/announcements/draft", actions.draft_announcement, name="announcement-draft", like=f"{_P}announcement-new",
    tag="administration", about="起草公告 draft an announcement",
)  # fmt: skip
write(
    "/announcements/{int:announcement_id}/publish", actions.publish_announcement, name="announcement-publish",
    like=f"{_P}announcement-publish", tag="administration", about="发布公告 publish",
)  # fmt: skip
write(
    "/announcements/{int:announcement_id}/recall", actions.recall_announcement, name="announcement-recall",
    like=f"{_P}announcement-recall", tag="administration", about="撤回公告 recall",
)  # fmt: skip
write(
    "/jobs/{int:job_id}/retry",
    jobs.retry,
    name="job-retry",
    like=f"{_P}job-retry",
    tag="administration",
    about="重试任务 retry a job",
)
write(
    "/jobs/{int:job_id}/cancel",
    jobs.cancel,
    name="job-cancel",
    like=f"{_P}job-cancel",
    tag="administration",
    about="取消任务 cancel a job",
)
read("/units/{code}", queries.unit, name="unit", like=f"{_P}unit", tag="administration", about="单位 a unit")
write(
    "/people/{person_code}/password", actions.reset_password, name="person-password", like=f"{_P}person-password",
    tag="administration", about="设一次性密码 a one-time password, shown once",
)  # fmt: skip
read(
    "/dictionaries/{code}", dictionary, name="dictionary", like=f"{_P}dictionary", tag="administration",
    about="字典 the words of a dictionary",
)  # fmt: skip
write(
    "/dictionaries/{dictionary}/set", actions.set_entry, name="dictionary-set", like=f"{_P}dictionary",
    tag="administration", about="增改字典项 add or change a word",
)  # fmt: skip
read(
    "/announcements/{int:announcement_id}", queries.announcement, name="announcement", like=f"{_P}announcement",
    tag="administration", about="公告 an announcement",
)  # fmt: skip
write(
    "/announcements/{int:announcement_id}/read", actions.mark_read, name="announcement-read", like="console:home-read",
    tag="administration", about="已读 note that you have read it",
)  # fmt: skip
read("/jobs/{int:job_id}", job, name="job", like=f"{_P}job", tag="administration", about="后台任务 a job")
read(
    "/operations/{int:operation_id}", operations.operation, name="operation", like=f"{_P}operation",
    tag="administration", about="操作日志 an operation: before and after",
)  # fmt: skip
read(
    "/sessions", online, name="sessions", like=f"{_P}sessions", tag="administration", about="在线用户 who is logged in"
)
write(
    "/sessions/{handle}/end", end_session, name="session-end", like=f"{_P}session-end", tag="administration",
    about="强制下线 end a session",
)  # fmt: skip
read("/monitor", monitor, name="monitor", like=f"{_P}monitor", tag="administration", about="运行状况 how the server is")
read("/brand", queries.brand, name="brand", like=f"{_P}brand", tag="administration", about="品牌 name and colours")
write(
    "/brand/set",
    set_brand,
    name="brand-set",
    like=f"{_P}brand",
    tag="administration",
    about="设品牌 set name and colours",
)
read(
    "/indicators", board, name="indicators", like="console:home-indicators", tag="administration",
    about="指标 indicators of a month by unit",
)  # fmt: skip
