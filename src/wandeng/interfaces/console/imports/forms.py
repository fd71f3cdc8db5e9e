"""Forms of the import desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.infra.imports import uploads
from wandeng.infra.imports.spec import Kind
from wandeng.interfaces.console.imports import shown
from wandeng.interfaces.doorway.templatetags.wandeng import in_brackets

ACCEPTED = ".csv,.txt,.tsv,.xlsx"


class UploadForm(forms.Form):
    """What kind of file, and the file."""

    kind = forms.ChoiceField(label=_("类型"))
    unit = forms.ChoiceField(
        label=_("限于单位"), required=False, help_text=_("只允许涉及该单位及其下级；“供电单位”为空的行归入该单位")
    )
    file = forms.FileField(
        label=_("文件"),
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED, "class": "wd-file"}),
        help_text=_("CSV（UTF-8 或 GB18030）或 XLSX，可直接拖到此处。"),
    )

    def __init__(self, *arguments: Any, kinds: tuple[Kind, ...], units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        top = units[0].depth if units else 0
        self.fields["kind"].choices = [(kind.name, shown.kind_word(kind)) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            ("", _("不限（我的全部范围）")),
            *((unit.code, "　" * (unit.depth - top) + unit.name + in_brackets(unit.code)) for unit in units),
        ]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > uploads.MAX_BYTES:
            limit = uploads.MAX_BYTES // 10**6
            raise forms.ValidationError(
                _("文件超过 %(limit)d MB，请用命令行 wandeng import 导入。"), params={"limit": limit}
            )
        return file


class CorrectedForm(forms.Form):
    """The exported file with its cells put right."""

    file = forms.FileField(
        label=_("改好的文件"), widget=forms.ClearableFileInput(attrs={"accept": ".csv", "class": "wd-file"})
    )
