"""Community boards: put up, seen, printed and withdrawn; bills due are told so that nobody is singled out, and no customer is named."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from wandeng.calc import boards as calc
from wandeng.domains.boards.models import CommunityBoard, ServiceCard
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.domains.network.tests import make as town
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outlets.tests import make as outlets
from wandeng.interfaces.portal import boards as portal
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)
PHONE = "13812345678"


def person(code: str, name: str, unit: str, role: Role) -> Client:
    organization_actions.add_person(code=code, name=name, unit_code=unit, actor=SYSTEM, at=NOW)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=NOW
    )
    found = Client(headers={"accept-language": "zh-hans"})
    found.force_login(organization.login_user(code))
    return found


def png() -> io.BytesIO:
    held = io.BytesIO()
    Image.new("RGB", (600, 800), "teal").save(held, "PNG")
    held.seek(0)
    held.name = "a.exe"
    return held


@pytest.fixture(autouse=True)
def county(settings) -> None:
    settings.SECURE_SSL_REDIRECT = False
    portal.GATE.forget()
    town.town()
    outlets.county()


def crowd(monkeypatch, owing: int, *, homes: int = 24) -> None:
    """So many homes of T1 with a phone; so many of them owe 10 yuan more than the one before."""
    import polars as pl

    from wandeng.calc import arrears
    from wandeng.flows.community_boards import content

    area, like = PowerTransformer.objects.get(code="T1"), CustomerAccount.objects.get(account_number="1001")
    accounts = [
        CustomerAccount(
            id=5_000 + n, account_number=f"98760{n:04d}", customer=like.customer, unit=like.unit,
            name=f"钱多多{n}", address=f"白水县新华村{n + 1}号", customer_class="RESIDENTIAL", locality="RURAL",
            opened_on=date(2020, 1, 1),
        )
        for n in range(homes)
    ]  # fmt: skip
    CustomerAccount.objects.bulk_create(accounts)
    UsagePoint.objects.bulk_create(
        UsagePoint(
            id=5_000 + n, code=f"H{n}", account=one, transformer=area, kind="LOAD", voltage_code="AC00202",
            connected_on=date(2020, 1, 1),
        )
        for n, one in enumerate(accounts)
    )  # fmt: skip
    customers.add_contact(account_number=accounts[0].account_number, phone=PHONE, name="钱多多", actor=SYSTEM, at=NOW)
    rows = [(one.pk, 1_000 * (n + 1), 1, date(2026, 1, 1)) for n, one in enumerate(accounts[:owing])]
    monkeypatch.setattr(
        content.items, "overdue_of", lambda *_a, **_b: pl.DataFrame(rows, schema=arrears.OVERDUE, orient="row")
    )


def told(board: CommunityBoard, **headers: str) -> str:
    answer = Client(headers={"accept-language": "zh-hans", **headers}).get(f"/boards/{board.handle}/")
    assert answer.status_code == 200
    return answer.content.decode()


def paper(keeper: Client, board: CommunityBoard, size: str) -> PdfReader:
    answer = keeper.post(f"/console/boards/{board.pk}/do/print/", {"paper": size})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return PdfReader(io.BytesIO(answer.content))


def test_a_board_from_put_up_to_withdrawn(monkeypatch, django_assert_max_num_queries) -> None:
    keeper, east = (
        person("keep", "周守台", "BS-W", Role.CELL_MANAGER),
        person("east", "吴东", "BS-E", Role.CELL_MANAGER),
    )
    person("boss", "郑主任", "BS", Role.COUNTY_MANAGER)
    crowd(monkeypatch, owing=12)
    assert keeper.post("/console/boards/manage/all/", {"unit_code": "BS-W"}).status_code == 302
    assert sorted(CommunityBoard.objects.values_list("transformer__code", flat=True)) == ["T1", "T2"]
    board = CommunityBoard.objects.get(transformer__code="T1")
    assert len(board.handle) >= 16
    assert "T1" not in board.handle
    with django_assert_max_num_queries(15):
        said = told(board)
    assert "周守台" in said
    assert "郑主任" in said
    assert "逾期" not in said  # off until the unit wants it
    board.refresh_from_db()
    assert board.seen_at is None  # only the screen's own asking counts
    told(board, **{"hx-request": "true"})
    board.refresh_from_db()
    assert board.seen_at is not None

    # The card: what is no photo is refused, what is one is written anew.
    assert keeper.post("/console/boards/cards/keep/", {"photo": io.BytesIO(b"MZ no photo")}).status_code == 422
    sent = {"title": "新华台区经理", "phone": "0746-2340000", "photo": png()}
    assert keeper.post("/console/boards/cards/keep/", sent).status_code == 302
    card = ServiceCard.objects.get()
    with Image.open(io.BytesIO(bytes(card.photo))) as kept:
        assert (kept.format, max(kept.size)) == ("JPEG", 480)
    said = told(board)
    assert "0746-2340000" in said
    picture = Client().get(f"/boards/{board.handle}/photo/{card.photo_hash}/")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    other = CommunityBoard.objects.create(
        unit=PowerTransformer.objects.get(code="T3").unit, community="甲", handle="other", made_by="x", made_at=NOW
    )
    assert Client().get(f"/boards/{other.handle}/photo/{card.photo_hash}/").status_code == 404

    _nobody_is_named(keeper, board)
    _withdrawn(keeper, east, board, django_assert_max_num_queries)


def _nobody_is_named(keeper: Client, board: CommunityBoard) -> None:
    # Bills due: the unit's wish, then bands of at least five; nobody's name, number or telephone, on the screen or on paper.
    assert keeper.post("/console/boards/manage/arrears/", {"unit_code": "BS-W", "is_shown": "on"}).status_code == 302
    said = told(board)
    pages = [paper(keeper, board, size) for size in ("a4", "a3")]
    texts = ["".join(one.extract_text() for one in pdf.pages) for pdf in pages]
    assert [round(float(pdf.pages[0].mediabox.width)) for pdf in pages] == [595, 842]
    assert [len(pdf.pages) for pdf in pages] == [1, 1]
    seen = re.sub(r"<[^>]+>", " ", said.replace(board.handle, ""))
    for text in (seen, *texts):
        assert "逾期未缴电费的共 12 户" in text
        assert "5 户" in text
        assert not any(word in text for word in ("钱多多", "98760", PHONE, PHONE[-4:], "张三", "白水县新华村1号"))
    assert "周守台" in texts[0]
    assert "0746-2340000" in texts[0]
    board.refresh_from_db()
    assert board.printed_at is not None
    page = Client(headers={"accept-language": "en"}).get(f"/boards/{board.handle}/").content.decode()
    assert "overdue" in page


def _withdrawn(keeper: Client, east: Client, board: CommunityBoard, django_assert_max_num_queries) -> None:
    # A neighbor has neither board nor card; who withdraws it takes it from everybody.
    for address in (f"/console/boards/{board.pk}/", "/console/boards/cards/keep/"):
        assert east.get(address).status_code == 404
    assert east.post(f"/console/boards/{board.pk}/do/withdraw/").status_code == 404
    for address in (
        "/console/boards/",
        "/console/boards/manage/",
        f"/console/boards/{board.pk}/",
        "/console/boards/cards/",
    ):
        with django_assert_max_num_queries(15):
            assert keeper.get(address).status_code == 200
    assert keeper.post(f"/console/boards/{board.pk}/do/withdraw/").status_code == 302
    assert Client().get(f"/boards/{board.handle}/").status_code == 404
    answer = keeper.post("/console/boards/manage/area/", {"area": "T1", "is_public": "on"})
    assert answer.status_code == 302
    assert told(CommunityBoard.objects.get(handle="T1"))
    assert keeper.post("/console/boards/manage/area/", {"area": "T1"}).status_code == 422


def test_bands_hold_enough_and_lose_nobody() -> None:
    import polars as pl

    owed = pl.Series([100] * 6 + [30_000] * 2 + [90_000] * 3)
    assert [one.customers for one in calc.bands(owed, [5_000, 20_000, 50_000], least=5)] == [6, 5]
    assert [one.customers for one in calc.bands(owed, [5_000, 20_000, 50_000], least=6)] == [11]
    assert calc.bands(owed[:4], [5_000], least=5) == ()
    assert calc.houses(pl.Series(["新华村12号", "幸福小区3栋2单元501", "供销社对面", "张三家"])) == (
        "12号",
        "3栋2单元501",
    )
