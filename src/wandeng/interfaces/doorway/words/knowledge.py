"""Words of knowledge: kinds of articles and standards, states of versions, what a review says."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "ARTICLE": _("知识"),
    "SCRIPT": _("话术"),
    "SHEET": _("一次告知单"),
    "PHRASE": _("短语"),
}
KIND_TONES = {"ARTICLE": "neutral", "SCRIPT": "info", "SHEET": "ok", "PHRASE": "neutral"}
STATES = {"DRAFT": _("待审批"), "APPROVED": _("已审批"), "WITHDRAWN": _("已撤回")}
STATE_TONES = {"DRAFT": "warn", "APPROVED": "ok", "WITHDRAWN": "neutral"}
STANDARD_KINDS = {"MANAGEMENT": _("管理标准"), "TECHNICAL": _("技术标准"), "WORK": _("工作标准")}
STATUSES = {
    "DRAFT": _("编制中"),
    "IN_FORCE": pgettext_lazy("standard", "现行"),
    "REVISING": _("修订中"),
    "ABOLISHED": _("废止"),
}
STATUS_TONES = {"DRAFT": "info", "IN_FORCE": "ok", "REVISING": "warn", "ABOLISHED": "neutral"}
OUTCOMES = {"KEPT": _("继续有效"), "REVISE": _("需要修订"), "ABOLISH": _("予以废止")}
CHANGES = {"SAME": "", "GONE": _("删去"), "NEW": _("新增")}
HELPFUL = {"True": _("有用"), "False": _("没用")}
HELPFUL_TONES = {"True": "ok", "False": "warn"}
