"""The first page of managers and of those who run the system."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wandeng.domains.organization import queries as organization
from wandeng.flows import collected as flow
from wandeng.infra import waiting
from wandeng.interfaces.console.home import figures
from wandeng.interfaces.console.home.auditing import last_done
from wandeng.interfaces.console.home.parts import Home, Kpi, Later, Part, counted, link, todos
from wandeng.interfaces.doorway.asking import Asking

FEW = 8
FEW_UNITS = 5
"""Units that the first page shows on a phone; the page of indicators shows all."""
COLLECTED = Later(gettext_lazy("电费回收"), "console:home-collected")


def manager(asking: Asking) -> Home:
    """Indicators of the last month billed, with the units ranked by what needs explaining."""
    month = figures.last_month(asking)
    shown = figures.board(asking, month)
    return Home(
        kpis=tuple(figures.kpi(asking, shown, one) for one in figures.FIRST),
        later=(COLLECTED,),
        parts=(("drawn", {"html": figures.drawn(asking, month, FEW_UNITS)}),),
    )


def collected(asking: Asking) -> Part:
    """What is collected of the last month's bills, the units that owe most first."""
    month = figures.last_month(asking)
    found = flow.collection(asking.scope, month)
    rows = [
        (one, link(asking, "console:payments-receivables", unit=one.unit_code), one is found.whole)
        for one in (*found.units[:FEW], found.whole)
    ]
    return "collected", {
        "found": found,
        "at": asking.now,
        "rows": rows if found.whole.billed_fen else [],
        "all": link(asking, "console:ledger-sales", month=month),
    }


def administrator(asking: Asking) -> Home:
    """Work that is parked, decisions that wait, duties that clash, and what was done last."""
    depths = waiting.depths(asking.now)
    drafts = [one for shown in organization.parameters_shown(asking.today) for one in shown.drafts]
    others = [one for one in drafts if one.drafted_by != asking.actor.code]
    clashes = organization.clashes(asking.scope, on=asking.today)
    unset = organization.people_rows(asking.scope, on=asking.today).filter(is_active=True, last_login__isnull=True)
    overdue = sum(lease.is_overdue for lease in depths.leases)
    jobs = "console:administration-jobs"
    return Home(
        kpis=(
            Kpi(_("搁置的任务"), counted(depths.parked), _("个"), "", "late" if depths.parked else "ok",
                link(asking, jobs, state="PARKED")),
            Kpi(_("排队任务"), counted(depths.jobs.get("QUEUED", 0)), _("个"), "", "", link(asking, jobs, state="QUEUED")),
            Kpi(_("待审批参数"), counted(len(drafts)), _("项"), "", "warn" if drafts else "",
                link(asking, "console:administration-parameters")),
            Kpi(_("从未登录的账号"), counted(unset.order_by().count()), _("个"), "", "",
                link(asking, "console:administration-people", is_active="true", sort="last_login")),
        ),
        todos=todos(
            (depths.parked, _("任务或事件搁置，查看原因后重试"), _("个"), "late", link(asking, jobs, state="PARKED")),
            (overdue, _("工作进程租约过期，可能已停"), _("个"), "late", link(asking, "console:administration-monitor")),
            (len(clashes), _("不相容岗位同一人兼任"), _("人"), "late", link(asking, "console:administration-roles")),
            (len(others), _("参数待我审批"), _("项"), "warn", link(asking, "console:administration-parameters")),
        ),
        parts=(last_done(asking),),
    )  # fmt: skip
