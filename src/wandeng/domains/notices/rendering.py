"""Texts with named slots: ``{amount}`` stands for a value; what may stand where, and what a text takes to send."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from wandeng.domains.notices.types import Channel, ChannelText, SlotShown, TextInvalid

_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_ONE_SMS = 70
_PART_OF_MANY = 67
"""A short message holds 140 octets, 70 signs of UCS-2; in a row each gives six octets to the header that joins them
(3GPP TS 23.040, 9.2.3.24.1)."""
URGENT, ORDINARY = 0, 1
"""Rank of a notice in line."""

LONGEST_TEXT = 2_000
MOST_SMS_PARTS = 10

SLOTS = {
    "utility": ("供电公司", "万灯供电公司", False),
    "hotline": ("服务热线", "95598", False),
    "account_number": ("户号", "0100000001", True),
    "name": ("户名", "张三", True),
    "address": ("用电地址", "城关镇解放路1号", True),
    "amount": ("金额（元）", "128.50", True),
    "month": ("电费年月", "2026年9月", True),
    "due_on": ("交费截止日", "10月20日", True),
    "energy": ("电量（千瓦时）", "236.00", True),
    "owed": ("欠费合计（元）", "256.80", True),
    "late_fee": ("违约金（元）", "3.20", True),
    "credit": ("预收余额（元）", "12.00", True),
    "balance": ("可用余额（元）", "8.60", True),
    "days": ("天数", "7", True),
    "cut_on": ("停电日期", "10月30日", True),
    "cut_at": ("停电时间", "10月30日 9:00", True),
    "at": ("时间", "10月28日 15:20", True),
    "deadline": ("时限", "10月29日 15:20", True),
    "channel": ("交费渠道", "微信", True),
    "case_number": ("工单号", "26102800000001", True),
    "order_number": ("工单编号", "FD20261028001", True),
    "reason": ("事由", "线路检修", False),
    "area": ("停电范围", "城关镇", False),
    "from_at": ("停电时间", "3月12日 08:00", False),
    "to_at": ("预计复电时间", "3月12日 12:00", False),
    "households": ("本号码涉及户数", "1户", False),
    "measure": ("限电要求", "停止供电", False),
    "service": ("预约事项", "电能表检查或更换", True),
    "place": ("预约地点", "城关营业厅", True),
    "appointment": ("预约号", "Y26102800000001", True),
    "oldest": ("最早日期", "2026-10-27", False),
}
"""name → (what it is, an example, whether it is about a person). One that is not listed counts as personal."""

_OF_THE_UTILITY = frozenset({"utility", "hotline"})
_OF_THE_ACCOUNT = frozenset({"account_number", "name", "address"})


def given(audience: str) -> frozenset[str]:
    """Slots that are filled from what is on record when the message leaves; whoever sends a notice gives the others.

    Staff are told about somebody else's account, so its number and address are given by the sender.
    """
    return _OF_THE_UTILITY if audience == "STAFF" else _OF_THE_UTILITY | _OF_THE_ACCOUNT


def slots_of(text: str) -> tuple[str, ...]:
    """The slots of a text, each once, in their order.

    >>> slots_of("{name}您好，{amount}元")
    ('name', 'amount')
    """
    return tuple(dict.fromkeys(_SLOT.findall(text)))


def is_personal(slot: str) -> bool:
    """Whether a slot says something about a person; unknown ones do."""
    return SLOTS.get(slot, ("", "", True))[2]


def explained(names: tuple[str, ...]) -> tuple[SlotShown, ...]:
    """Slots with their words and examples."""
    return tuple(
        SlotShown(name, SLOTS.get(name, (name, "", True))[0], SLOTS.get(name, ("", name, True))[1], is_personal(name))
        for name in names
    )


def fill(text: str, slots: Mapping[str, str]) -> str:
    """The text with its slots filled; one without a value stays as it stands.

    >>> fill("{name}您好，{amount}元", {"name": "张三", "amount": "12.00"})
    '张三您好，12.00元'
    """
    return _SLOT.sub(lambda found: slots.get(found[1], found[0]), text)


def parts_of(channel: str, text: str) -> int:
    """How many short messages a text takes; other channels take one.

    >>> parts_of("SMS", "字" * 70), parts_of("SMS", "字" * 71), parts_of("SMS", "字" * 135)
    (1, 2, 3)
    """
    units = len(text.encode("utf-16-be")) // 2
    if channel != Channel.SMS or units <= _ONE_SMS:
        return 1
    return -(-units // _PART_OF_MANY)


def check_text(channel: str, text: ChannelText) -> None:
    """Refuse a text that cannot be sent as it stands.

    Raises :class:`TextInvalid` for an empty or overlong one, a brace that is no slot, a reduced text that is missing or
    names a personal slot.
    """
    for what, one in (("text", text.text), ("text without personal data", text.reduced)):
        if not one.strip() or len(one) > LONGEST_TEXT:
            raise TextInvalid(f"the {what} of {channel} has 1 to {LONGEST_TEXT} signs")
        if set("{}") & set(_SLOT.sub("", one)):
            raise TextInvalid(f"the {what} of {channel} has a brace that belongs to no slot")
    personal = [slot for slot in slots_of(text.reduced) if is_personal(slot)]
    if personal:
        raise TextInvalid(f"the text of {channel} without personal data names {', '.join(personal)}")
    if channel == Channel.SMS and parts_of(channel, fill(text.text, _examples())) > MOST_SMS_PARTS:
        raise TextInvalid(f"a short message takes at most {MOST_SMS_PARTS} parts")


def _examples() -> dict[str, str]:
    return {name: example for name, (_word, example, _personal) in SLOTS.items()}


def examples(names: tuple[str, ...]) -> dict[str, str]:
    """A value for each slot, to look at a text with."""
    known = _examples()
    return {name: known.get(name, name) for name in names}


def texts_as_json(texts: Mapping[str, ChannelText]) -> str:
    """Texts as a version keeps them."""
    plain = {
        str(channel): {"reduced": one.reduced, "text": one.text, "title": one.title} for channel, one in texts.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def texts_from_json(text: str) -> dict[str, ChannelText]:
    """The texts of a version by channel."""
    return {channel: ChannelText(**one) for channel, one in json.loads(text).items()}
