"""The dictionaries (字典) that the product leaves open: the utility adds words of its own, what ships stays."""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class DictionaryKind:
    """An open dictionary: where its words are offered, and those that ship (code → Chinese, English)."""

    code: str
    name_zh: str
    name_en: str
    used_zh: str
    used_en: str
    shipped: tuple[tuple[str, str, str], ...]


KINDS: tuple[DictionaryKind, ...] = (
    DictionaryKind(
        "reveal-reason", "查看明文事由", "Reasons to see personal data",
        "查看联系电话明文时可选的事由", "offered when a number is shown in the clear",
        (("VERIFY", "核实联系信息", "checking contact data"), ("OUTAGE", "停电通知", "telling of an outage"),
         ("CALLBACK", "回访客户", "calling a customer back"), ("ARREARS", "催缴电费", "asking for payment")),
    ),
    DictionaryKind(
        "dismissal-reason", "免职事由", "Reasons to end a post",
        "免去岗位时可选的事由", "offered when a post is ended",
        (("MOVED", "岗位调整", "moved to other work"), ("LEFT", "离职", "left the company"),
         ("RETIRED", "退休", "retired"), ("TEMPORARY", "临时授权到期", "a temporary right ended")),
    ),
)  # fmt: skip
"""Every open dictionary."""

_BY_CODE = {kind.code: kind for kind in KINDS}


def kind(code: str) -> DictionaryKind:
    """The dictionary with this code. Raises :class:`NotFound`."""
    found = _BY_CODE.get(code)
    if found is None:
        raise NotFound(f"there is no dictionary {code}")
    return found
