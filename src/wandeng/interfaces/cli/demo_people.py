"""The people of a demonstration: which accounts its login page offers, and what they find on their first morning."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.twin.county import ROOT
from wandeng.twin.organization import OFFERED

SHOWN_FOR = timedelta(days=60)


def prepare(now: datetime, today: date) -> int:
    """Offer one account per role, and leave notices and a proposed parameter. Done once; returns how many accounts."""
    organization_actions.offer_in_demonstration(person_codes=list(OFFERED), actor=SYSTEM, at=now)
    administrator = organization.actor_for("admin1", today)
    if not organization.announcement_rows(Scope.of(administrator)).exists():
        _announce(administrator, now, today)
        organization_actions.draft_parameter(
            code="reveal.per_hour", value="20", valid_from=today + timedelta(days=7), actor=administrator, at=now,
            reason="迎峰度冬前收紧个人信息查看",
        )  # fmt: skip
    return len(OFFERED)


def _announce(administrator: Actor, now: datetime, today: date) -> None:
    notices: tuple[tuple[str, str, tuple[Role, ...], bool], ...] = (
        (
            "演示系统：数据全部虚构",
            "人名、户号、电话和金额均由程序按种子生成，与任何真实单位和个人无关。可以随意操作，重新生成即可恢复。",
            (),
            False,
        ),
        (
            "本月抄表例日提醒",
            "请各所抄表员在例日前核对手持终端时钟，零电量和突增的户当日复核。",
            (Role.METER_READER, Role.CELL_MANAGER),
            True,
        ),
    )
    for title, body, roles, urgent in notices:
        made = organization_actions.draft_announcement(
            title=title, body=body, unit_code=ROOT, roles=roles, is_urgent=urgent, visible_from=today,
            visible_to=today + SHOWN_FOR, actor=administrator, at=now,
        )  # fmt: skip
        organization_actions.publish_announcement(announcement_id=made, actor=administrator, at=now)
