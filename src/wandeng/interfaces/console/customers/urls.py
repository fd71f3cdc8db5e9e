"""Addresses of customers."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.customers import agreements, contacts, detail, finding
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists import customers as lists

urlpatterns = [
    path("search/", finding.search, name="search"),
    path("customers/", ListPage.as_view(definition=lists.ACCOUNTS), name="customers-list"),
    path("customers/agreements/", ListPage.as_view(definition=lists.AGREEMENTS), name="customers-agreements"),
    path("customers/without-agreement/", ListPage.as_view(definition=lists.WITHOUT), name="customers-without"),
    path("customers/contacts/", ListPage.as_view(definition=lists.CONTACTS), name="customers-contacts"),
    path("customers/contacts/<int:contact_id>/check/", contacts.check, name="customers-contact-check"),
    path("customers/contacts/<int:contact_id>/reveal/", contacts.reveal, name="customers-contact-reveal"),
    path("customers/account/<str:number>/", detail.page, name="customers-detail"),
    path("customers/account/<str:number>/part/<slug:name>/", detail.part, name="customers-part"),
    path("customers/account/<str:number>/contacts/add/", contacts.add, name="customers-contact-add"),
    path(
        "customers/account/<str:number>/contacts/<int:contact_id>/correct/",
        contacts.correct,
        name="customers-contact-correct",
    ),
    path("customers/account/<str:number>/agreements/draft/", agreements.draft, name="customers-agreement-draft"),
    path("customers/agreements/<str:number>/sign/", agreements.sign, name="customers-agreement-sign"),
    path("customers/agreements/<str:number>/renew/", agreements.renew, name="customers-agreement-renew"),
    path("customers/agreements/<str:number>/end/", agreements.end, name="customers-agreement-end"),
]
