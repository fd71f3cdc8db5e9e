"""The first pages of those who look at what others did: auditors, and the administrators of security and of the log."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wandeng.domains.billing import queries as billing
from wandeng.domains.billing.queries import by_unit
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import queries as payments
from wandeng.domains.payments.queries import tills
from wandeng.infra import operations
from wandeng.interfaces.console.home import figures
from wandeng.interfaces.console.home.desks import MOVERS
from wandeng.interfaces.console.home.parts import Home, Kpi, Later, Part, Todo, counted, link, todos
from wandeng.interfaces.doorway import sessions
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.words import administration as words
from wandeng.interfaces.doorway.words import bills as bill_words
from wandeng.kernel.periods import Month

FEW = 8
ODD = (("ZERO", "warn"), ("JUMP", "warn"), ("OVER_CAPACITY", "late"), ("NEGATIVE", "late"))
WEEK, MONTH_BACK, QUARTER = timedelta(days=7), timedelta(days=30), timedelta(days=90)
TOGETHER = Later(gettext_lazy("同一对经办与复核"), "console:home-together")
FAILED = ("WRONG", "LOCKED")
_OPERATIONS, _REVEALS, _LOGINS = (
    f"console:administration-{name}" for name in ("operations", "reveals", "logins")
)  # fmt: skip


def auditor(asking: Asking) -> Home:
    """Odd cases, each number leading to its list: zero use, exceptions let through, corrections, who approved whom, who
    looked at personal data, who failed to get in."""
    month = figures.last_month(asking)
    zero = sum(one.zero for one in by_unit.billed(asking.scope, month))
    accepted = sum(one.accepted for one in by_unit.exceptions(asking.scope, month))
    corrected = by_unit.corrections_by_person(asking.scope, month)
    views = list(operations.views_of_personal_data(asking.scope).filter(at__gte=asking.now - MONTH_BACK)[:5_000])
    bills, runs = "console:bills-list", "console:bills-runs"
    return Home(
        kpis=(
            Kpi(_("%(month)s 零电量账单") % {"month": month}, counted(zero), _("张"), "", "warn" if zero else "",
                link(asking, bills, month=month, energy="zero")),
            Kpi(_("人工放行异常"), counted(accepted), _("户"), "", "warn" if accepted else "",
                link(asking, "console:bills-exceptions", month=month, state="ACCEPTED")),
            Kpi(_("退补更正"), counted(sum(one.corrections for one in corrected)), _("笔"), "", "",
                link(asking, runs, month=month, kind="CORRECTION")),
            Kpi(_("30 天内查看个人信息"), counted(len(views)), _("次"), "", "",
                link(asking, _REVEALS, since=(asking.now - MONTH_BACK).date())),
        ),
        todos=_odd(asking, month),
        beside=(
            _looked_last(asking, views),
            _by_person(asking, _("查看个人信息按人（30 天）"), views, _("30 天内没有人查看明文")),
        ),
        parts=(
            ("by_person", {"title": _("退补更正按人"), "unit": _("笔"), "rows": [
                (one.person_code, one.corrections, link(asking, _OPERATIONS, actor=one.person_code))
                for one in corrected[:FEW]], "empty": _("本月没有退补更正")}),
        ),
        later=(TOGETHER, MOVERS),
    )  # fmt: skip


def security(asking: Asking) -> Home:
    """Who is in, who failed to get in, which duties clash."""
    day_ago = asking.now - timedelta(days=1)
    logins = organization.login_rows(asking.scope).filter(at__gte=day_ago)
    counts = Counter(logins.order_by().values_list("outcome", flat=True))
    online = sessions.online(asking.scope, asking.now)
    clashes = organization.clashes(asking.scope, on=asking.today)
    return Home(
        kpis=(
            Kpi(_("在线"), counted(len({one.person_code for one in online})), _("人"), "", "",
                link(asking, "console:administration-sessions")),
            Kpi(_("24 小时登录"), counted(counts["IN"]), _("次"), "", "", link(asking, _LOGINS, outcome="IN", since=day_ago.date())),
            Kpi(_("24 小时密码错误"), counted(counts["WRONG"]), _("次"), "", "warn" if counts["WRONG"] else "ok",
                link(asking, _LOGINS, outcome="WRONG", since=day_ago.date())),
            Kpi(_("24 小时锁定"), counted(counts["LOCKED"]), _("次"), "", "late" if counts["LOCKED"] else "ok",
                link(asking, _LOGINS, outcome="LOCKED", since=day_ago.date())),
        ),
        todos=todos((len(clashes), _("不相容岗位同一人兼任"), _("人"), "late", link(asking, "console:administration-roles"))),
        beside=(
            _failures(asking),
            _looked_last(asking),
        ),
        parts=(last_done(asking),),
    )  # fmt: skip


def audit_administrator(asking: Asking) -> Home:
    """What was done, who saw personal data, who was let in, who approved whom."""
    since = asking.now - WEEK
    done = operations.rows(asking.scope).filter(at__gte=since)
    views = list(operations.views_of_personal_data(asking.scope).filter(at__gte=since)[:5_000])
    failed, day = _failed(asking, WEEK), since.date()
    return Home(
        kpis=(
            Kpi(_("7 天内操作"), counted(done.order_by()[:10_000].count(), 10_000), _("条"), "", "",
                link(asking, _OPERATIONS, since=day)),
            Kpi(_("7 天内查看个人信息"), counted(len(views)), _("次"), "", "", link(asking, _REVEALS, since=day)),
            Kpi(_("7 天内登录失败"), counted(sum(failed.values())), _("次"), "", "",
                link(asking, _LOGINS, outcome="WRONG", since=day)),
        ),
        beside=(
            _looked_last(asking, views),
            _by_person(asking, _("查看个人信息按人（7 天）"), views, _("7 天内没有人查看明文")),
        ),
        parts=(last_done(asking),),
        later=(TOGETHER,),
    )  # fmt: skip


def last_done(asking: Asking) -> Part:
    """The last operations of the log."""
    rows = list(operations.rows(asking.scope)[:FEW])
    return "operations", {
        "title": _("最近的操作"),
        "rows": rows,
        "actions": words.ACTIONS,
        "all": link(asking, _OPERATIONS),
        "empty": _("还没有操作记录"),
    }


def _looked_last(asking: Asking, views: list[dict[str, Any]] | None = None) -> Part:
    """Who looked at personal data last, and why."""
    rows = views if views is not None else operations.views_of_personal_data(asking.scope)
    return "operations", {
        "title": _("最近查看的个人信息"),
        "rows": list(rows[:FEW]),
        "actions": words.ACTIONS,
        "all": link(asking, _REVEALS),
        "empty": _("没有人查看过明文"),
    }


def _by_person(asking: Asking, title: str, views: list[dict[str, Any]], empty: str) -> Part:
    """Who looked at personal data, the most first."""
    looked = Counter(row["actor"] for row in views)
    rows = [(code, count, link(asking, _REVEALS, actor=code)) for code, count in looked.most_common(FEW)]
    return "by_person", {"title": title, "unit": _("次"), "rows": rows, "empty": empty}


def together(asking: Asking) -> Part:
    """Who approved whom, and who failed to get in."""
    return "together", {"pairs": _pairs(asking), "failures": _failures(asking)[1]}


def _pairs(asking: Asking) -> dict[str, Any]:
    """Which two people made and approved most together: bill runs, decisions about money, counted tills."""
    since = asking.now - QUARTER
    by_kind = (
        by_unit.approvals_by_pair(asking.scope, since),
        payments.decided_by_pair(asking.scope, since),
        tills.confirmed_by_pair(asking.scope, since),
    )
    together = sum((Counter(found) for found in by_kind), Counter[tuple[str, str]]())
    ranked = sorted(together.items(), key=lambda one: (-one[1], one[0]))
    of_maker = Counter[str]()
    for (maker, _checker), n in ranked:
        of_maker[maker] += n
    rows = [
        {
            "maker": maker, "checker": checker, "counts": [found.get((maker, checker), 0) for found in by_kind],
            "share_e2": 10_000 * n // of_maker[maker], "href": link(asking, _OPERATIONS, actor=checker),
        }
        for (maker, checker), n in ranked[:FEW]
    ]  # fmt: skip
    return {"rows": rows}


def _failed(asking: Asking, back: timedelta) -> Counter[str]:
    """Logins that failed, by person."""
    rows = organization.login_rows(asking.scope).filter(at__gte=asking.now - back, outcome__in=FAILED)
    return Counter(rows.order_by().values_list("person_code", flat=True))


def _failures(asking: Asking) -> Part:
    failed = _failed(asking, WEEK).most_common(FEW)
    rows = [(code, count, link(asking, _LOGINS, person_code=code)) for code, count in failed]
    return "by_person", {
        "title": _("登录失败按工号（7 天）"), "unit": _("次"), "rows": rows, "empty": _("7 天内没有登录失败"),
    }  # fmt: skip


def _odd(asking: Asking, month: Month) -> tuple[Todo, ...]:
    from_rows = billing.exception_rows(asking.scope).filter(run__month=str(month))
    counts = Counter(from_rows.order_by().values_list("code", flat=True))
    return todos(
        *((counts[code], bill_words.CODES[code], _("户"), tone, link(asking, "console:bills-exceptions", month=month, code=code))
          for code, tone in ODD)
    )  # fmt: skip
