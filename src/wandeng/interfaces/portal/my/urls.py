"""Addresses of the resident's own pages."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.portal.my import binding, entrance, front

app_name = "my"

urlpatterns = [
    path("", front.home, name="home"),
    path("login/", entrance.login, name="login"),
    path("login/<str:handle>/", entrance.code, name="code"),
    path("logout/", entrance.logout, name="logout"),
    path("accounts/", binding.accounts, name="accounts"),
    path("accounts/code/<str:handle>/", binding.proof, name="proof"),
    path("accounts/<str:number>/unbind/", binding.unbind, name="unbind"),
    path("account/<str:number>/", front.account, name="account"),
]
