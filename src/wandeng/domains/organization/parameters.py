"""The parameters (参数) that this product reads: what each governs, its type and its limits.

A parameter nobody reads does not stand here. What the product ships holds until the utility decides otherwise; a
decision is a ``ParameterValue``, made by one person and approved by another.
"""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.domains.organization import timed_parameters
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.slots import clock_text


@dataclass(frozen=True, slots=True)
class ParameterKind:
    """A parameter: whole numbers from ``least`` to ``most`` of a ``unit``; 0 to 1 is no or yes, a time of day is minutes
    after midnight.

    ``shipped`` holds until the utility decides; ``source`` says where the limits come from.
    """

    code: str
    name_zh: str
    name_en: str
    meaning_zh: str
    meaning_en: str
    unit_zh: str
    unit_en: str
    least: int
    most: int
    shipped: int
    source: str

    @property
    def is_flag(self) -> bool:
        return (self.least, self.most) == (0, 1)

    @property
    def is_clock(self) -> bool:
        return self.unit_zh == timed_parameters.CLOCK_ZH

    def text(self, value: int) -> str:
        """A value as people write it."""
        return clock_text(value) if self.is_clock else str(value)

    def parse(self, text: str) -> int:
        """The value as typed. Raises :class:`InvalidInput` for what is no whole number within the limits, or no time of
        day."""
        if self.is_clock:
            return self._clock(text.strip())
        digits = text.strip()
        if not digits.isascii() or not digits.removeprefix("-").isdigit():
            raise InvalidInput(f"parameter {self.code} is a whole number, not '{text}'")
        value = int(digits)
        if not self.least <= value <= self.most:
            raise InvalidInput(f"parameter {self.code} lies between {self.least} and {self.most}, not at {value}")
        return value

    def _clock(self, text: str) -> int:
        hours, colon, minutes = text.partition(":")
        if not (colon and len(minutes) == 2 and len(hours) in (1, 2) and (hours + minutes).isascii()
                and (hours + minutes).isdigit() and int(hours) < 24 and int(minutes) < 60):  # fmt: skip
            raise InvalidInput(f"parameter {self.code} is a time of day such as 02:30, not '{text}'")
        return int(hours) * 60 + int(minutes)


KINDS: tuple[ParameterKind, ...] = (
    ParameterKind(
        "session.idle_minutes", "会话空闲时限", "Idle time of a session",
        "登录后无操作超过此时间自动退出", "A person who does nothing for so long is logged out.",
        "分钟", "minutes", 5, 60, 15, "GB/T 22239-2019 8.1.4.1 b)",
    ),
    ParameterKind(
        "session.longest_hours", "会话最长时限", "Longest session",
        "一次登录的最长有效时间，到时须重新登录", "A login lasts at most so long, busy or not.",
        "小时", "hours", 1, 12, 12, "GB/T 22239-2019 8.1.4.1 b)",
    ),
    ParameterKind(
        "reveal.per_hour", "每小时明文查看上限", "Views of personal data an hour",
        "每人每小时最多查看多少条个人信息明文", "So many numbers may one person see in the clear within an hour.",
        "条", "views", 1, 200, 30, "个人信息保护法 第五十一条",
    ),
    ParameterKind(
        "export.rows", "导出行数上限", "Rows of an export",
        "一次导出列表最多多少行", "An export of a list has at most so many rows.",
        "行", "rows", 1_000, 500_000, 100_000, "个人信息保护法 第六条",
    ),
    ParameterKind(
        "agreement.years", "批量起草合同年限", "Years of agreements drafted in bulk",
        "从“无合同客户”成批起草的合同有效多少年", "Agreements drafted from the list of accounts without one hold so long.",
        "年", "years", 1, 10, 5, "企业自定 the utility's own",
    ),
    ParameterKind(
        "people.unused_days", "闲置账号停用天数", "Unused accounts",
        "连续多少天未登录的账号由“停用闲置账号”停用",
        "An account nobody has logged in with for so long is switched off by the clean-up.",
        "天", "days", 30, 365, 90, "GB/T 22239-2019 8.1.4.2 c)",
    ),
    ParameterKind(
        "people.three_administrators", "三员分立", "Three administrators",
        "启用后，任免、口令和账号只由安全管理员办理，系统管理员不再兼办",
        "When on, posts, passwords and accounts are the security administrator's alone.",
        "是/否", "yes or no", 0, 1, 0, "GB/T 22239-2019 8.1.5",
    ),
    ParameterKind(
        "notices.bills", "发行后通知电费", "Tell customers of their bills",
        "启用后，电费发行即自动生成电费通知（短信等），由后台发送", "When on, publishing a bill run sends every customer a notice of the bill.",
        "是/否", "yes or no", 0, 1, 0, "通信短信息服务管理规定 第十八条",
    ),
    ParameterKind(
        "connection.load_share", "公变允许负载率", "Load of a public transformer",
        "拟定低压供电方案时，公用变压器最多按其容量的百分之多少接入负荷",
        "In a scheme at low voltage, a public transformer carries at most this share of its capacity.",
        "%", "%", 30, 100, 80, "企业自定 the utility's own",
    ),
    ParameterKind(
        "connection.together", "低压用户同时率", "Share of capacities that runs at once",
        "没有实测负荷的公用变压器，按合同容量之和的百分之多少计负荷",
        "Where the load of a transformer is not metered, this share of the contract capacities behind it counts.",
        "%", "%", 10, 100, 40, "企业自定 the utility's own",
    ),
    *(ParameterKind(*row) for row in timed_parameters.rows()),
)  # fmt: skip
"""Every parameter, in the order of the page."""

_BY_CODE = {kind.code: kind for kind in KINDS}


def kind(code: str) -> ParameterKind:
    """The parameter with this code. Raises :class:`NotFound`."""
    found = _BY_CODE.get(code)
    if found is None:
        raise NotFound(f"there is no parameter {code}")
    return found
