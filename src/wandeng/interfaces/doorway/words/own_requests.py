"""Words of what residents ask for themselves: complaint, opinion, suggestion, praise, and how it was."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

WAYS = {
    "complaint": (_("投诉"), _("您要投诉什么？"), _("您希望怎么解决？")),
    "opinion": (_("意见"), _("您有什么意见？"), ""),
    "suggestion": (_("建议"), _("您有什么建议？"), ""),
    "praise": (_("表扬"), _("您要表扬什么？"), _("表扬谁？（单位或姓名）")),
}
"""Way of asking → its name, the question, the second question or nothing."""
NO_WORDS = _("请把每一项都填上。")
NO_SCORE = _("请选择满意程度。")
WHY = _("请写明哪里不满意，我们会重新办理。")
_OWN, _NAME = "resident-", _("自助用户 %(number)s")


def residents(codes: Iterable[str]) -> dict[str, str]:
    """The names of those among codes that are residents: who handed in a photo or said how it was."""
    own = [code for code in codes if code.startswith(_OWN)]
    return {code: str(_NAME) % {"number": code.removeprefix(_OWN)} for code in own}
