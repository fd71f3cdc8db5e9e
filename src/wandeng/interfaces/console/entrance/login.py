"""The door: password in, session out. Same words and same work for a name that does not exist."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext_lazy as _
from django.views import View

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.types import Attempt, LoginOutcome
from wandeng.interfaces.doorway.asking import asking_for
from wandeng.interfaces.doorway.middleware import address_of, now
from wandeng.interfaces.doorway.words import administration as words
from wandeng.kernel.errors import NotAllowed, NotFound

DEVICE_COOKIE = "wd_device"
DEVICE_AGE_S = 365 * 24 * 3600
LANGUAGE_AGE_S = 365 * 24 * 3600


class LoginForm(forms.Form):
    """工号 and password."""

    username = forms.CharField(
        label=_("工号"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class LoginPage(View):
    """GET shows the form, and in a demonstration one button per role; POST lets in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(_target(request))
        return self._show(request, LoginForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if settings.DEMO and (code := request.POST.get("demo", "")):
            return self._as_demo(request, code)
        form = LoginForm(request.POST)
        if not form.is_valid():
            return self._show(request, form, status=422)
        attempt = _attempt(request, form.cleaned_data["username"])
        try:
            actions.admit(attempt, at=now())
        except actions.LockedOut:
            form.add_error(None, _("失败次数过多，请 15 分钟后再试，或请管理员解锁。"))
            return self._show(request, form, status=429)
        user = authenticate(request, username=attempt.person_code, password=form.cleaned_data["password"])
        if user is None:
            actions.record_login(attempt, outcome="WRONG", at=now())
            form.add_error(None, _("工号或密码不对。"))
            return self._show(request, form, status=422)
        return self._let_in(request, form, attempt, user)

    def _as_demo(self, request: HttpRequest, code: str) -> HttpResponse:
        """Only for the accounts that the demonstration made itself: nobody else is reached without a password."""
        if code not in {account.person_code for account in queries.demo_accounts()}:
            raise NotFound(f"there is no demonstration account {code}")
        user = queries.login_user(code)
        return self._let_in(request, LoginForm(), _attempt(request, code), user)

    def _let_in(self, request: HttpRequest, form: LoginForm, attempt: Attempt, user: Any) -> HttpResponse:
        try:
            asking_for(attempt.person_code, now=now())
        except NotAllowed:
            actions.record_login(attempt, outcome="NO_POST", at=now())
            form.add_error(None, _("您目前没有任职岗位，请联系管理员。"))
            return self._show(request, form, status=403)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        device = attempt.device or secrets.token_hex(16)
        outcome: LoginOutcome = "IN"
        known = Attempt(attempt.person_code, attempt.address, device, attempt.browser)
        actions.record_login(known, outcome=outcome, at=now())
        response = HttpResponseRedirect(_target(request))
        response.set_signed_cookie(
            DEVICE_COOKIE, device, max_age=DEVICE_AGE_S, httponly=True, samesite="Lax", secure=request.is_secure()
        )
        return response

    def _show(self, request: HttpRequest, form: LoginForm, *, status: int = 200) -> HttpResponse:
        accounts = queries.demo_accounts() if settings.DEMO else ()
        context = {"form": form, "accounts": accounts, "roles": words.ROLES, "next": _next(request)}
        return render(request, "console/entrance/login.html", context, status=status)


def leave(request: HttpRequest) -> HttpResponse:
    """Log out, by POST only: a picture on another page must not throw anybody out."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if request.user.is_authenticated:
        actions.record_login(_attempt(request, request.user.get_username()), outcome="OUT", at=now())
        logout(request)
    return HttpResponseRedirect(reverse("console:login"))


def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to the page."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    response = HttpResponseRedirect(_target(request))
    code = request.POST.get("language", "")
    if check_for_language(code) and code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=LANGUAGE_AGE_S, samesite="Lax", secure=request.is_secure()
        )
    return response


def _attempt(request: HttpRequest, code: str) -> Attempt:
    try:
        device = request.get_signed_cookie(DEVICE_COOKIE, default="", max_age=DEVICE_AGE_S)
    except signing.BadSignature:
        device = ""
    return Attempt(code, address_of(request), device or "", request.headers.get("User-Agent", ""))


def _next(request: HttpRequest) -> str:
    """The page asked for before the login, if it is one of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=request.is_secure())
    return target if ours and target.startswith("/") else ""


def _target(request: HttpRequest) -> str:
    return _next(request) or reverse("console:home")
