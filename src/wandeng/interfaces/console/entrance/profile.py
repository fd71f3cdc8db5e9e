"""What a person sets for themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import actions, queries
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway.asking import UNIT_KEY, Request
from wandeng.interfaces.doorway.lists import definition as lists
from wandeng.interfaces.doorway.words import administration as words
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

_DAYS = (
    (7, gettext_lazy("7 天")),
    (30, gettext_lazy("30 天")),
    (90, gettext_lazy("90 天")),
    (365, gettext_lazy("1 年")),
)


class PasswordForm(forms.Form):
    """The old password, and the new one twice."""

    old = forms.CharField(
        label=gettext_lazy("原密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("新密码"),
        strip=False,
        help_text=gettext_lazy("至少 10 个字符，不能只用数字，不能与工号或姓名相近。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一次新密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, check: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._check = check

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self._check(old):
            raise forms.ValidationError(_("原密码不对。"))
        return old

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") != data.get("again"):
            self.add_error("again", _("两次输入的新密码不一样。"))
        return data


class TokenForm(forms.Form):
    """A token for programs."""

    label = forms.CharField(label=gettext_lazy("用途"), max_length=64)
    days = forms.TypedChoiceField(label=gettext_lazy("有效期"), choices=_DAYS, coerce=int, initial=90)
    may_write = forms.BooleanField(label=gettext_lazy("允许写入（不只是读取）"), required=False)


class PasswordPage(View):
    """Change one's own password; one given by an administrator must be changed before anything else."""

    def get(self, request: Request) -> HttpResponse:
        return self._show(request, PasswordForm(check=request.user.check_password))

    def post(self, request: Request) -> HttpResponse:
        form = PasswordForm(request.POST, check=request.user.check_password)
        asking = request.asking

        def change() -> None:
            actions.set_password(
                person_code=asking.actor.code, password=form.cleaned_data["new"], actor=asking.actor, at=asking.now
            )

        try:
            done = attempt(form, change)
        except actions.WeakPassword as weak:
            form.add_error("new", weak.reasons)
            done = False
        if not done:
            return self._show(request, form, status=422)
        # The session is bound to the password: this one goes on with the new, all others of the person end.
        update_session_auth_hash(request, queries.login_user(asking.actor.code))
        messages.success(request, _("密码已修改。"))
        return HttpResponseRedirect(reverse("console:profile"))

    def _show(self, request: Request, form: PasswordForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/entrance/password.html", {"form": form}, status=status)


@require_safe
def show(request: Request) -> HttpResponse:
    """Who I am here: posts, tokens."""
    return _profile(request, TokenForm())


@require_POST
def tokens(request: Request) -> HttpResponse:
    """Issue a token; the page shows it this once."""
    form = TokenForm(request.POST)
    issued: list[actions.IssuedToken] = []
    asking = request.asking

    def issue() -> None:
        data = form.cleaned_data
        ends = asking.now + timedelta(days=data["days"])
        issued.append(
            actions.issue_token(
                label=data["label"], may_write=data["may_write"], expires_at=ends, actor=asking.actor, at=asking.now
            )
        )

    done = attempt(form, issue)
    shown = TokenForm() if done else form
    return _profile(request, shown, secret=issued[0].secret if issued else "", status=200 if done else 422)


@require_POST
def revoke(request: Request, token_id: int) -> HttpResponse:
    """End a token of one's own."""
    actions.revoke_token(token_id=token_id, actor=request.asking.actor, at=request.asking.now)
    messages.success(request, _("令牌已作废。"))
    return HttpResponseRedirect(reverse("console:profile"))


@require_POST
def unit(request: Request) -> HttpResponse:
    """Act in another of one's units, or see everything again when none is named."""
    code = request.POST.get("unit", "")
    if code:
        try:
            queries.actor_for(request.asking.actor.code, request.asking.today, unit_code=code)
        except NotAllowed:
            # A unit where the person holds no post answers as one that does not exist.
            raise NotFound(f"there is no unit {code}") from None
        request.session[UNIT_KEY] = code
    else:
        request.session.pop(UNIT_KEY, None)
    return HttpResponseRedirect(_back(request))


@require_POST
def save_view(request: Request) -> HttpResponse:
    """Keep the list's address under a name."""
    definition = lists.by_name(request.POST.get("list", ""))
    query = request.POST.get("query", "")
    if "\0" in query:
        raise InvalidInput("a view has a name of 1 to 64 characters and an address that is not too long")
    name = request.POST.get("name", "")
    actions.save_view(list_name=definition.name, name=name, query=query, actor=request.asking.actor)
    messages.success(request, _("视图已保存。"))
    return HttpResponseRedirect(f"{reverse(definition.route)}?{query}")


@require_POST
def forget_view(request: Request, view_id: int) -> HttpResponse:
    """Remove one's own view."""
    actions.forget_view(view_id=view_id, actor=request.asking.actor)
    messages.success(request, _("视图已删除。"))
    return HttpResponseRedirect(_back(request))


@require_safe
def components(request: Request) -> HttpResponse:
    """The components that pages are made of, with when to use which."""
    return render(request, "console/components.html")


def _profile(request: Request, form: TokenForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    code = request.asking.actor.code
    context = {
        "form": form,
        "secret": secret,
        "tokens": queries.tokens_of(code),
        "posts": request.asking.posts,
        "roles": words.ROLES,
    }
    return render(request, "console/entrance/profile.html", context, status=status)


def _back(request: Request) -> str:
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/")
    return target if ours else reverse("console:home")
