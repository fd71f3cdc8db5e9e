"""The first page of those who look at others' work: managers, auditors, and those who run the system."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from wandeng.domains.billing import queries as billing
from wandeng.domains.billing.queries import by_unit
from wandeng.domains.organization import queries as organization
from wandeng.infra import operations, waiting
from wandeng.interfaces.console.home import figures
from wandeng.interfaces.console.home.desks import MOVERS
from wandeng.interfaces.console.home.parts import Home, Kpi, Todo, counted, link, todos
from wandeng.interfaces.doorway import sessions
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.words import administration as words
from wandeng.interfaces.doorway.words import bills as bill_words
from wandeng.kernel.periods import Month

FEW = 8
FEW_UNITS = 5
"""Units that the first page shows on a phone; the page of indicators shows all."""
ODD = (("ZERO", "warn"), ("JUMP", "warn"), ("OVER_CAPACITY", "late"), ("NEGATIVE", "late"))
MONTH_BACK = timedelta(days=30)


def manager(asking: Asking) -> Home:
    """Indicators of the last month billed, with the units ranked by what needs explaining."""
    month = figures.last_month(asking)
    shown = figures.board(asking, month)
    return Home(
        kpis=tuple(figures.kpi(asking, shown, one) for one in figures.FIRST),
        parts=(("board", figures.worst_first(figures.context(asking, shown, newest=month), FEW_UNITS)),),
    )


def auditor(asking: Asking) -> Home:
    """Odd cases, each number leading to its list: zero use, jumps, exceptions let through, corrections, views."""
    month = figures.last_month(asking)
    billed = by_unit.billed(asking.scope, month)
    accepted = sum(one.accepted for one in by_unit.exceptions(asking.scope, month))
    corrected = by_unit.corrections_by_person(asking.scope, month)
    views = operations.views_of_personal_data(asking.scope).filter(at__gte=asking.now - MONTH_BACK)
    by_person = Counter(row["actor"] for row in views[:5_000])
    zero, exceptions = sum(one.zero for one in billed), "console:bills-exceptions"
    return Home(
        kpis=(
            Kpi(_("%(month)s 零电量账单") % {"month": month}, counted(zero), _("张"), "", "warn" if zero else "",
                link(asking, "console:bills-list", month=month, energy="zero")),
            Kpi(_("人工放行异常"), counted(accepted), _("户"), "", "warn" if accepted else "",
                link(asking, exceptions, month=month, state="ACCEPTED")),
            Kpi(_("退补更正"), counted(sum(one.corrections for one in corrected)), _("笔"), "", "",
                link(asking, "console:bills-runs", month=month, kind="CORRECTION")),
            Kpi(_("30 天内查看个人信息"), counted(sum(by_person.values())), _("次"), "", "",
                link(asking, "console:administration-reveals", since=(asking.now - MONTH_BACK).date())),
        ),
        todos=_odd(asking, month),
        parts=(
            ("by_person", {"title": _("退补更正按人"), "unit": _("笔"), "rows": [
                (one.person_code, one.corrections, link(asking, "console:administration-operations", actor=one.person_code))
                for one in corrected[:FEW]], "empty": _("本月没有退补更正")}),
            ("by_person", {"title": _("查看个人信息按人（30 天）"), "unit": _("次"), "rows": [
                (code, count, link(asking, "console:administration-reveals", actor=code))
                for code, count in by_person.most_common(FEW)], "empty": _("30 天内没有人查看明文")}),
        ),
        later=(MOVERS,),
    )  # fmt: skip


def _odd(asking: Asking, month: Month) -> tuple[Todo, ...]:
    from_rows = billing.exception_rows(asking.scope).filter(run__month=str(month))
    counts = Counter(from_rows.order_by().values_list("code", flat=True))
    return todos(
        *((counts[code], bill_words.CODES[code], _("户"), tone, link(asking, "console:bills-exceptions", month=month, code=code))
          for code, tone in ODD)
    )  # fmt: skip


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
        parts=(_last_done(asking),),
    )  # fmt: skip


def security(asking: Asking) -> Home:
    """Who is in, who failed to get in, which duties clash."""
    day_ago = asking.now - timedelta(days=1)
    logins = organization.login_rows(asking.scope).filter(at__gte=day_ago)
    counts = Counter(logins.order_by().values_list("outcome", flat=True))
    online = sessions.online(asking.scope, asking.now)
    clashes = organization.clashes(asking.scope, on=asking.today)
    failed = Counter(logins.filter(outcome__in=["WRONG", "LOCKED"]).order_by().values_list("person_code", flat=True))
    log = "console:administration-logins"
    return Home(
        kpis=(
            Kpi(_("在线"), counted(len({one.person_code for one in online})), _("人"), "", "",
                link(asking, "console:administration-sessions")),
            Kpi(_("24 小时登录"), counted(counts["IN"]), _("次"), "", "", link(asking, log, outcome="IN", since=day_ago.date())),
            Kpi(_("24 小时密码错误"), counted(counts["WRONG"]), _("次"), "", "warn" if counts["WRONG"] else "ok",
                link(asking, log, outcome="WRONG", since=day_ago.date())),
            Kpi(_("24 小时锁定"), counted(counts["LOCKED"]), _("次"), "", "late" if counts["LOCKED"] else "ok",
                link(asking, log, outcome="LOCKED", since=day_ago.date())),
        ),
        todos=todos((len(clashes), _("不相容岗位同一人兼任"), _("人"), "late", link(asking, "console:administration-roles"))),
        parts=(
            ("by_person", {"title": _("登录失败按工号（24 小时）"), "unit": _("次"), "rows": [
                (code, count, link(asking, log, person_code=code)) for code, count in failed.most_common(FEW)],
                "empty": _("24 小时内没有登录失败")}),
            _last_done(asking),
        ),
    )  # fmt: skip


def audit_administrator(asking: Asking) -> Home:
    """What was done, who saw personal data, who was let in."""
    since = asking.now - timedelta(days=7)
    done = operations.rows(asking.scope).filter(at__gte=since)
    views = operations.views_of_personal_data(asking.scope).filter(at__gte=since)
    by_person = Counter(views.order_by().values_list("actor", flat=True))
    log, day = "console:administration-operations", since.date()
    return Home(
        kpis=(
            Kpi(_("7 天内操作"), counted(done.order_by()[:10_000].count(), 10_000), _("条"), "", "", link(asking, log, since=day)),
            Kpi(_("7 天内查看个人信息"), counted(sum(by_person.values())), _("次"), "", "",
                link(asking, "console:administration-reveals", since=day)),
            Kpi(_("7 天内登录失败"), counted(organization.login_rows(asking.scope).filter(at__gte=since, outcome="WRONG")
                .order_by().count()), _("次"), "", "", link(asking, "console:administration-logins", outcome="WRONG", since=day)),
        ),
        parts=(
            ("by_person", {"title": _("查看个人信息按人（7 天）"), "unit": _("次"), "rows": [
                (code, count, link(asking, "console:administration-reveals", actor=code))
                for code, count in by_person.most_common(FEW)], "empty": _("7 天内没有人查看明文")}),
            _last_done(asking),
        ),
    )  # fmt: skip


def _last_done(asking: Asking) -> tuple[str, dict[str, Any]]:
    rows = list(operations.rows(asking.scope)[:FEW])
    return "operations", {
        "rows": rows,
        "actions": words.ACTIONS,
        "all": link(asking, "console:administration-operations"),
    }
