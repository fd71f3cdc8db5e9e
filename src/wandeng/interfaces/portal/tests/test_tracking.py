"""The page of a link: how far the case is, and nothing of whose it is; what opens nothing is one calm page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from wandeng.domains.cases.actions import intake, steering, tracking, work
from wandeng.domains.cases.queries import tracking as followed
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, Request
from wandeng.infra import pii
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import middleware
from wandeng.interfaces.portal import limits
from wandeng.interfaces.portal import tracking as door

pytestmark = pytest.mark.django_db
EVERYWHERE = Scope.everywhere()


@pytest.fixture
def charter(settings, tmp_path, monkeypatch) -> Charter:
    settings.HOME = tmp_path
    pii.create_key()
    make.county()
    limits.GATE.forget()
    monkeypatch.setattr(middleware, "now", lambda: make.after(10))
    monkeypatch.setattr(door, "now", lambda: make.after(10))
    return Charter.current()


@pytest.fixture
def number(charter: Charter) -> str:
    return make.open_fault(charter).number


def token(number: str) -> str:
    return followed.link_token(EVERYWHERE, number)


def shown(token: str, language: str = "zh-hans"):
    return Client(headers={"accept-language": language}).get(reverse("portal:track", args=[token]))


def test_a_link_shows_steps_promise_and_whom_to_call(charter: Charter, number: str) -> None:
    work.finish(number=number, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make.after(5), charter=charter)
    page = shown(token(number)).content.decode()
    assert number in page
    assert "****0001" in page
    assert "2026-10-12" in page
    assert 'href="tel:95598"' in page
    assert len(re.findall('aria-current="step"', page)) == 1
    data = Client().get(reverse("portal:track-data", args=[token(number)])).json()
    assert [(one["code"], one["status"]) for one in data["steps"]] == [
        ("DISPATCH", "DONE"), ("ACCEPT", "HERE"), ("ARRIVE", "AHEAD"), ("RESTORE", "AHEAD"),
    ]  # fmt: skip
    assert (data["days_left"], data["steps"][0]["done_on"]) == (0, "2026-10-12")


def test_a_promise_by_working_days_names_its_last_day(charter: Charter) -> None:
    request = Request("account_closing", "HALL", {}, account_number=make.ACCOUNT, documents=("IDENTITY",))
    opened = intake.open_case(request=request, actor=make.actor("HALL_CLERK"), at=make.NOW, charter=charter)
    seen = followed.track(token(opened.number), charter=charter, now=make.after(10))
    # Five working days after Monday, 12 October are 13 to 16 and 19: the limit ends at midnight, a week from then.
    assert (str(seen.due_on), seen.days_left) == ("2026-10-19", 7)
    assert "2026年10月19日" in shown(token(opened.number)).content.decode()


def test_nothing_personal_stands_on_it(number: str) -> None:
    for text in (
        shown(token(number)).content.decode(),
        str(followed.track(token(number), charter=Charter.current(), now=make.after(10))),
    ):
        for secret in (make.ACCOUNT, make.FAULT["PHONE"], make.FAULT["PLACE"], make.FAULT["SITUATION"], "call_clerk"):
            assert secret not in text


def test_it_is_read_in_english_too(number: str) -> None:
    page = shown(token(number), "en").content.decode()
    assert 'lang="en"' in page
    assert "Progress" in page


@pytest.mark.parametrize("spoil", [
    lambda one: one[:-1] + ("0" if one[-1] != "0" else "1"), lambda one: one.partition("-")[0], lambda one: "x" * 400,
    lambda one: f"99999999999999-{one.partition('-')[2]}", lambda one: "－",
])  # fmt: skip
def test_what_no_link_is_opens_one_calm_page(number: str, spoil) -> None:
    answer = shown(spoil(token(number)))
    assert answer.status_code == 404
    assert "95598" in answer.content.decode()
    assert "****" not in answer.content.decode()


def test_a_withdrawn_link_opens_nothing_and_another_holds(number: str) -> None:
    old = token(number)
    tracking.withdraw_link(number=number, reason="发错了人", actor=make.actor("CALL_CLERK"), at=make.after(3))
    assert shown(old).status_code == 404
    assert token(number) != old
    assert shown(token(number)).status_code == 200


def test_a_withdrawn_case_says_so(number: str) -> None:
    link = token(number)
    steering.withdraw(number=number, reason="已来电", actor=make.actor("CALL_CLERK"), at=make.after(4),
                      charter=Charter.current())  # fmt: skip
    assert "撤回" in shown(link).content.decode()


def test_whoever_tries_links_out_is_stopped_for_a_while(number: str) -> None:
    gate = limits.Gate()
    for _ in range(limits.MISSES):
        assert gate.lets("203.0.113.9", at=make.NOW)
        gate.missed("203.0.113.9", at=make.NOW)
    assert not gate.lets("203.0.113.9", at=make.NOW)
    assert gate.lets("203.0.113.10", at=make.NOW)
    assert gate.lets("203.0.113.9", at=make.NOW + limits.WINDOW + timedelta(seconds=1))
    for _ in range(limits.MISSES):
        shown("nothing")
    assert shown(token(number)).status_code == 429


def test_with_another_process_there_is_one_more_trial_and_no_twenty() -> None:
    one, other = limits.Gate(), limits.Gate()
    for _ in range(limits.MISSES):
        one.missed("203.0.113.10", at=make.NOW)
    assert other.lets("203.0.113.10", at=make.NOW)
    other.missed("203.0.113.10", at=make.NOW)
    assert not other.lets("203.0.113.10", at=make.NOW)
    assert other.lets("203.0.113.11", at=make.NOW), "another address is not kept out with it"
    later = make.NOW + limits.WINDOW
    other.missed("203.0.113.10", at=later)
    assert other.lets("203.0.113.10", at=later)
