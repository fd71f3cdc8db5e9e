"""Complaint, praise and suggestion of a resident, their photos, and how it was: one case of the own account; nobody else's."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.kits import bill_world as world

from wandeng.domains.cases.actions import work
from wandeng.domains.cases.models import CallBack, Case, CasePaper
from wandeng.domains.cases.queries import one
from wandeng.domains.cases.types import Charter
from wandeng.domains.customers import actions as customers
from wandeng.domains.residents.tests import make as residents
from wandeng.flows.tests.test_voice import AT
from wandeng.infra import pii
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import holding, middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
PHONE, OTHER = "13800000001", "13800000002"
GPS, MODEL = 0x8825, 0x0110


def browser(phone: str, account: str) -> Client:
    customers.add_contact(account_number=account, phone=phone, actor=SYSTEM, at=world.NOW)
    found = Client(headers={"accept-language": "zh-hans"})
    found.cookies[holding.COOKIE] = residents.holding(phone, account, at=AT).token
    return found


@pytest.fixture
def client(settings, tmp_path, monkeypatch) -> Client:
    settings.HOME = tmp_path
    settings.SECURE_SSL_REDIRECT = False
    pii.create_key()
    world.found()
    for number in ("1", "2"):
        world.add_account(number, total={})
    monkeypatch.setattr(middleware, "now", lambda: AT)
    return browser(PHONE, "1")


def picture(color: str = "red", *, kind: str = "JPEG", size: tuple[int, int] = (80, 40), turned: bool = False) -> bytes:
    exif = Image.Exif()
    exif[MODEL] = "SECRET-PHONE"
    exif[GPS] = {1: "N", 2: (26.0, 15.0, 0.0)}
    if turned:
        exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind, exif=exif)
    return out.getvalue()


def huge() -> bytes:
    """64 million pixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (8000, 8000)).save(out, "PNG")
    return out.getvalue()


def files(*contents: bytes, name: str = "a.jpg") -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, one, content_type="image/jpeg") for one in contents]


def ask(client: Client, way: str = "complaint", number: str = "1", **given: object) -> tuple[int, str]:
    whole = {"matter": "抄表员三个月没来", "second": "按实际抄表", **given}
    answer = client.post(reverse("my:ask", args=[number, way]), whole)
    return answer.status_code, answer.headers.get("Location", "") or answer.content.decode()


@pytest.mark.parametrize(
    ("way", "process", "form"),
    [
        ("complaint", "complaint", '"WISH":"按实际抄表"'),
        ("suggestion", "opinion", '"SORT":"SUGGESTION"'),
        ("opinion", "opinion", '"SORT":"OPINION"'),
        ("praise", "praise", '"WHO":"按实际抄表"'),
    ],
)
def test_each_way_is_a_case_of_its_kind_with_its_clock_and_number(
    client: Client, way: str, process: str, form: str
) -> None:
    assert client.get(reverse("my:ask", args=["1", way])).status_code == 200
    status, url = ask(client, way)
    (case,) = Case.objects.all()
    assert (status, url) == (302, reverse("my:case", args=["1", case.number]))
    assert (case.process, case.channel, case.account.account_number, case.owner) == (process, "PORTAL", "1", "portal")
    assert form in case.form
    assert case.clocks.filter(stopped_at__isnull=True, due_at__isnull=False).exists()
    page = client.get(url).content.decode()
    assert case.number in page
    assert "抄表员三个月没来" in page
    assert url in client.get(reverse("my:cases", args=["1"])).content.decode()
    # The same words again are the same case; other ones are another.
    assert ask(client, way) == (302, url)
    assert ask(client, way, matter="另一件事")[0] == 302
    assert Case.objects.count() == 2


def test_what_is_missing_unknown_or_too_often_opens_nothing(client: Client) -> None:
    status, page = ask(client, matter=" ")
    assert (status, "请把每一项都填上" in page) == (422, True)
    assert ask(client, second="")[0] == 422
    assert ask(client, matter="很" * 501)[0] == 422
    assert ask(client, "theft")[0] == 404
    assert not Case.objects.exists()
    assert ask(client, about="SERVICE")[0] == 302
    assert Case.objects.get().first_class == "SERVICE"
    answers = [ask(client, matter=f"第{n}件")[0] for n in range(6)]
    assert answers == [302] * 4 + [422] * 2


def test_photos_are_looked_into_cleaned_and_seen_by_their_sender_and_staff_only(client: Client) -> None:
    _, url = ask(client, photos=files(picture(turned=True), picture("blue", kind="PNG")))
    papers = list(CasePaper.objects.order_by("id"))
    case = Case.objects.get()
    assert [(one.kind, one.step, one.file_name) for one in papers] == [("PHOTO", "START", "1.jpg"), ("PHOTO", "START", "2.jpg")]  # fmt: skip
    links = re.findall(r'<img src="([^"]+)"', client.get(url).content.decode())
    assert len(links) == 2
    answer = client.get(links[0])
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, no-store")
    kept = Image.open(io.BytesIO(answer.content))
    assert (kept.format, kept.size, len(kept.getexif())) == ("JPEG", (40, 80), 0)
    assert b"SECRET-PHONE" not in answer.content
    assert one.paper(Scope.everywhere(), papers[0].pk)[1] == answer.content
    # Somebody else who holds the account sees the case and no photo of it; who holds another, neither.
    family, stranger = browser(OTHER, "1"), browser("13800000003", "2")
    assert "<img" not in family.get(url).content.decode()
    assert [each.get(link).status_code for each in (family, stranger) for link in links] == [404] * 4
    assert stranger.get(url).status_code == 404
    assert stranger.get(reverse("my:case", args=["2", case.number])).status_code == 404
    assert stranger.post(f"{url}photos/", {"photos": files(picture())}).status_code == 404
    assert Client().get(links[0]).status_code == 302
    # One more fits, the same again is the same, a fourth does not.
    assert client.post(f"{url}photos/", {"photos": files(picture("green"))}).status_code == 302
    assert client.post(f"{url}photos/", {"photos": files(picture("green"))}).status_code == 302
    assert client.post(f"{url}photos/", {"photos": files(picture("white"))}).status_code == 422
    assert CasePaper.objects.count() == 3


@pytest.mark.parametrize(
    "sent",
    [
        [b"\xff\xd8\xff\xe0 no picture"],
        [b"<svg xmlns='http://www.w3.org/2000/svg'/>"],
        [picture(kind="GIF")],
        [picture(), picture("blue"), picture("green"), picture("white")],
        [huge()],
    ],
)
def test_what_is_no_photo_or_too_much_opens_no_case(client: Client, sent: list[bytes]) -> None:
    status, page = ask(client, photos=files(*sent))
    assert (status, 'role="alert"' in page) == (422, True)
    report = client.post(reverse("my:report", args=["1"]), {"what": "ALL", "photos": files(*sent)})
    assert report.status_code == 422
    assert not Case.objects.exists()


def test_a_fault_has_photos_that_stand_for_none_of_the_crew(client: Client) -> None:
    url = client.post(reverse("my:report", args=["1"]), {"what": "PART", "photos": files(picture())})["Location"]
    assert client.get(url).content.decode().count("<img") == 1
    assert CasePaper.objects.get().step == "START"


def answered(number: str) -> None:
    """The suggestion at its end, answered, with its customer to be asked."""
    charter = Charter.current()
    while step := Case.objects.get(number=number).step:
        last = {"answers": {"REPLY": "十日内安排"}, "result": "TAKEN_UP"} if step == "ANSWER" else {}
        work.finish(number=number, step=step, actor=SYSTEM, at=AT, charter=charter, **last)


def test_a_resident_says_once_how_it_was_and_a_bad_word_opens_it_again(client: Client) -> None:
    _, url = ask(client, "suggestion")
    case = Case.objects.get()
    assert "您满意吗" not in client.get(url).content.decode()
    assert client.post(f"{url}rate/", {"score": "5"}).status_code == 422
    answered(case.number)
    page = client.get(url).content.decode()
    assert ("您满意吗" in page, "十日内安排" in page) == (True, True)
    assert browser(OTHER, "2").post(f"{url}rate/", {"score": "5"}).status_code == 404
    assert [client.post(f"{url}rate/", given).status_code for given in ({}, {"score": "6"}, {"score": "1"})] == [
        422
    ] * 3
    assert client.post(f"{url}rate/", {"score": "1", "remark": "还没来抄"}).status_code == 302
    case.refresh_from_db()
    (said,) = CallBack.objects.all()
    assert (case.state, case.rounds, said.state, said.score, said.channel) == ("OPEN", 2, "DISSATISFIED", 1, "PORTAL")
    assert "正在重新办理" in client.get(url).content.decode()
    assert client.post(f"{url}rate/", {"score": "5"}).status_code == 422
    answered(case.number)
    assert client.post(f"{url}rate/", {"score": "4"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, CallBack.objects.filter(state="SATISFIED").count()) == ("CLOSED", 1)
