"""Forms of bank files and agreements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.payments.actions.bank_agreements import KINDS
from wandeng.infra.effective.topics.bank_files import OUTGOING, BankFiles
from wandeng.infra.imports.uploads import MAX_BYTES
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.templatetags.wandeng import in_brackets
from wandeng.interfaces.doorway.words import payments_bank as words


def _banks(body: BankFiles, *, only_banks: bool) -> list[tuple[str, str]]:
    return [
        (one.code, rule_name(one.name_zh) + in_brackets(one.code))
        for one in body.banks
        if one.code.isdigit() or not only_banks
    ]


class FileForm(forms.Form):
    """Whose file, and the file."""

    bank = forms.ChoiceField(label=_("银行或支付机构"))
    file = forms.FileField(
        label=_("文件"),
        max_length=128,
        widget=forms.ClearableFileInput(attrs={"class": "wd-file"}),
        help_text=_("按约定格式，GB18030 或 UTF-8；类别、批次、笔数和金额由文件首行说明。"),
    )

    def __init__(self, *arguments: Any, body: BankFiles, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["bank"].choices = _banks(body, only_banks=False)  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 %(limit)d MB。"), params={"limit": MAX_BYTES // 10**6})
        return file


class RequestForm(forms.Form):
    """What is asked of which bank, as of which day."""

    kind = forms.ChoiceField(label=_("文件类别"))
    bank = forms.ChoiceField(label=_("银行"))
    on = forms.DateField(
        label=_("欠费截止日期"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("含当日应收违约金；已请求而银行未回盘的户不重复请求。"),
    )
    answers = forms.IntegerField(
        label=_("答复的客户查询文件"), required=False, min_value=1,
        help_text=_("欠费信息可只答复一份客户查询（05）：填该文件的编号；不填则为全部欠费户。"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, body: BankFiles, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kinds = [one for one in body.kinds if one.task in OUTGOING]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (one.code, rule_name(one.name_zh) + in_brackets(one.code)) for one in kinds
        ]
        self.fields["bank"].choices = _banks(body, only_banks=True)  # type: ignore[attr-defined]


class AgreementForm(forms.Form):
    """A new bank agreement."""

    account_number = forms.CharField(label=_("户号"), max_length=20)
    bank = forms.ChoiceField(label=_("银行"))
    kind = forms.ChoiceField(label=_("方式"), choices=[(one, words.AGREEMENT_KINDS[one]) for one in KINDS])
    number = forms.CharField(label=_("协议号"), max_length=32)
    holder = forms.CharField(label=_("银行户名"), max_length=128)
    bank_account = forms.CharField(
        label=_("银行账号"), max_length=32, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("加密保存，页面只显示后四位。"),
    )  # fmt: skip
    signed_on = forms.DateField(label=_("签订日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, *arguments: Any, body: BankFiles, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["bank"].choices = _banks(body, only_banks=True)  # type: ignore[attr-defined]
