"""Addresses of the resident's own pages."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.portal.my import asking, bills, binding, data, entrance, front, paying, reporting, wishes

app_name = "my"

urlpatterns = [
    path("", front.home, name="home"),
    path("login/", entrance.login, name="login"),
    path("login/<str:handle>/", entrance.code, name="code"),
    path("logout/", entrance.logout, name="logout"),
    path("version/", entrance.version, name="version"),
    path("forget/", entrance.forget, name="forget"),
    path("data/", data.data, name="data"),
    path("data/all.zip", data.all_files, name="data-all"),
    path("data/<slug:kind>.csv", data.one_file, name="data-file"),
    path("data/tokens/<int:token>/end/", data.end_token, name="token-end"),
    path("accounts/", binding.accounts, name="accounts"),
    path("accounts/code/<str:handle>/", binding.proof, name="proof"),
    path("accounts/<str:number>/unbind/", binding.unbind, name="unbind"),
    path("account/<str:number>/", front.account, name="account"),
    path("account/<str:number>/bills/", bills.bills, name="bills"),
    path("account/<str:number>/bills/<int:bill>/", bills.bill, name="bill"),
    path("account/<str:number>/bills/<int:bill>/pdf/", bills.pdf, name="bill-pdf"),
    path("account/<str:number>/usage/", bills.usage, name="usage"),
    path("account/<str:number>/pay/", paying.pay, name="pay"),
    path("account/<str:number>/orders/<str:order>/", paying.order, name="order"),
    path("account/<str:number>/report/", reporting.report, name="report"),
    path("account/<str:number>/cases/", reporting.cases, name="cases"),
    path("account/<str:number>/cases/<str:case>/", asking.case, name="case"),
    path("account/<str:number>/cases/<str:case>/rate/", asking.rate, name="case-rate"),
    path("account/<str:number>/cases/<str:case>/photos/", asking.add_photos, name="case-photos"),
    path("account/<str:number>/cases/<str:case>/photos/<int:paper>/", asking.photo, name="case-photo"),
    path("account/<str:number>/ask/", asking.ways, name="ways"),
    path("account/<str:number>/ask/<slug:way>/", asking.ask, name="ask"),
    path("account/<str:number>/messages/", wishes.wishes, name="wishes"),
    path("account/<str:number>/payments/", paying.payments, name="payments"),
]
