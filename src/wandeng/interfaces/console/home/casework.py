"""The card of cases on the first page of everybody who works on them or watches over them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wandeng.domains.cases.queries import rows as queries
from wandeng.domains.organization.types import Role
from wandeng.interfaces.console.home.parts import Kpi, Part, counted, link
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.cases import SOON

ROLES = frozenset(
    {
        Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.CALL_CLERK, Role.HALL_CLERK, Role.AUDITOR,
        Role.COUNTY_MANAGER,
    }
)  # fmt: skip
_QUEUE, _CALLS, _FIELD = "console:cases-queue", "console:cases-callbacks", "console:cases-field"


def card(asking: Asking) -> Part:
    """What lies with this person and their roles, what is late or soon is, and whom to call back."""
    actor, now = asking.actor, asking.now
    found = queries.counts(asking.scope, now=now, soon=now + SOON, person=actor.code, roles=actor.roles)
    unit = _("单")
    kpis = [
        Kpi(pgettext("queue", "我的"), counted(found.mine), unit, "", "", link(asking, _QUEUE, tab="mine")),
        Kpi(_("我的岗位"), counted(found.of_role), unit, "", "", link(asking, _QUEUE, tab="role")),
        Kpi(_("已超时"), counted(found.late), unit, "", "late" if found.late else "ok", link(asking, _QUEUE, tab="late")),
        Kpi(_("将超时"), counted(found.soon), unit, _("一小时内到期"), "warn" if found.soon else "",
            link(asking, _QUEUE, tab="soon")),
        Kpi(_("无人经办"), counted(found.unassigned), unit, "", "", link(asking, _QUEUE, tab="unassigned")),
    ]  # fmt: skip
    if asking.may(_CALLS):
        kpis.append(Kpi(_("待回访"), counted(found.call_backs), unit, "", "", link(asking, _CALLS)))
    return "cases", {"kpis": kpis, "all": link(asking, _QUEUE), "field": link(asking, _FIELD)}
