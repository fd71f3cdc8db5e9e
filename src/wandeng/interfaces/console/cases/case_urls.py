"""Addresses of intake, of one case and of what is done to it."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.cases import acting, detail, intake, papers

_CASE = "cases/case/<str:number>/"

urlpatterns = [
    path("cases/intake/", intake.page, name="cases-intake"),
    path("cases/sheets/<str:process>/", papers.sheet, name="cases-sheet"),
    path("cases/papers/<int:paper_id>/", papers.paper, name="cases-paper"),
    path(_CASE, detail.page, name="cases-detail"),
    path(f"{_CASE}form/", papers.filled, name="cases-form"),
    path(f"{_CASE}contacts/", detail.contacts_part, name="cases-contacts"),
    path(f"{_CASE}finish/", acting.finish, name="cases-finish"),
    path(f"{_CASE}assign/", acting.assign, name="cases-assign"),
    path(f"{_CASE}take/", acting.take, name="cases-take"),
    path(f"{_CASE}back/", acting.back, name="cases-back"),
    path(f"{_CASE}pause/", acting.pause, name="cases-pause"),
    path(f"{_CASE}resume/", acting.resume, name="cases-resume"),
    path(f"{_CASE}fill/", acting.fill, name="cases-fill"),
    path(f"{_CASE}hand-in/", acting.hand_in, name="cases-hand-in"),
    path(f"{_CASE}note/", acting.note, name="cases-note"),
    path(f"{_CASE}press/", acting.press, name="cases-press"),
    path(f"{_CASE}answer-contact/", acting.answer_contact, name="cases-answer-contact"),
    path(f"{_CASE}hand-over/", acting.hand_over, name="cases-hand-over"),
    path(f"{_CASE}supervise/", acting.supervise, name="cases-supervise"),
    path(f"{_CASE}transfer/", acting.transfer, name="cases-transfer"),
    path(f"{_CASE}reclassify/", acting.reclassify, name="cases-reclassify"),
    path(f"{_CASE}merge/", acting.merge, name="cases-merge"),
    path(f"{_CASE}withdraw/", acting.withdraw, name="cases-withdraw"),
    path(f"{_CASE}withdraw-link/", acting.withdraw_link, name="cases-withdraw-link"),
    path(f"{_CASE}call-back/", acting.call_back, name="cases-call-back"),
    path(f"{_CASE}not-reached/", acting.not_reached, name="cases-not-reached"),
    path(f"{_CASE}reopen/", acting.reopen, name="cases-reopen"),
    path(f"{_CASE}reveal/<str:field>/", acting.reveal, name="cases-reveal"),
]
