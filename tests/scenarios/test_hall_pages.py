"""The pages of a hall: the clerk calls with a reason, the kiosk and the screen need only their key, figures; in both languages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from tests.kits import chinese_left, in_english

from wandeng.domains.halls.models import HallDay, KioskKey, QueueTicket
from wandeng.domains.network.tests import make as drawing
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outlets.models import Outlet
from wandeng.domains.outlets.tests import make
from wandeng.interfaces.portal import halls as portal
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def person(code: str, unit: str, role: Role) -> Client:
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=NOW)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=NOW
    )
    found = Client(headers={"accept-language": "zh-hans"})
    found.force_login(organization.login_user(code))
    return found


@pytest.fixture(autouse=True)
def county(settings) -> None:
    settings.SECURE_SSL_REDIRECT = False
    portal.GATE.forget()
    drawing.offices()
    make.county()


def act(clerk: Client, verb: str, **given: object) -> int:
    return clerk.post(f"/console/halls/at/P0/do/{verb}/", given).status_code


def test_a_clerk_sees_who_is_next_and_why(django_assert_max_num_queries) -> None:
    clerk, east = person("clerk", "BS-W", Role.HALL_CLERK), person("east", "BS-E", Role.HALL_CLERK)
    assert act(clerk, "open", counter="3", is_accessible="on") == 302
    for priority in ("", "ELDERLY"):
        assert act(clerk, "take", purpose="PAY", priority=priority, phone="13800001234") == 302
    with django_assert_max_num_queries(15):
        told = clerk.get("/console/halls/at/P0/").content.decode()
    assert re.search(r"下一位 A002", told)
    assert "优先：老年人；已等 0 分钟，时限 20 分钟" in told
    assert "先来先办；已等 0 分钟" in told
    assert act(clerk, "next", counter="3") == 302
    told = clerk.get("/console/halls/at/P0/").content.decode()
    assert "请 A002 到 3 号窗口" in told
    assert "138****1234" in told
    assert act(clerk, "next", counter="3") == 422
    second, first = QueueTicket.objects.order_by("-id")
    assert act(clerk, "no-show", ticket=second.pk) == 302
    assert act(clerk, "recall", ticket=second.pk) == 302
    assert act(clerk, "transfer", ticket=second.pk, counter="9") == 422
    assert act(clerk, "done", ticket=second.pk) == 302
    assert act(clerk, "leave", ticket=first.pk) == 302
    assert act(clerk, "close", counter="3") == 302
    assert act(clerk, "dance") == 404
    assert act(clerk, "take", purpose="TEA") == 422
    assert act(east, "leave", ticket=first.pk) == 404
    with django_assert_max_num_queries(15):
        assert "优先服务" in clerk.get(f"/console/halls/tickets/{second.pk}/").content.decode()
    assert east.get(f"/console/halls/tickets/{second.pk}/").status_code == 404
    assert east.get("/console/halls/at/P0/").status_code == 404


def test_lists_and_figures(django_assert_max_num_queries) -> None:
    clerk, reader = person("clerk", "BS-W", Role.HALL_CLERK), person("calls", "BS", Role.CALL_CLERK)
    act(clerk, "open", counter="3")
    act(clerk, "take", purpose="PAY")
    act(clerk, "next", counter="3")
    for address in ("/console/halls/", "/console/halls/tickets/?is_over=false", "/console/halls/figures/"):
        with django_assert_max_num_queries(15):
            assert "网点P0" in reader.get(address).content.decode(), address
    assert "网点P0" not in reader.get("/console/halls/tickets/?is_over=true").content.decode()
    told = reader.get("/console/halls/figures/?from=x&to=y&outlet=P0").content.decode()
    assert "100.0%" in told
    assert "这段时间没有人取号" in reader.get("/console/halls/figures/?from=2020-01-01&to=2020-01-31").content.decode()
    assert act(reader, "take", purpose="PAY") == 403
    assert b"P0" in b"".join(reader.get("/console/halls/tickets/?format=csv&columns=outlet_code").streaming_content)


def addresses(clerk: Client) -> tuple[str, str]:
    told = clerk.post("/console/halls/at/P0/do/kiosk/").content.decode()
    kiosk, screen = re.findall(r"http://testserver(/hall/[^<]+)", told)
    return kiosk, screen


def test_kiosk_and_screen_need_their_key_only(django_assert_max_num_queries) -> None:
    clerk = person("clerk", "BS-W", Role.HALL_CLERK)
    act(clerk, "open", counter="3", is_accessible="on")
    kiosk, screen = addresses(clerk)
    visitor = Client(headers={"accept-language": "zh-hans"})
    with django_assert_max_num_queries(15):
        assert "办理用电业务" in visitor.get(kiosk).content.decode()
    answer = visitor.post(kiosk, {"purpose": "BUSINESS", "priority": "ELDERLY", "account_number": "nobody"})
    assert answer.status_code == 302
    sheet = visitor.get(answer.headers["Location"]).content.decode()
    assert "B001" in sheet
    assert "前面还有 0 人" in sheet
    assert visitor.post(kiosk, {"purpose": "TEA"}).status_code == 422
    refused = visitor.post(kiosk, {"purpose": "PAY", "appointment": "YY-1"})
    assert refused.status_code == 422
    assert "本营业厅今天没有这个预约" in refused.content.decode()
    assert "B001" in visitor.get(screen).content.decode()
    act(clerk, "next", counter="3")
    with django_assert_max_num_queries(15):
        told = visitor.get(screen)
    assert "3 号窗口" in told.content.decode()
    assert "无障碍窗口：3" in told.content.decode()
    assert told.headers["Cache-Control"] == "no-store"
    new, _screen = addresses(clerk)
    assert [visitor.get(one).status_code for one in (kiosk, screen, new)] == [404, 404, 200]
    assert visitor.post(kiosk, {"purpose": "PAY"}).status_code == 404
    assert KioskKey.objects.filter(ended_at__isnull=True).count() == 1
    # A sheet of another day is none.
    old = QueueTicket.objects.get()
    assert visitor.get(f"{new}ticket/{old.pk}/").status_code == 200
    HallDay.objects.update(on=date(2026, 1, 1))
    assert visitor.get(f"{new}ticket/{old.pk}/").status_code == 404


def test_in_english(settings, tmp_path) -> None:
    in_english.latin()
    Outlet.objects.update(name="Hall", address="At the road")
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]
    clerk = person("clerk", "BS-W", Role.HALL_CLERK)
    act(clerk, "open", counter="3", is_accessible="on")
    for priority in ("", "DISABLED", "SOLDIER"):
        act(clerk, "take", purpose="PAY", priority=priority)
    act(clerk, "next", counter="3")
    _kiosk, screen = addresses(clerk)
    made = QueueTicket.objects.first().pk
    visitor = Client(headers={"accept-language": "en"})
    english = Client(headers={"accept-language": "en"})
    english.force_login(organization.login_user("clerk"))
    pages = ("/console/halls/at/P0/", f"/console/halls/tickets/{made}/", "/console/halls/figures/", "/console/halls/")
    for client, address in [
        *((english, one) for one in pages),
        (visitor, screen),
        (visitor, screen.removesuffix("screen/")),
    ]:
        told = client.get(address).content.decode()
        assert [one for one in chinese_left.left(told) if one not in ("国家电网", "南方电网", "中文", "某人")] == [], (
            address
        )
