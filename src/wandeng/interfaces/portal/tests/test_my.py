"""A resident's own pages: log in by phone and code, bind an account, see it; and what nobody learns from them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from wandeng.domains.customers.actions import contacts
from wandeng.domains.customers.models import Contact
from wandeng.domains.customers.tests import make
from wandeng.domains.notices.types import Answer, Channel, Message, Outcome
from wandeng.domains.organization.models import Unit
from wandeng.domains.residents import actions
from wandeng.domains.residents.models import AccountBinding, Resident, ResidentCode, ResidentSession
from wandeng.domains.residents.tests import make as residents
from wandeng.flows import self_service
from wandeng.infra import pii
from wandeng.infra.models import Job, Operation
from wandeng.interfaces.doorway import demo_residents, holding, middleware
from wandeng.interfaces.portal.my import entrance
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
OWN, FILED, STRANGER = "13800000001", "13800000002", "13900000009"


class Clock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(settings, tmp_path, monkeypatch) -> Clock:
    settings.HOME = tmp_path
    settings.SECURE_SSL_REDIRECT = False
    clock = Clock()
    monkeypatch.setattr(middleware, "now", clock)
    monkeypatch.setattr(entrance, "now", clock)
    make.accounts()
    contacts.add_contact(account_number="1001", name="张三", phone=OWN, is_primary=True, actor=SYSTEM, at=make.AT)
    residents.checked("1001", at=AT - timedelta(days=30))
    contacts.add_contact(account_number="1002", name="李四", phone=FILED, is_primary=True, actor=SYSTEM, at=make.AT)
    return clock


def code_of(address: str) -> str:
    return residents.code_of(address.rstrip("/").rpartition("/")[2])


def logged_in(clock: Clock, phone: str = OWN) -> Client:
    client = Client()
    asked = client.post(reverse("my:login"), {"phone": phone})
    assert asked.status_code == 302
    answer = client.post(asked.url, {"code": code_of(asked.url)})
    assert answer.url == reverse("my:home")
    clock.now += timedelta(minutes=2)
    return client


def shown(client: Client, route: str, *args: str) -> str:
    return client.get(reverse(route, args=args)).content.decode()


def test_a_phone_and_its_code_open_a_session_that_is_not_that_of_staff(clock: Clock) -> None:
    assert Client().get(reverse("my:home")).url == reverse("my:login")
    client = logged_in(clock)
    cookie = client.cookies[holding.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/my/", True, "Lax")
    assert client.get(reverse("my:home")).url == reverse("my:accounts")
    assert client.get(reverse("console:home")).status_code == 302
    stored = ResidentSession.objects.get()
    assert cookie.value not in (stored.token_hash, "")
    resident = Resident.objects.get()
    assert OWN not in f"{resident.phone_sealed}{resident.phone_index}"
    assert pii.mask_phone(OWN) in shown(client, "my:accounts")
    assert Operation.objects.filter(action="resident.log_in", actor=f"resident-{resident.pk}").count() == 1


def test_an_account_of_the_own_phone_is_bound_at_once_and_shown(clock: Clock) -> None:
    client = logged_in(clock)
    answer = client.post(reverse("my:accounts"), {"account_number": "1001"})
    assert answer.url == reverse("my:account", args=["1001"])
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "没有欠费" in page.content.decode()
    assert "张三" not in page.content.decode()
    assert "张*" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert AccountBinding.objects.get().proof == "CONTACT"
    assert Operation.objects.get(action="resident.bind").unit_path.startswith("BS")


@pytest.mark.parametrize("age", [183, 184, None])
def test_a_number_that_was_checked_long_ago_or_never_binds_nothing_by_itself(clock: Clock, age: int | None) -> None:
    residents.checked("1001", at=AT + timedelta(minutes=2) - timedelta(days=age or 0))
    if age is None:
        Contact.objects.update(verification="UNVERIFIED", verified_at=None)
    client = logged_in(clock)
    is_fresh = age == 183
    assert ("1001" in shown(client, "my:accounts")) is is_fresh
    answer = client.post(reverse("my:accounts"), {"account_number": "1001"})
    assert AccountBinding.objects.exists() is is_fresh
    if not is_fresh:
        assert client.post(answer.url, {"code": code_of(answer.url)}).url == reverse("my:account", args=["1001"])
        assert AccountBinding.objects.get().proof == "CODE"


def test_another_account_takes_the_code_that_its_phone_on_file_gets(clock: Clock) -> None:
    client = logged_in(clock)
    asked = client.post(reverse("my:accounts"), {"account_number": "1002"})
    wrong = client.post(asked.url, {"code": "000000" if code_of(asked.url) != "000000" else "000001"})
    assert wrong.status_code == 422
    assert client.post(asked.url, {"code": code_of(asked.url)}).url == reverse("my:account", args=["1002"])
    assert AccountBinding.objects.get().proof == "CODE"
    sent: list[Message] = []
    row = ResidentCode.objects.get(purpose="BIND")
    assert pii.open_sealed(row.phone_sealed, column="residents_resident.phone") == FILED
    assert not self_service.send(row.pk, at=clock.now, gateway=gateway(sent)), "a used code is not sent any more"


def gateway(sent: list[Message]):
    class Way:
        code, channel = "test", Channel.SMS

        def send(self, messages):
            sent.extend(messages)
            return [Answer(one.message_id, Outcome.ACCEPTED) for one in messages]

    return Way()


def test_a_code_goes_to_the_gateway_once_and_names_nobody(clock: Clock) -> None:
    asked = self_service.ask_login_code(phone=OWN, address="10.0.0.1", at=AT, library=make.library())
    assert Job.objects.filter(kind=self_service.SEND).count() == 1
    sent: list[Message] = []
    assert self_service.send(asked.id, at=AT, library=make.library(), gateway=gateway(sent))
    assert not self_service.send(asked.id, at=AT, library=make.library(), gateway=gateway(sent))
    (message,) = sent
    assert message.address == OWN
    assert residents.code_of(asked.handle) in message.text
    assert "5分钟" in message.text
    assert "张三" not in message.text
    assert self_service.send(asked.id, at=AT + timedelta(minutes=6), library=make.library()) is False


def test_nothing_tells_whether_an_account_or_its_phone_is_there(clock: Clock) -> None:
    pages = []
    for number in ("1002", "1003", "9999"):  # with a phone, without one, not there
        client = logged_in(clock, STRANGER)
        asked = client.post(reverse("my:accounts"), {"account_number": number})
        assert asked.status_code == 302
        handle = asked.url.rstrip("/").rpartition("/")[2]
        page = client.get(asked.url).content.decode()
        wrong = client.post(asked.url, {"code": "12345"})
        pages.append((len(handle), plain(page), wrong.status_code, plain(wrong.content.decode())))
    assert pages[0] == pages[1] == pages[2]
    assert Job.objects.filter(kind=self_service.SEND).count() == 6
    sent = [one for one in ResidentCode.objects.filter(purpose="BIND") if one.phone_sealed]
    assert len(sent) == 1
    # The code that nobody got opens nothing either.
    void = ResidentCode.objects.filter(purpose="BIND", phone_sealed="").latest("id")
    assert (
        client.post(reverse("my:proof", args=[void.handle]), {"code": residents.code_of(void.handle)}).status_code
        == 422
    )


def plain(page: str) -> str:
    return re.sub(r'(value|action)="[^"]*"', "", re.sub(r"/code/[\w-]+/", "", page))


def test_what_is_held_by_another_is_what_is_not_there(clock: Clock) -> None:
    owner, other = logged_in(clock), logged_in(clock, STRANGER)
    owner.post(reverse("my:accounts"), {"account_number": "1001"})
    foreign = [other.get(reverse(route, args=["1001"])) for route in ("my:account", "my:unbind")]
    absent = [other.get(reverse(route, args=["9999"])) for route in ("my:account", "my:unbind")]
    assert [one.status_code for one in foreign + absent] == [404] * 4
    assert [plain(one.content.decode()) for one in foreign] == [
        plain(one.content.decode()).replace("9999", "1001") for one in absent
    ]
    assert other.post(reverse("my:unbind", args=["1001"])).status_code == 404
    assert AccountBinding.objects.filter(ended_at__isnull=True).count() == 1


def test_a_code_of_somebody_else_binds_nothing(clock: Clock) -> None:
    first, second = logged_in(clock), logged_in(clock, STRANGER)
    asked = first.post(reverse("my:accounts"), {"account_number": "1002"})
    assert second.post(asked.url, {"code": code_of(asked.url)}).status_code == 422
    assert not AccountBinding.objects.exists()


@pytest.mark.parametrize("when", ["old", "used", "tried"])
def test_a_code_is_good_once_for_five_minutes_and_five_trials(clock: Clock, when: str) -> None:
    client = Client()
    asked = client.post(reverse("my:login"), {"phone": OWN})
    if when == "old":
        clock.now += timedelta(minutes=5)
    elif when == "used":
        assert client.post(asked.url, {"code": code_of(asked.url)}).status_code == 302
    else:
        for _time in range(5):
            assert client.post(asked.url, {"code": "1"}).status_code == 422
    assert client.post(asked.url, {"code": code_of(asked.url)}).status_code == 422


def test_codes_are_limited_by_phone_address_and_day(clock: Clock) -> None:
    def ask(phone: str) -> int:
        return Client().post(reverse("my:login"), {"phone": phone}).status_code

    assert [ask(OWN), ask(OWN)] == [302, 429], "one a minute"
    for _time in range(4):
        clock.now += timedelta(minutes=1)
        assert ask(OWN) == 302
    clock.now += timedelta(minutes=1)
    assert ask(OWN) == 429, "five a day"
    others = [ask(f"137000000{number:02}") for number in range(16)]
    assert others == [302] * 15 + [429], "twenty an address"
    assert ask("12") == 422


def test_a_phone_on_file_that_got_too_many_codes_gets_none_and_nobody_hears_of_it(clock: Clock) -> None:
    for _time in range(5):
        actions.ask_login_code(phone=FILED, address="10.0.0.7", at=clock.now, library=make.library())
        clock.now += timedelta(minutes=1)
    client = logged_in(clock)
    assert client.post(reverse("my:accounts"), {"account_number": "1002"}).status_code == 302
    assert ResidentCode.objects.get(purpose="BIND").phone_sealed == ""


def test_an_account_is_let_go_and_a_session_ended(clock: Clock) -> None:
    client = logged_in(clock)
    client.post(reverse("my:accounts"), {"account_number": "1001"})
    assert "确认解绑" in shown(client, "my:unbind", "1001")
    client.post(reverse("my:unbind", args=["1001"]))
    assert client.get(reverse("my:account", args=["1001"])).status_code == 404
    cookie = client.cookies[holding.COOKIE].value
    client.post(reverse("my:logout"))
    client.cookies[holding.COOKIE] = cookie
    assert client.get(reverse("my:home")).url == reverse("my:login")


def test_a_session_ends_after_its_days(clock: Clock) -> None:
    client = logged_in(clock)
    clock.now += timedelta(days=30)
    assert client.get(reverse("my:accounts")).status_code == 302


def test_the_code_is_on_the_page_of_a_demonstration_only(clock: Clock, settings) -> None:
    client = Client()
    asked = client.post(reverse("my:login"), {"phone": OWN})
    assert code_of(asked.url) not in client.get(asked.url).content.decode()
    settings.DEMO = True
    assert code_of(asked.url) in client.get(asked.url).content.decode()


def test_a_demonstration_offers_its_residents_in_their_version(clock: Clock, settings) -> None:
    assert demo_residents.ELDER.phone not in shown(Client(), "my:login")
    residents.logged_in(demo_residents.ELDER.phone, at=AT - timedelta(hours=1))
    assert demo_residents.ELDER.phone not in shown(Client(), "my:login"), "no demonstration"
    settings.DEMO = True
    client = Client()
    page = shown(client, "my:login")
    assert demo_residents.ELDER.phone in page
    assert demo_residents.BEHIND.phone not in page, "not made"
    asked = client.post(reverse("my:login"), {"phone": demo_residents.ELDER.phone, "elder": "1"})
    client.post(asked.url, {"code": code_of(asked.url)})
    assert 'class="elder"' in shown(client, "my:accounts")


def test_staff_end_what_they_stand_over(clock: Clock) -> None:
    client = logged_in(clock)
    client.post(reverse("my:accounts"), {"account_number": "1001"})
    bound = AccountBinding.objects.get()
    assert actions.end_sessions(resident_id=bound.resident_id, actor=SYSTEM, at=clock.now, reason="手机丢失") == 1
    actions.revoke(binding_id=bound.pk, actor=SYSTEM, at=clock.now, reason="户主来电")
    bound.refresh_from_db()
    assert bound.ended_by == "system"
    actions.forget(resident_id=bound.resident_id, at=clock.now)
    assert not Resident.objects.exists()
    assert Operation.objects.filter(action="resident.forget").exists()


def test_staff_elsewhere_or_without_the_role_end_nothing(clock: Clock) -> None:
    client = logged_in(clock)
    client.post(reverse("my:accounts"), {"account_number": "1001"})
    bound = AccountBinding.objects.get()
    east, reader = (
        Actor("x", unit_path=Unit.objects.get(code=code).path, roles=frozenset({role}))
        for code, role in (("BS-E", "HALL_CLERK"), ("BS-W", "METER_READER"))
    )
    for who, refusal in ((east, NotFound), (reader, NotAllowed)):
        with pytest.raises(refusal):
            actions.revoke(binding_id=bound.pk, actor=who, at=clock.now, reason="试")
        with pytest.raises(refusal):
            actions.end_sessions(resident_id=bound.resident_id, actor=who, at=clock.now, reason="试")
        with pytest.raises(refusal):
            actions.bind_for(resident_id=bound.resident_id, account_number="1001", actor=who, at=clock.now, reason="试")
    assert client.get(reverse("my:account", args=["1001"])).status_code == 200


def test_the_large_version_is_kept_on_the_telephone_and_leads_nowhere_else(clock: Clock) -> None:
    client = logged_in(clock)
    assert 'class="elder"' not in shown(client, "my:accounts")
    back = client.post(reverse("my:version"), {"elder": "1", "next": "/my/accounts/"})
    assert back.url == "/my/accounts/"
    page = shown(client, "my:accounts")
    assert 'class="elder"' in page
    assert 'class="button person" href="tel:95598"' in page
    for elsewhere in ("//evil.example/", "https://evil.example/my/", "/console/", "/my/\\\\evil"):
        assert client.post(reverse("my:version"), {"elder": "0", "next": elsewhere}).url == reverse("my:home")


def test_a_resident_who_deletes_their_data_is_gone(clock: Clock) -> None:
    client = logged_in(clock)
    client.post(reverse("my:accounts"), {"account_number": "1001"})
    assert "依法保留" in shown(client, "my:forget")
    assert client.post(reverse("my:forget")).url == reverse("my:login")
    assert not Resident.objects.exists()
    assert not AccountBinding.objects.exists()
    assert not ResidentSession.objects.exists()
