"""The card of a person of staff: what everybody may know of them."""

from __future__ import annotations

from base64 import b64encode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wandeng.domains.boards import actions, queries
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request


class CardForm(forms.Form):
    """Title, telephone of the work, photo."""

    title = forms.CharField(label=gettext_lazy("职务"), max_length=32, required=False)
    phone = forms.CharField(
        label=gettext_lazy("公示电话"), max_length=32, required=False, help_text=gettext_lazy("工作电话，人人可见")
    )
    photo = forms.FileField(
        label=gettext_lazy("照片"), required=False, help_text=gettext_lazy("JPEG、PNG 或 WebP；只保留画面，去掉拍摄地点等信息"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip
    remove_photo = forms.BooleanField(label=gettext_lazy("删除现有照片"), required=False)


def page(request: Request, code: str) -> HttpResponse:
    """Show the card, and write it."""
    asking = request.asking
    person = organization.person_shown(asking.scope, code, on=asking.today, now=asking.now)
    found = queries.card(asking.scope, code)
    initial = {"title": found.title, "phone": found.phone} if found else {}
    form = CardForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST":

        def write() -> None:
            given = form.cleaned_data
            actions.set_card(
                person=code, title=given["title"], phone=given["phone"], photo=given["photo"].read() if given["photo"] else b"",
                is_photo_kept=not given["remove_photo"], actor=asking.actor, at=asking.now, library=rulebook.library(),
            )  # fmt: skip

        if attempt(form, write):
            messages.success(request, _("已登记服务名片。"))
            return HttpResponseRedirect(reverse("console:service-cards"))
    photo = f"data:image/jpeg;base64,{b64encode(queries.photo(found.photo)).decode()}" if found and found.photo else ""
    context = {"person": person, "form": form, "found": found, "photo": photo}
    return render(request, "console/boards/card.html", context, status=422 if form.errors else 200)
