"""The menu: one table. A person sees the items whose routes the policy table lets them read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.doorway import policy
from wandeng.kernel.actors import Actor

Groups = tuple[tuple[str, Any, tuple[tuple[Any, str], ...]], ...]
"""(key, group, ((title, address), …)), in the order shown."""
COOKIE = "wd_menu"
"""The keys of the groups that the person has open, with commas between; written by the page."""

MENU: tuple[tuple[Any, tuple[tuple[Any, str], ...]], ...] = (
    (
        _("工作台"),
        (
            (_("首页"), "console:home"),
            (_("指标"), "console:home-indicators"),
            (_("月报"), "console:home-report"),
        ),
    ),
    (
        pgettext_lazy("menu", "客户"),
        (
            (_("用电客户"), "console:customers-list"),
            (_("联系信息"), "console:customers-contacts"),
            (_("供用电合同"), "console:customers-agreements"),
            (_("无合同客户"), "console:customers-without"),
            (_("自助用户"), "console:residents"),
        ),
    ),
    (
        _("工单"),
        (
            (_("受理"), "console:cases-intake"),
            (_("待办"), "console:cases-queue"),
            (_("现场作业"), "console:cases-field"),
            (_("待回访"), "console:cases-callbacks"),
            (_("全部工单"), "console:cases-list"),
            (_("时限履约"), "console:cases-clocks"),
            (_("证据保管"), "console:cases-evidence"),
        ),
    ),
    (
        _("预约与流动服务"),
        (
            (_("预约日程"), "console:appointments-day"),
            (_("预约清单"), "console:appointments-list"),
            (_("待电话告知"), "console:appointments-calls"),
            (_("履约情况"), "console:appointments-figures"),
            (_("出车"), "console:appointments-runs"),
            (_("巡回线路"), "console:appointments-routes"),
            (_("流动服务车"), "console:appointments-vehicles"),
            (_("服务点"), "console:appointments-places"),
            (_("营业厅排队"), "console:halls"),
            (_("排队记录"), "console:hall-tickets"),
            (_("等候时长"), "console:hall-figures"),
            (_("公示栏"), "console:boards"),
            (_("服务名片"), "console:service-cards"),
            (_("网点"), "console:outlets"),
            (_("缴费圈"), "console:circles"),
            (_("缴费圈居民点"), "console:circle-settlements"),
        ),
    ),
    (
        _("业扩"),
        (
            (_("业扩在途"), "console:connections-board"),
            (_("配网补强需求"), "console:connections-needs"),
        ),
    ),
    (
        _("抢修"),
        (
            (_("抢修指挥"), "console:repairs-board"),
            (_("故障归并"), "console:repairs-incidents"),
            (_("抢修队"), "console:repairs-crews"),
            (_("工作票"), "console:repairs-permits"),
            (_("抢修环节时长"), "console:repairs-times"),
            (_("风暴看板"), "console:storm-board"),
            (_("故障研判"), "console:storm-probable"),
            (_("应急供电"), "console:storm-generators"),
        ),
    ),
    (
        _("电费"),
        (
            (_("核算批次"), "console:bills-runs"),
            (_("核算异常"), "console:bills-exceptions"),
            (_("电费账单"), "console:bills-list"),
            (_("电价本"), "console:prices-list"),
            (_("执行电价"), "console:prices-accounts"),
            (_("试算"), "console:prices-trial"),
        ),
    ),
    (
        _("收费"),
        (
            (_("柜面收费"), "console:payments-desk"),
            (_("收费记录"), "console:payments-list"),
            (_("应收余额"), "console:payments-receivables"),
            (_("账务处理"), "console:payments-decisions"),
            (_("收费班次"), "console:payments-sessions"),
            (_("收据"), "console:payments-receipts"),
            (_("收费台"), "console:payments-tills"),
            (_("线上缴费"), "console:payments-online"),
            (_("支付告警"), "console:payments-online-alarms"),
            (_("银行文件"), "console:payments-bank-files"),
            (_("代扣协议"), "console:payments-bank-agreements"),
            (_("待查款"), "console:payments-suspense"),
            (_("渠道对账"), "console:payments-reconciliation"),
            (_("费控总览"), "console:prepay-overview"),
            (_("费控协议"), "console:prepay-agreements"),
            (_("每日余额"), "console:prepay-days"),
            (_("余额不足"), "console:prepay-low"),
            (_("费控停电审批"), "console:prepay-approve"),
            (_("费控清算"), "console:prepay-true-ups"),
        ),
    ),
    (
        _("账务"),
        (
            (_("总账与月结"), "console:ledger-balance"),
            (_("记账凭证"), "console:ledger-entries"),
            (_("购售量价费"), "console:ledger-sales"),
            (_("购电结算"), "console:ledger-purchases"),
        ),
    ),
    (
        _("催费与停复电"),
        (
            (_("催费看板"), "console:dunning-board"),
            (_("上门催费"), "console:dunning-tasks"),
            (_("缴费承诺"), "console:dunning-promises"),
            (_("不停电保护"), "console:dunning-protected"),
            (_("停电审批"), "console:disconnection-desk"),
            (_("停电单"), "console:disconnection-orders"),
            (_("停复电任务"), "console:disconnection-tasks"),
            (_("复电看板"), "console:disconnection-returns"),
            (_("停电闸"), "console:disconnection-halt"),
            (_("停复电季报"), "console:disconnection-quarter"),
            (_("指令回执"), "console:disconnection-receipts"),
        ),
    ),
    (
        _("抄表"),
        (
            (pgettext_lazy("menu", "抄表段"), "console:metering-routes"),
            (_("待审示数"), "console:metering-held"),
            (_("复抄工单"), "console:metering-rereads"),
            (_("逾期未抄"), "console:metering-late"),
            (pgettext_lazy("menu", "电能表"), "console:metering-meters"),
            (_("库存表"), "console:metering-stock"),
            (_("台区线损"), "console:losses-overview"),
            (_("台区日线损"), "console:losses-days"),
            (_("线损治理"), "console:losses-work"),
            (_("窃电线索"), "console:losses-leads"),
        ),
    ),
    (
        _("电网"),
        (
            (_("电网总览"), "console:network-overview"),
            (_("电网地图"), "console:network-map"),
            (pgettext_lazy("menu", "变电站"), "console:network-substations"),
            (pgettext_lazy("menu", "馈线"), "console:network-feeders"),
            (_("配变与台区"), "console:network-transformers"),
            (pgettext_lazy("menu", "开关"), "console:network-switches"),
            (_("操作记录"), "console:network-operations"),
            (pgettext_lazy("menu", "计量点"), "console:network-points"),
        ),
    ),
    (
        _("停电与可靠性"),
        (
            (_("今日停电"), "console:outages-today"),
            (_("停电计划"), "console:outages-plans"),
            (_("月度停电计划"), "console:outages-months"),
            (_("操作票"), "console:switching-sheets"),
            (_("停电未告知用户"), "console:outages-gaps"),
            (_("重要用户告知"), "console:outages-calls"),
            (_("停电公平性"), "console:outages-fairness"),
            (_("计划兑现率"), "console:outages-fulfilment"),
            (_("限电指令"), "console:rationing-orders"),
            (_("有序用电方案"), "console:rationing-schemes"),
            (_("限电时长与公平"), "console:rationing-burdens"),
            (_("限电未告知用户"), "console:rationing-gaps"),
            (_("限电电话告知"), "console:rationing-calls"),
            (_("可靠性指标"), "console:reliability-analysis"),
            (_("长时间与频繁停电"), "console:reliability-standouts"),
            (_("停电事件"), "console:reliability-interruptions"),
            (_("电压合格率"), "console:voltage-analysis"),
            (_("电压监测点"), "console:voltage-points"),
            (_("电压监测日"), "console:voltage-days"),
            (_("电压治理"), "console:voltage-remedies"),
        ),
    ),
    (
        pgettext_lazy("menu", "通知"),
        (
            (_("发件箱"), "console:notices-list"),
            (_("通知模板"), "console:notices-templates"),
            (_("信函"), "console:notices-letters"),
            (_("退订"), "console:notices-opt-outs"),
            (_("短信与电话会话"), "console:conversations"),
            (_("自动外呼"), "console:outbound-calls"),
            (_("语音导航试听"), "console:ivr-rehearsal"),
        ),
    ),
    (
        pgettext_lazy("menu", "知识"),
        (
            (_("知识库"), "console:knowledge-search"),
            (_("知识清单"), "console:knowledge-list"),
            (_("知识审批"), "console:knowledge-approvals"),
            (_("知识评价"), "console:knowledge-opinions"),
            (_("标准体系"), "console:knowledge-standards"),
        ),
    ),
    (
        _("数据"),
        ((_("数据导入"), "console:imports-list"),),
    ),
    (
        _("系统管理"),
        (
            (pgettext_lazy("menu", "单位"), "console:administration-units"),
            (_("人员"), "console:administration-people"),
            (_("岗位"), "console:administration-posts"),
            (_("角色权限"), "console:administration-roles"),
            (_("字典"), "console:administration-dictionaries"),
            (_("参数"), "console:administration-parameters"),
            (_("工作日历"), "console:administration-calendar"),
            (_("规则版本"), "console:administration-rules"),
            (_("通知公告"), "console:administration-announcements"),
            (_("品牌"), "console:administration-brand"),
            (_("事件推送"), "console:integrations-list"),
            (_("系统体检"), "console:integrations-doctor"),
        ),
    ),
    (
        _("运行与审计"),
        (
            (_("定时任务"), "console:administration-timetable"),
            (_("后台任务"), "console:administration-jobs"),
            (_("事件送达"), "console:administration-deliveries"),
            (_("在线用户"), "console:administration-sessions"),
            (_("登录日志"), "console:administration-logins"),
            (_("操作日志"), "console:administration-operations"),
            (_("个人信息查看"), "console:administration-reveals"),
            (_("服务监控"), "console:administration-monitor"),
        ),
    ),
)
"""(group, ((title, route), …)), in the order shown."""


DAILY: dict[str, tuple[str, ...]] = {
    "CALL_CLERK": ("cases-intake",),
    "HALL_CLERK": ("cases-intake", "payments-desk"),
    "DISPATCHER": ("cases-intake", "repairs-board"),
    "CELL_MANAGER": ("cases-intake",),
    "ACCOUNT_MANAGER": ("customers-list", "connections-board"),
    "METER_READER": ("metering-routes",),
    "BILLING_CLERK": ("bills-runs",),
    "BILLING_REVIEWER": ("bills-runs",),
    "ACCOUNTANT": ("payments-desk", "ledger-balance"),
    "AUDITOR": ("administration-timetable",),
    "ADMINISTRATOR": ("administration-units", "administration-timetable"),
    "SECURITY_ADMINISTRATOR": ("administration-units", "administration-timetable"),
    "AUDIT_ADMINISTRATOR": ("administration-timetable",),
}
"""The groups in which a role spends its day: open beside the first until the person folds them. A group's key is the first
route of its items."""


def pages() -> list[tuple[Any, Any, policy.Rule]]:
    """Every page of the menu: group, title, and who may read and write there. What the page of roles shows."""
    return [(group, title, policy.rule_of(route)) for group, items in MENU for title, route in items]


def menu_for(actor: Actor, path: str, opened: str | None = None) -> SafeString:
    """What this person may open, drawn, with the item marked whose address is the longest beginning of ``path``.

    Groups fold: those that the person ``opened`` are open (``None``: none was touched yet, the role's own are), and so is the
    one of this page. Who holds the same roles has the same menu: a process draws each once a language.
    """
    roles, prefix = actor.roles, get_script_prefix()
    groups, (by_address, by_area) = _open_to(roles, prefix), _addresses(roles, prefix)
    home = reverse("console:home")
    here = _here(by_address, path, home)
    chosen = (
        {"home", *(key for role in roles for key in DAILY.get(role, ()))} if opened is None else set(opened.split(","))
    )
    shown = here or path
    chosen.add(by_address.get(shown) or by_area.get(_part(shown, home), ""))
    return _drawn(roles, prefix, here, tuple(key for key, *_group in groups if key in chosen), get_language())


def _here(addresses: Mapping[str, str], path: str, home: str) -> str:
    """The address of the item that shows this page or what lies below it. Everything lies below the first page, so that is
    only here when it is shown itself."""
    below = path
    while below and below not in addresses:
        below = below[: below.rstrip("/").rfind("/") + 1]
    return "" if below == home != path else below


def _part(path: str, home: str) -> str:
    """What an address begins with: ``bills`` of ``/console/bills/runs/``."""
    return path.removeprefix(home).partition("/")[0]


@lru_cache(maxsize=256)
def _addresses(roles: frozenset[str], prefix: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The group of each address of the menu that these roles may open, and that of the first item of each area."""
    home, by_address, by_area = reverse("console:home"), dict[str, str](), dict[str, str]()
    for key, _title, items in _open_to(roles, prefix):
        for _name, url in items:
            by_address.setdefault(url, key)
            if url != home:
                by_area.setdefault(_part(url, home), key)
    return by_address, by_area


@lru_cache(maxsize=256)
def _open_to(roles: frozenset[str], _prefix: str) -> Groups:
    actor = Actor("menu", roles=roles)
    groups = [
        (
            items[0][1].removeprefix("console:"),
            title,
            tuple((name, reverse(route)) for name, route in items if policy.rule_of(route).lets(actor, write=False)),
        )
        for title, items in MENU
    ]
    return tuple(group for group in groups if group[2])


@lru_cache(maxsize=1024)
def _drawn(roles: frozenset[str], prefix: str, here: str, opened: tuple[str, ...], _language: str | None) -> SafeString:
    return render_to_string("console/menu.html", {"groups": _open_to(roles, prefix), "here": here, "opened": opened})
