"""Units, people, posts, settings, work and logs."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.administration import notices, people, rules, setup, units, work
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists import administration as lists

_NAME = "administration-"

urlpatterns = [
    path("administration/units/", units.tree, name=_NAME + "units"),
    path("administration/units/new/", units.NewUnit.as_view(), name=_NAME + "unit-new"),
    path("administration/units/<str:code>/", units.UnitPage.as_view(), name=_NAME + "unit"),
    path("administration/people/", ListPage.as_view(definition=lists.PEOPLE), name=_NAME + "people"),
    path("administration/people/new/", people.NewPerson.as_view(), name=_NAME + "person-new"),
    path("administration/people/<str:code>/", people.person, name=_NAME + "person"),
    path("administration/people/<str:code>/switch/", people.switch, name=_NAME + "person-switch"),
    path("administration/people/<str:code>/password/", people.password, name=_NAME + "person-password"),
    path("administration/people/<str:code>/unlock/", people.unlock, name=_NAME + "person-unlock"),
    path("administration/people/<str:code>/move/", people.move, name=_NAME + "person-move"),
    path("administration/people/<str:code>/dismiss/", people.dismiss, name=_NAME + "dismiss"),
    path("administration/posts/", ListPage.as_view(definition=lists.POSTS), name=_NAME + "posts"),
    path("administration/posts/new/", people.Appoint.as_view(), name=_NAME + "appoint"),
    path("administration/roles/", setup.roles, name=_NAME + "roles"),
    path("administration/dictionaries/", setup.dictionaries, name=_NAME + "dictionaries"),
    path("administration/dictionaries/<str:code>/", setup.DictionaryPage.as_view(), name=_NAME + "dictionary"),
    path("administration/parameters/", setup.parameters, name=_NAME + "parameters"),
    path("administration/parameters/<str:code>/", setup.ParameterPage.as_view(), name=_NAME + "parameter"),
    path(
        "administration/parameters/<str:code>/<int:value_id>/approve/", setup.decide, {"approve": True},
        name=_NAME + "parameter-approve",
    ),
    path(
        "administration/parameters/<str:code>/<int:value_id>/withdraw/", setup.decide, {"approve": False},
        name=_NAME + "parameter-withdraw",
    ),
    path("administration/calendar/", rules.working_days, name=_NAME + "calendar"),
    path("administration/rules/", rules.files, name=_NAME + "rules"),
    path("administration/rules/<path:path>", rules.file, name=_NAME + "rule"),
    path("administration/announcements/", ListPage.as_view(definition=lists.ANNOUNCEMENTS), name=_NAME + "announcements"),
    path("administration/announcements/new/", notices.NewAnnouncement.as_view(), name=_NAME + "announcement-new"),
    path("administration/announcements/<int:announcement_id>/", notices.announcement, name=_NAME + "announcement"),
    path(
        "administration/announcements/<int:announcement_id>/publish/", notices.publish,
        name=_NAME + "announcement-publish",
    ),
    path(
        "administration/announcements/<int:announcement_id>/recall/", notices.recall,
        name=_NAME + "announcement-recall",
    ),
    path("administration/jobs/", ListPage.as_view(definition=lists.JOBS), name=_NAME + "jobs"),
    path("administration/jobs/<int:job_id>/", work.job, name=_NAME + "job"),
    path("administration/jobs/<int:job_id>/retry/", work.decide_job, {"retry": True}, name=_NAME + "job-retry"),
    path("administration/jobs/<int:job_id>/cancel/", work.decide_job, {"retry": False}, name=_NAME + "job-cancel"),
    path("administration/deliveries/", ListPage.as_view(definition=lists.DELIVERIES), name=_NAME + "deliveries"),
    path("administration/sessions/", work.online, name=_NAME + "sessions"),
    path("administration/sessions/<str:handle>/end/", work.end_session, name=_NAME + "session-end"),
    path("administration/logins/", ListPage.as_view(definition=lists.LOGINS), name=_NAME + "logins"),
    path("administration/operations/", ListPage.as_view(definition=lists.OPERATIONS), name=_NAME + "operations"),
    path("administration/operations/<int:operation_id>/", work.operation, name=_NAME + "operation"),
    path("administration/reveals/", ListPage.as_view(definition=lists.REVEALS), name=_NAME + "reveals"),
    path("administration/brand/", setup.BrandPage.as_view(), name=_NAME + "brand"),
    path("administration/monitor/", work.monitor, name=_NAME + "monitor"),
    path("brand.css", setup.brand_css, name="brand-css"),
    path("brand/<str:digest>.png", setup.brand_logo, name="brand-logo"),
]  # fmt: skip
