"""The first page of each role at a desk: clerks, dispatchers, field people, billing."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wandeng.domains.billing import queries as billing
from wandeng.domains.customers import queries as customers
from wandeng.domains.metering import queries as metering
from wandeng.domains.metering.types import ReaderDay
from wandeng.domains.network import queries as network
from wandeng.domains.outages.queries import board
from wandeng.interfaces.console.home.parts import Home, Kpi, Later, Part, counted, link, todos
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.words import bills as bill_words
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.kernel.periods import Month

FEW = 8
SOON = timedelta(days=90)
AGREEMENTS = Later(gettext_lazy("快到期的供用电合同"), "console:home-agreements")
ROUTES = Later(gettext_lazy("待抄的抄表段"), "console:home-routes")
MOVERS = Later(gettext_lazy("变动最大的账单"), "console:home-movers")
IMPORTANT = ("SPECIAL", "FIRST", "SECOND", "TEMPORARY")


def clerk(asking: Asking) -> Home:
    """95598 and hall: find somebody; contacts to check, agreements to renew."""
    tasks = customers.clerk_tasks(asking.scope, on=asking.today, until=asking.today + SOON)
    contacts, agreements = "console:customers-contacts", "console:customers-agreements"
    return Home(
        finds=True,
        kpis=(
            Kpi(_("待核实联系信息"), counted(tasks.contacts_to_verify, tasks.most), _("条"), "", "",
                link(asking, contacts, verification="TODO")),
            Kpi(_("已知错误"), counted(tasks.contacts_wrong, tasks.most), _("条"), "",
                "warn" if tasks.contacts_wrong else "", link(asking, contacts, verification="WRONG")),
            Kpi(_("90 天内到期合同"), counted(tasks.agreements_due, tasks.most), _("份"), _("未起草续签"),
                "warn" if tasks.agreements_due else "", link(asking, agreements, due=90, renewed="no")),
            Kpi(_("待签草稿"), counted(tasks.drafts_waiting, tasks.most), _("份"), "", "",
                link(asking, agreements, state="DRAFT")),
        ),
        todos=todos(
            (tasks.agreements_over, _("合同已过期，仍按签订状态"), _("份"), "late", link(asking, agreements, due="over")),
            (tasks.important_to_verify, _("重要用户联系信息未核实"), _("条"), "warn",
             link(asking, contacts, verification="TODO")),
            (tasks.contacts_wrong, _("号码错误，要补正确的号码"), _("条"), "warn", link(asking, contacts, verification="WRONG")),
        ),
        parts=(_to_verify(asking),),
        later=(AGREEMENTS,),
    )  # fmt: skip


def dispatcher(asking: Asking) -> Home:
    """What does not stand as planned, and what was switched last."""
    seen = network.overview(asking.scope, on=asking.today)
    off = seen.off_normal
    switches, feeders = "console:network-switches", "console:network-feeders"
    return Home(
        kpis=(
            Kpi(_("非正常方式开关"), counted(len(off)), _("台"), "", "late" if off else "ok",
                link(asking, switches, position="off")),
            Kpi(_("合环馈线"), counted(len(seen.loops)), _("条"), "", "warn" if seen.loops else "ok", link(asking, feeders)),
            Kpi(pgettext("menu", "馈线"), counted(len(seen.feeders)), _("条"), "", "", link(asking, feeders)),
            Kpi(pgettext("menu", "变电站"), counted(len(seen.substations)), _("座"), "", "", link(asking, "console:network-substations")),
        ),
        todos=todos(
            (len(off), _("开关不在正常方式，确认是否恢复"), _("台"), "late", link(asking, switches, position="off")),
            (board.open_overruns(asking.scope), _("停电超时告警未确认"), _("条"), "late", link(asking, "console:outages-today")),
            (len(seen.parallel), _("馈线并列运行"), _("组"), "warn", link(asking, "console:network-overview")),
        ),
        parts=(
            ("off_normal", {"rows": off[:FEW], "all": link(asking, switches, position="off")}),
            ("switched", {"rows": list(network.operations_rows(asking.scope)[:FEW]),
                          "all": link(asking, "console:network-operations")}),
        ),
    )  # fmt: skip


def cell_manager(asking: Asking) -> Home:
    """The cell's own people: contacts to check, readings that wait, agreements that end."""
    tasks = customers.clerk_tasks(asking.scope, on=asking.today, until=asking.today + SOON)
    day = metering.readings_waiting(asking.scope, on=asking.today)
    contacts = "console:customers-contacts"
    return Home(
        finds=True,
        kpis=(
            Kpi(_("待核实联系信息"), counted(tasks.contacts_to_verify, tasks.most), _("条"), "", "",
                link(asking, contacts, verification="TODO")),
            Kpi(_("待审示数"), counted(day.held), _("条"), "", "warn" if day.held else "ok",
                link(asking, "console:metering-held")),
            Kpi(_("复抄工单"), counted(day.rereads), _("单"), "", "", link(asking, "console:metering-rereads")),
            Kpi(_("90 天内到期合同"), counted(tasks.agreements_due, tasks.most), _("份"), "", "",
                link(asking, "console:customers-agreements", due=90, renewed="no")),
        ),
        todos=todos(
            (day.rereads_late, _("复抄工单已超期"), _("单"), "late", link(asking, "console:metering-rereads")),
            (tasks.contacts_wrong, _("号码错误，上门或在现场补正"), _("条"), "warn", link(asking, contacts, verification="WRONG")),
            (tasks.important_to_verify, _("重要用户联系信息未核实"), _("条"), "warn",
             link(asking, contacts, verification="TODO")),
        ),
        parts=(_to_verify(asking),),
        later=(ROUTES,),
    )  # fmt: skip


def account_manager(asking: Asking) -> Home:
    """Important and large customers: agreements that end, contacts that nobody has checked."""
    tasks = customers.clerk_tasks(asking.scope, on=asking.today, until=asking.today + SOON)
    rows = customers.account_rows(asking.scope).filter(closed_on__isnull=True)
    important = rows.filter(importance__in=IMPORTANT)
    large = rows.filter(customer_class="HIGH_VOLTAGE")
    accounts, agreements = "console:customers-list", "console:customers-agreements"
    return Home(
        finds=True,
        kpis=(
            Kpi(_("重要用户"), counted(important.order_by().count()), _("户"), "", "", link(asking, accounts, importance="ANY")),
            Kpi(_("高压用户"), counted(large.order_by().count()), _("户"), "", "",
                link(asking, accounts, customer_class="HIGH_VOLTAGE")),
            Kpi(_("90 天内到期合同"), counted(tasks.agreements_due, tasks.most), _("份"), _("未起草续签"),
                "warn" if tasks.agreements_due else "ok", link(asking, agreements, due=90, renewed="no")),
            Kpi(_("重要用户未核实"), counted(tasks.important_to_verify, tasks.most), _("条"), "",
                "warn" if tasks.important_to_verify else "ok",
                link(asking, "console:customers-contacts", verification="TODO")),
        ),
        todos=todos(
            (tasks.agreements_over, _("合同已过期，仍按签订状态"), _("份"), "late", link(asking, agreements, due="over")),
            (tasks.drafts_waiting, _("合同草稿待签"), _("份"), "info", link(asking, agreements, state="DRAFT")),
        ),
        parts=(
            ("important", {"rows": list(important.order_by("account_number")[:FEW]),
                           "importances": customer_words.IMPORTANCES, "classes": customer_words.CLASSES}),
        ),
        later=(AGREEMENTS,),
    )  # fmt: skip


def meter_reader(asking: Asking) -> Home:
    """Routes whose day has come, those of the next days, what was held."""
    day = metering.reader_day(asking.scope, on=asking.today)
    missing = sum(one.progress.missing for one in day.due)
    routes = "console:metering-routes"
    return Home(
        kpis=(
            Kpi(_("应抄未抄"), counted(missing), _("户"), "", "warn" if missing else "ok", link(asking, routes, left="missing")),
            Kpi(_("待抄抄表段"), counted(len(day.due)), _("段"), "", "", link(asking, routes, left="missing")),
            Kpi(_("待审示数"), counted(day.held), _("条"), "", "", link(asking, "console:metering-held")),
            Kpi(_("复抄工单"), counted(day.rereads), _("单"), "", "late" if day.rereads_late else "",
                link(asking, "console:metering-rereads")),
        ),
        todos=todos(
            (day.rereads_late, _("复抄工单已超期"), _("单"), "late", link(asking, "console:metering-rereads")),
            (len(day.soon), _("抄表段三天内到例日"), _("段"), "info", link(asking, routes)),
        ),
        parts=(_routes(asking, day),),
    )  # fmt: skip


def biller(asking: Asking) -> Home:
    """Runs and whose turn it is, exceptions by reason, the month beside the one before."""
    waiting = billing.runs_waiting(asking.scope, asking.actor)
    open_ones = billing.open_exceptions(asking.scope)
    month = _newest_month(asking)
    totals = billing.month_totals(asking.scope, month)
    mine, parked = sum(one.mine for one in waiting), sum(one.accounts for one in open_ones)
    bills = sum(one.bills for one in totals)
    exceptions = "console:bills-exceptions"
    return Home(
        kpis=(
            Kpi(_("等我办理的批次"), counted(mine), _("个"), "", "warn" if mine else "ok", link(asking, "console:bills-runs")),
            Kpi(_("未处理异常"), counted(parked), _("户"), "", "warn" if parked else "ok", link(asking, exceptions, state="PARKED")),
            Kpi(_("%(month)s 账单") % {"month": month}, counted(bills), _("张"), "", "",
                link(asking, "console:bills-list", month=month)),
            Kpi(_("%(month)s 批次") % {"month": month}, counted(len(totals)), _("个单位"), "", "",
                link(asking, "console:bills-runs", month=month)),
        ),
        todos=todos(
            *((one.accounts, bill_words.CODES.get(one.code, one.code), _("户"), "warn",
               link(asking, exceptions, code=one.code, state="PARKED")) for one in open_ones[:FEW]),
        ),
        parts=(
            ("runs", {"rows": waiting, "states": bill_words.RUN_STATES, "tones": bill_words.RUN_TONES,
                      "steps": bill_words.NEXT_STEPS, "new": link(asking, "console:bills-new")}),
            ("months", {"rows": totals, "month": month, "before": month.previous(), "states": bill_words.RUN_STATES,
                        "tones": bill_words.RUN_TONES}),
        ),
        later=(MOVERS,),
    )  # fmt: skip


def _to_verify(asking: Asking) -> Part:
    return "to_verify", {
        "rows": customers.contacts_to_verify(asking.scope, limit=FEW),
        "importances": customer_words.IMPORTANCES,
        "classes": customer_words.CLASSES,
        "verifications": customer_words.VERIFICATIONS,
        "all": link(asking, "console:customers-contacts", verification="TODO"),
    }


def agreements(asking: Asking) -> Part:
    """Agreements that end soon."""
    due = customers.agreements_due(asking.scope, on=asking.today, until=asking.today + SOON, limit=FEW)
    return "agreements", {"rows": due, "all": link(asking, "console:customers-agreements", due=90)}


def routes(asking: Asking) -> Part:
    """Routes whose day has come."""
    return _routes(asking, metering.reader_day(asking.scope, on=asking.today))


def movers(asking: Asking) -> Part:
    """The bills of the newest month that differ most from the month before."""
    month = _newest_month(asking)
    return "movers", {"rows": billing.moved_most(asking.scope, month, limit=FEW), "month": month}


def _newest_month(asking: Asking) -> Month:
    return billing.last_month_billed(asking.scope) or Month.of(asking.today).previous()


def _routes(asking: Asking, day: ReaderDay) -> Part:
    return "routes", {"due": day.due, "soon": day.soon, "all": link(asking, "console:metering-routes")}
