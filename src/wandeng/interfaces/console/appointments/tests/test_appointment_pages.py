"""Pages of appointments: the day board, booking, what came of it, the register, the sheet of a run."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wandeng.domains.appointments.actions import booking, places, routes, running
from wandeng.domains.appointments.actions.places import Opening
from wandeng.domains.appointments.actions.routes import Rhythm
from wandeng.domains.appointments.models import Appointment, RouteRun, RunStop, ServiceSlot
from wandeng.domains.appointments.tests import make
from wandeng.domains.appointments.types import Wanted
from wandeng.domains.cases.actions import work
from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.types import Charter
from wandeng.domains.organization.models import Person
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.usefixtures("county")
TODAY = datetime.now(UTC).astimezone(BILLING_ZONE).date()


@pytest.fixture
def county(db: None) -> None:
    """The hall is open every day around the clock, the vehicle drives every day."""
    cases.county()
    now, keeper = datetime.now(UTC), make.actor("COUNTY_MANAGER")
    places.add(code="H1", name="城关营业厅", kind="HALL", unit_code="c01", address="解放路1号", actor=keeper, at=now)
    places.open_(
        code="H1", opening=Opening(TODAY, "1234567", 0, 24 * 60, 60, 2, "EVERY_DAY"), actor=keeper, at=now,
        library=make.rules(),
    )  # fmt: skip
    routes.add_vehicle(code="V1", name="一号车", unit_code="c01", keeper="cell_manager", actor=keeper, at=now)
    routes.add_route(
        code="R1", name="白水线", unit_code="c01", vehicle="V1", rhythm=Rhythm(TODAY, "1234567", open_on="EVERY_DAY"),
        stops=make.STOPS, actor=keeper, at=now,
    )  # fmt: skip
    running.plan_route(code="R1", actor=keeper, at=now, library=make.rules())


def client(role: str = "COUNTY_MANAGER") -> Client:
    found = Client()
    found.force_login(Person.objects.get(code=role.lower()), backend="wandeng.interfaces.doorway.backend.StaffBackend")
    return found


def later() -> ServiceSlot:
    """A slot of tomorrow."""
    return ServiceSlot.objects.filter(place__code="H1", on=TODAY + timedelta(days=1)).order_by("starts_at")[9]


def booked(slot: ServiceSlot | None = None, **wanted: str) -> Appointment:
    done = booking.book(
        slot_id=(slot or later()).pk, wanted=Wanted("METER", **(wanted or {"account_number": make.ACCOUNT})),
        actor=make.actor("CALL_CLERK"), at=datetime.now(UTC), library=make.rules(), key="page",
    )  # fmt: skip
    return Appointment.objects.get(number=done.number)


@pytest.mark.parametrize(
    "name",
    [
        "day",
        "list",
        "calls",
        "figures",
        "places",
        "place-new",
        "vehicles",
        "vehicle-new",
        "routes",
        "route-new",
        "runs",
    ],
)
def test_every_page_without_a_thing_answers_in_few_queries(name: str) -> None:
    booked()
    booked_by_nobody = booking.book(
        slot_id=later().pk, wanted=make.visitor(), actor=make.actor("CALL_CLERK"), at=datetime.now(UTC),
        library=make.rules(), key="other",
    )  # fmt: skip
    browser = client()
    browser.get(reverse("console:appointments-day"))
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(
            reverse(f"console:appointments-{name}"), {"on": later().on.isoformat()} if name == "day" else {}
        )
    assert answer.status_code == 200
    assert len(asked) <= 15
    if name == "day":
        assert "李四" in answer.content.decode()
    assert booked_by_nobody.is_new


def test_pages_of_one_thing_answer_in_few_queries() -> None:
    number, run = booked().number, RouteRun.objects.order_by("on")[0].number
    browser = client()
    browser.get(reverse("console:appointments-day"))
    for name, key in (
        ("book", later().pk), ("detail", number), ("rebook", number), ("place", "H1"), ("vehicle", "V1"), ("route", "R1"),
        ("run", run), ("run-sheet", run),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(reverse(f"console:appointments-{name}", args=[key]))
        assert (name, answer.status_code) == (name, 200)
        assert (name, len(asked) <= 15) == (name, True)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_number_in_the_customer_out_and_booked() -> None:
    address = reverse("console:appointments-book", args=[later().pk])
    browser = client("CALL_CLERK")
    found = browser.get(address, {"account": make.ACCOUNT}).content.decode()
    assert make.ACCOUNT in found
    assert 'name="visitor"' not in found
    answer = browser.post(address, {"service": "METER", "account": make.ACCOUNT, "key": "once", "remark": ""})
    assert answer.status_code == 302
    again = browser.post(address, {"service": "METER", "account": make.ACCOUNT, "key": "once", "remark": ""})
    assert again["Location"] == answer["Location"]
    assert Appointment.objects.count() == 1


def test_who_is_not_found_leaves_a_name_and_a_number() -> None:
    address = reverse("console:appointments-book", args=[later().pk])
    browser = client("CALL_CLERK")
    assert "留下姓名和电话" in browser.get(address, {"q": "13900000001"}).content.decode()
    lacking = browser.post(address, {"service": "METER", "visitor": "李四", "phone": "", "key": "k"})
    assert lacking.status_code == 422
    assert "没有户号的须留姓名和电话" in lacking.content.decode()
    assert (
        browser.post(address, {"service": "METER", "visitor": "李四", "phone": "13900000001", "key": "k"}).status_code
        == 302
    )
    shown = browser.get(
        reverse("console:appointments-detail", args=[Appointment.objects.get().number])
    ).content.decode()
    assert "139****0001" in shown
    assert "13900000001" not in shown


def test_a_full_slot_says_so() -> None:
    slot = later()
    ServiceSlot.objects.filter(pk=slot.pk).update(capacity=1)
    booked(slot)
    answer = client().post(
        reverse("console:appointments-book", args=[slot.pk]), {"service": "METER", "visitor": "王五", "phone": "13900000009", "key": "z"}
    )  # fmt: skip
    assert answer.status_code == 422
    assert "该时段已约满" in answer.content.decode()


def test_what_came_of_it_is_marked_on_its_page() -> None:
    number, browser = booked().number, client()
    act = lambda verb, **sent: browser.post(reverse("console:appointments-act", args=[number, verb]), sent)  # noqa: E731
    assert act("keep").status_code == 422  # tomorrow is not today
    assert act("cancel", side="CUSTOMER", reason="").status_code == 422
    assert act("nonsense").status_code == 404
    other = ServiceSlot.objects.filter(place__code="H1", on=later().on).order_by("starts_at")[10]
    moved = browser.post(
        reverse("console:appointments-rebook", args=[number]), {"slot": other.pk, "side": "CUSTOMER", "reason": "改时间", "key": "n"}
    )  # fmt: skip
    assert moved.status_code == 302
    assert Appointment.objects.get(number=number).state == "REBOOKED"
    newer = Appointment.objects.get(state="BOOKED").number
    sent = {"side": "US", "reason": "停电检修"}
    assert browser.post(reverse("console:appointments-act", args=[newer, "cancel"]), sent).status_code == 302
    assert Appointment.objects.get(number=newer).state == "CANCELLED"


def test_a_run_is_driven_from_its_sheet() -> None:
    run = RouteRun.objects.get(on=TODAY)
    browser = client("CELL_MANAGER")
    act = lambda verb, **sent: browser.post(  # noqa: E731
        reverse("console:appointments-run-act", args=[run.number, verb]), sent
    )
    assert [act("start").status_code, act("arrive", stop="1").status_code] == [302, 302]
    page = browser.get(reverse("console:appointments-run", args=[run.number])).content.decode()
    assert 'name="count-PAYMENT"' in page
    assert act("leave", stop="1", **{"count-PAYMENT": "3", "count-METER": ""}).status_code == 302
    assert act("finish").status_code == 422  # the second stop is still ahead
    assert act("skip", stop="2", reason="").status_code == 422
    assert act("skip", stop="2", reason="道路施工").status_code == 302
    assert act("finish").status_code == 302
    assert RouteRun.objects.get(pk=run.pk).state == "DONE"
    assert list(RunStop.objects.filter(run=run).order_by("place").values_list("state", flat=True)) == [
        "SERVED",
        "SKIPPED",
    ]


def test_a_run_is_handed_to_another_vehicle_from_its_sheet() -> None:
    browser, run = client(), RouteRun.objects.order_by("on")[1]
    page = reverse("console:appointments-run", args=[run.number])
    assert "swap-run" not in browser.get(page).content.decode()  # there is no other vehicle yet
    routes.add_vehicle(
        code="V2", name="二号车", unit_code="c01", keeper="cell_manager", actor=make.actor("COUNTY_MANAGER"),
        at=datetime.now(UTC),
    )  # fmt: skip
    assert 'id="swap-run"' in browser.get(page).content.decode()
    assert 'id="swap-run"' not in client("CELL_MANAGER").get(page).content.decode()
    act = lambda **sent: browser.post(reverse("console:appointments-run-act", args=[run.number, "swap"]), sent)  # noqa: E731
    assert act(vehicle="V2", delay="soon", reason="故障").status_code == 422
    assert act(vehicle="V2", delay="20", reason="").status_code == 422
    assert act(vehicle="V2", delay="20", reason="发动机故障").status_code == 302
    shown = browser.get(page).content.decode()
    assert all(word in shown for word in ("一号车 换为 二号车", "推迟 20 分钟", "发动机故障"))


def test_the_register_is_kept_on_pages() -> None:
    browser = client()
    added = browser.post(
        reverse("console:appointments-place-new"), {"code": "C1", "name": "上门一队", "kind": "CREW", "unit": "c01", "address": "", "crew": ""}
    )  # fmt: skip
    assert added.status_code == 302
    act = lambda verb, **sent: browser.post(reverse("console:appointments-place-act", args=["C1", verb]), sent)  # noqa: E731
    opening = {
        "weekdays": list("1234567"), "hours": "09:00-11:00", "slot_minutes": "60", "capacity": "1", "open_on": "EVERY_DAY",
        "valid_from": TODAY.isoformat(),
    }  # fmt: skip
    assert act("open", **opening).status_code == 302
    assert ServiceSlot.objects.filter(place__code="C1").count() == 28
    assert "已有安排" in act("open", **opening).content.decode()
    assert act("close-day", on=(TODAY + timedelta(days=1)).isoformat(), reason="全员培训").status_code == 302
    route = {
        "code": "R2", "name": "石桥线", "unit": "c01", "vehicle": "V1", "weekdays": ["1"], "every_weeks": "1",
        "open_on": "EVERY_DAY", "valid_from": TODAY.isoformat(), "stops": "石桥村,14:00-15:00,3,112.1,26.5\n东山小区,15:30-17:00,4",
    }  # fmt: skip
    assert browser.post(reverse("console:appointments-route-new"), route).status_code == 302
    assert browser.post(reverse("console:appointments-route-new"), route | {"code": "R3"}).status_code == 422
    changed = {"stops": "石桥村,14:00-15:00,3"}
    assert browser.post(reverse("console:appointments-route-act", args=["R2", "stops"]), changed).status_code == 302
    wrong = browser.post(reverse("console:appointments-route-act", args=["R2", "stops"]), {"stops": "石桥村"})
    assert "停靠点写作" in wrong.content.decode()


def test_a_case_and_the_field_say_what_was_agreed() -> None:
    now = datetime.combine(TODAY, time(0, 1), BILLING_ZONE)
    number = cases.open_fault(Charter.current(), at=now).number
    mine = booked(case=number)
    part = client("CELL_MANAGER").get(reverse("console:appointments-part", args=[number])).content.decode()
    assert mine.number in part
    work.finish(
        number=number, step="DISPATCH", actor=cases.actor("DISPATCHER"), at=now + timedelta(seconds=1), charter=Charter.current(),
        handler="cell_manager",
    )  # fmt: skip
    field = client("CELL_MANAGER").get(reverse("console:cases-field")).content.decode()
    assert f"{mine.slot.starts_at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}" in field


def test_who_only_reads_cannot_book() -> None:
    browser = client("AUDITOR")
    assert browser.get(reverse("console:appointments-day")).status_code == 200
    assert browser.get(reverse("console:appointments-book", args=[later().pk])).status_code == 403
    assert browser.post(reverse("console:appointments-run-act", args=["R1", "start"])).status_code == 403
