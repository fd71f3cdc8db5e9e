"""Units, people, posts, settings, work and logs."""

from __future__ import annotations

from django.urls import path
from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.console.administration import notices, people, rules, setup, units, work
from wandeng.interfaces.console.administration.lists import GrowingList
from wandeng.interfaces.doorway.lists import administration as lists

_NAME = "administration-"

urlpatterns = [
    path("administration/units/", units.tree, name=_NAME + "units"),
    path("administration/units/new/", units.NewUnit.as_view(), name=_NAME + "unit-new"),
    path("administration/units/<str:code>/", units.UnitPage.as_view(), name=_NAME + "unit"),
    path("administration/units/<str:code>/close/", units.ClosePage.as_view(), name=_NAME + "unit-close"),
    path("administration/people/", GrowingList.as_view(definition=lists.PEOPLE, new_route="console:administration-person-new", new_title=_("新增人员")), name=_NAME + "people"),
    path("administration/people/new/", people.NewPerson.as_view(), name=_NAME + "person-new"),
    path("administration/people/<str:code>/", people.person, name=_NAME + "person"),
    path("administration/people/<str:code>/switch/", people.switch, name=_NAME + "person-switch"),
    path("administration/people/<str:code>/password/", people.password, name=_NAME + "person-password"),
    path("administration/people/<str:code>/unlock/", people.unlock, name=_NAME + "person-unlock"),
    path("administration/people/<str:code>/move/", people.move, name=_NAME + "person-move"),
    path("administration/people/<str:code>/dismiss/", people.dismiss, name=_NAME + "dismiss"),
    path("administration/posts/", GrowingList.as_view(definition=lists.POSTS, new_route="console:administration-appoint", new_title=_("任命")), name=_NAME + "posts"),
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
    path("administration/announcements/", GrowingList.as_view(definition=lists.ANNOUNCEMENTS, new_route="console:administration-announcement-new", new_title=_("写公告")), name=_NAME + "announcements"),
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
    path("administration/jobs/", GrowingList.as_view(definition=lists.JOBS), name=_NAME + "jobs"),
    path("administration/jobs/<int:job_id>/", work.job, name=_NAME + "job"),
    path("administration/jobs/<int:job_id>/retry/", work.decide_job, {"retry": True}, name=_NAME + "job-retry"),
    path("administration/jobs/<int:job_id>/cancel/", work.decide_job, {"retry": False}, name=_NAME + "job-cancel"),
    path("administration/timetable/", work.timetable, name=_NAME + "timetable"),
    path("administration/timetable/<str:kind>/run/", work.run_timed, name=_NAME + "timetable-run"),
    path("administration/deliveries/", GrowingList.as_view(definition=lists.DELIVERIES), name=_NAME + "deliveries"),
    path("administration/sessions/", work.online, name=_NAME + "sessions"),
    path("administration/sessions/<str:handle>/end/", work.end_session, name=_NAME + "session-end"),
    path("administration/logins/", GrowingList.as_view(definition=lists.LOGINS), name=_NAME + "logins"),
    path("administration/operations/", GrowingList.as_view(definition=lists.OPERATIONS, note=_("谁、何时、对什么、做了什么、为什么；只增不改。点时间看前后对照。")), name=_NAME + "operations"),
    path("administration/operations/<int:operation_id>/", work.operation, name=_NAME + "operation"),
    path("administration/reveals/", GrowingList.as_view(definition=lists.REVEALS, note=_("每次显示完整号码或导出含个人信息的行，都记在这里。")), name=_NAME + "reveals"),
    path("administration/brand/", setup.BrandPage.as_view(), name=_NAME + "brand"),
    path("administration/monitor/", work.monitor, name=_NAME + "monitor"),
    path("brand.css", setup.brand_css, name="brand-css"),
    path("brand/<str:digest>.png", setup.brand_logo, name="brand-logo"),
]  # fmt: skip
