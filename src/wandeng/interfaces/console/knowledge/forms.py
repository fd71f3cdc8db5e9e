"""Forms of knowledge."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.knowledge.types import ArticleShown, Text
from wandeng.interfaces.console.administration.forms import DayInput
from wandeng.interfaces.console.knowledge import places
from wandeng.interfaces.doorway.templatetags.wandeng import listed
from wandeng.interfaces.doorway.words import knowledge as words

_BETWEEN = re.compile("[,，、;；\\s]+")  # Chinese on purpose
"""Between keywords, as people type."""


class TextForm(forms.Form):
    """A text: title, words, keywords, where it belongs, what it rests on."""

    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(
        label=_("正文"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 16, "lang": "zh"}),
        help_text=_("# 标题，- 或 1. 列表，> 要说的话，| 表格 |，**重点**。"),
    )  # fmt: skip
    keywords = forms.CharField(label=_("关键词"), max_length=255, required=False, help_text=_("用逗号或空格隔开。"))
    belongs = forms.CharField(
        label=_("适用环节"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一个：业务 分类 环节，不限的写 -。留空则只能搜索到。"),
    )  # fmt: skip
    sources = forms.CharField(
        label=_("依据"), max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 3, "lang": "zh"}),
        help_text=_("一行一个：哪一句，出自哪里。"),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("起用日"), widget=DayInput())
    reason = forms.CharField(label=_("原因"), max_length=500)

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    @staticmethod
    def of(article: ArticleShown, today: date) -> dict[str, Any]:
        """The text in force, or the last one, to begin from."""
        version = article.in_force or article.versions[0]
        return {
            "title": version.title, "text": version.text, "keywords": ", ".join(version.keywords),
            "belongs": places.written(version.belongs), "sources": "\n".join(version.sources),
            "valid_from": today + timedelta(days=1),
        }  # fmt: skip

    def clean_belongs(self) -> str:
        """Every line names something there is."""
        typed: str = self.cleaned_data["belongs"]
        strange = places.read(typed, self.today)[1]
        if strange:
            raise forms.ValidationError(_("没有这样的环节：%(lines)s") % {"lines": listed(strange)})
        return typed

    def written(self) -> Text:
        """The text as it was written."""
        said = self.cleaned_data
        words_typed = _BETWEEN.split(said["keywords"])
        return Text(
            said["title"], said["text"], tuple(word for word in words_typed if word),
            tuple(said["sources"].splitlines()), places.read(said["belongs"], self.today)[0],
        )  # fmt: skip


class NewForm(TextForm):
    """A new article with its first text."""

    kind = forms.ChoiceField(label=_("类型"), choices=list(words.KINDS.items()))
    code = forms.CharField(label=_("编码"), max_length=48, help_text=_("小写字母、数字和 -，以后不变。"))
    shortcut = forms.CharField(label=_("快捷码"), max_length=16, required=False, help_text=_("只用于短语。"))
    field_order = ("kind", "code", "shortcut", "title", "text", "keywords", "belongs", "sources", "valid_from")
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


class SayForm(forms.Form):
    """Whether a text helped."""

    helpful = forms.ChoiceField(label=_("评价"), choices=[("1", _("有用")), ("0", _("没用"))])
    remark = forms.CharField(label=_("说明"), max_length=1_000, required=False)


class ReviewForm(forms.Form):
    """What a review of a standard says."""

    outcome = forms.ChoiceField(label=_("结论"), choices=list(words.OUTCOMES.items()))
    next_on = forms.DateField(label=_("下次复审日期"), required=False, widget=DayInput())
    remark = forms.CharField(label=_("说明"), max_length=1_000, required=False)
