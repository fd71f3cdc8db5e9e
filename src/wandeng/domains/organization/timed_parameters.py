"""When the work that is due by the clock is done (定时任务): a time of day or minutes for each kind, and a switch.

``timetable.<name>.at`` or ``.minutes``, and ``timetable.<name>.on``. What ships is at night, when the payments of the day
before are in and nobody works; what another system waits for comes every few minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.kernel.slots import MINUTES_A_DAY

PREFIX = "timetable."
CLOCK_ZH = "时刻"
"""The unit of a parameter that is a time of day."""
_SOURCE = "企业自定 the utility's own"


@dataclass(frozen=True, slots=True)
class TimedKind:
    """A kind of timed work as the utility sets it: daily at a minute after midnight, or every so many minutes."""

    name: str
    zh: str
    en: str
    daily_at: int | None = None
    every: int | None = None
    longest: int = 60

    @property
    def when(self) -> str:
        """The parameter that says when."""
        return f"{PREFIX}{self.name}.{'minutes' if self.daily_at is None else 'at'}"

    @property
    def switch(self) -> str:
        """The parameter that turns it on or off."""
        return f"{PREFIX}{self.name}.on"


TIMED: tuple[TimedKind, ...] = (
    TimedKind("agreements", "合同到期", "Expiry of agreements", daily_at=20),
    TimedKind("plans", "分期计划评定", "Review of instalment plans", daily_at=30),
    TimedKind("case_recompute", "工单时限重算", "Limits of cases told anew", daily_at=90),
    TimedKind("dunning", "夜间催费", "Night run of dunning", daily_at=2 * 60),
    TimedKind("housekeeping", "清理过期记录", "Clearing of what has expired", daily_at=3 * 60 + 30),
    TimedKind("appointments_ahead", "预约时段与出车计划", "Slots and runs made ahead", daily_at=3 * 60),
    TimedKind("books", "账务核查", "Check of the books", daily_at=4 * 60),
    TimedKind("voltage", "电压治理核对", "Work on bad voltage brought up to date", daily_at=5 * 60),
    TimedKind("payment_circle", "缴费圈月度测算", "Payment circle of the month", daily_at=5 * 60 + 5),
    TimedKind("losses", "台区线损计算", "Line loss of transformer areas", daily_at=5 * 60 + 15),
    TimedKind("prepay", "费控测算", "Daily run of prepay", daily_at=5 * 60 + 30),
    TimedKind("online_days", "线上渠道日对账", "Days of online channels", daily_at=9 * 60),
    TimedKind("reconciliation", "渠道对账提醒", "Reminder of channels not reconciled", daily_at=9 * 60 + 30),
    TimedKind("case_clocks", "工单时限预警", "Warnings of limits of cases", every=1, longest=15),
    TimedKind("outage_overruns", "停电超时告警", "Alarms of outages that last too long", every=1, longest=15),
    TimedKind("supply_events", "按停上电事件复电", "Supply given back by events of meters", every=1, longest=15),
    TimedKind("appointment_reminders", "预约提醒", "Reminders of appointments", every=5, longest=60),
    TimedKind("outbound_calls", "自动外呼", "Automatic calls placed", every=5, longest=60),
    TimedKind("supply_exchange", "停复电指令交换", "Exchange with the supply gateway", every=1, longest=30),
    TimedKind("supply_sweep", "欠费消除后复电核对", "Return of supply where a debt went away", every=15, longest=120),
)
"""Every kind, in the order of the day; then what is repeated."""

KEPT_DAYS = "timetable.kept_days"


def rows() -> list[tuple[str, str, str, str, str, str, str, int, int, int, str]]:
    """The parameters of the kinds, as rows of ``parameters.KINDS``."""
    found: list[tuple[str, str, str, str, str, str, str, int, int, int, str]] = []
    for kind in TIMED:
        if kind.daily_at is None:
            found.append(
                (kind.when, f"{kind.zh}：间隔", f"{kind.en}: how often", "从 0 时起每隔多少分钟办理一次",
                 "Done every so many minutes, counted from midnight.", "分钟", "minutes", 1, kind.longest,
                 kind.every or 1, _SOURCE)
            )  # fmt: skip
        else:
            found.append(
                (kind.when, f"{kind.zh}：时刻", f"{kind.en}: time of day", "每天几点几分（北京时间）办理",
                 "Done every day at this time (Beijing).", CLOCK_ZH, "time of day", 0, MINUTES_A_DAY - 1, kind.daily_at,
                 _SOURCE)
            )  # fmt: skip
        found.append(
            (kind.switch, f"{kind.zh}：启用", f"{kind.en}: on", "停用后到时不再自动办理，停用期间的不补办",
             "When off, it is not done by the clock, and what falls into that time is not made up.", "是/否", "yes or no",
             0, 1, 1, _SOURCE)
        )  # fmt: skip
    found.append(
        (KEPT_DAYS, "定时任务记录保留天数", "Records of timed work", "已完成的定时任务记录保留多少天",
         "Finished jobs of the timetable are kept for so many days.", "天", "days", 7, 3_650, 30, _SOURCE)
    )  # fmt: skip
    return found
