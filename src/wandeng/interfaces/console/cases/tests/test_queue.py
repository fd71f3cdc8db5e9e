"""The work queue: what it shows to whom, in which order; what is done to many; the lists beside it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from django.test import Client
from tests.kits import bill_world as world

from wandeng.domains.cases.actions import intake, steering, work
from wandeng.domains.cases.models import Case, CaseEntry
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, Request
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries as organization_queries
from wandeng.domains.organization.models import Unit
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db
QUEUE = "/console/cases/queue/"
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _county(settings: object) -> None:
    """An office below the unit of the kit, with a cell manager of its own."""
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.county()
    organization.create_unit(
        code="c01-e", name="东供电所", kind="OFFICE", parent_code=world.UNIT, actor=SYSTEM, at=world.NOW
    )
    make.person("cell-e", "CELL_MANAGER", Unit.objects.get(code="c01-e"))


def now() -> datetime:
    return datetime.now(UTC)


def opened(minutes_ago: int = 0, **also: object) -> str:
    """A fault, told so many minutes ago; a household in a town: somebody must be there within 45 minutes."""
    at = now() - timedelta(minutes=minutes_ago)
    asked = {"account_number": make.ACCOUNT, **also}
    request = Request("fault_repair", "PHONE_95598", make.FAULT, **asked)  # type: ignore[arg-type]
    return intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=at, charter=Charter.current()).number


def client(code: str) -> Client:
    found = Client()
    found.force_login(organization_queries.login_user(code))
    return found


def page(code: str, address: str = QUEUE) -> str:
    answer = client(code).get(address)
    assert answer.status_code == 200, answer.content.decode()[-800:]
    return answer.content.decode()


def table(code: str, address: str) -> str:
    """The rows of a list, drawn; nothing where there is none."""
    _head, _mark, rest = page(code, address).partition("<tbody")
    return rest.split("</tbody>")[0]


def numbers(code: str, query: str = "") -> list[str]:
    """The numbers of the rows, from above."""
    return [part.split("/")[0] for part in table(code, f"{QUEUE}?{query}").split('href="/console/cases/case/')[1:]]


def test_what_burns_stands_above_and_what_is_paused_comes_last() -> None:
    later, sooner, paused = opened(1), opened(200), opened(5)
    Case.objects.filter(number=paused).update(is_paused=True, due_at=None)
    assert numbers("dispatcher") == [sooner, later, paused]
    text = page("dispatcher")
    assert "超时" in text
    assert "暂停计时" in text
    assert numbers("dispatcher", "sort=-due_at") == [later, sooner, paused]


def test_tabs_part_the_queue_and_say_how_much_each_holds() -> None:
    late, fresh = opened(200), opened(1)
    work.assign(number=fresh, handler="dispatcher", actor=make.actor("DISPATCHER"), at=now(), charter=Charter.current())
    assert numbers("dispatcher", "tab=mine") == [fresh]
    assert numbers("dispatcher", "tab=late") == [late]
    assert numbers("dispatcher", "tab=unassigned") == [late]
    assert numbers("dispatcher", "tab=paused") == []
    # Dispatching is no work of a cell manager: the own part of the queue is empty, the whole one is not.
    assert numbers("cell_manager") == []
    assert numbers("cell_manager", "tab=all") == [late, fresh]
    # A manager has no step of her own here and begins with everything.
    assert numbers("county_manager") == [late, fresh]
    head = page("dispatcher").split('id="queue-head"')[1].split("</nav>")[0]
    counts = [part.rpartition(">")[2] for part in head.split("</span></a>")[:-1]]
    # mine, my role (the one in hand and the open one), all, late, soon, paused, in nobody's hands, asked of me first, waiting
    assert [int(one) for one in counts[:4]] == [1, 2, 2, 1]
    assert [int(one) for one in counts[5:]] == [0, 1, 0, 0]


def test_what_is_late_is_named_for_the_sound_only_to_those_whose_work_it_is() -> None:
    late = opened(200)
    assert f'data-burning="{late}:late"' in page("dispatcher")
    assert 'data-burning=""' in page("cell_manager")


def test_filters_narrow_the_queue() -> None:
    urgent, old = opened(1, urgency="URGENT"), opened(60 * 50)
    today = now().astimezone(BILLING_ZONE).date()
    assert numbers("dispatcher", "urgency=URGENT") == [urgent]
    assert numbers("dispatcher", f"since={today - timedelta(days=1)}") == [urgent]
    assert numbers("dispatcher", f"until={today - timedelta(days=1)}") == [old]
    assert numbers("dispatcher", "process=fault_repair&at_step=fault_repair/DISPATCH&channel=PHONE_95598") == [
        old,
        urgent,
    ]
    assert numbers("dispatcher", "process=complaint") == []
    assert numbers("dispatcher", f"number={urgent}&account={make.ACCOUNT}") == [urgent]
    steering.supervise(
        number=old, reason="客户再次来电", actor=make.actor("COUNTY_MANAGER"), at=now(), charter=Charter.current()
    )
    assert numbers("dispatcher", "supervised=yes") == [old]
    assert ">督办</span>" in page("dispatcher", f"{QUEUE}?supervised=yes")


def test_another_office_sees_nothing_of_it() -> None:
    there = opened(1)
    assert numbers("dispatcher", "tab=all") == [there]
    assert numbers("cell-e", "tab=all") == []
    assert there not in page("cell-e", "/console/cases/all/")
    assert "故障抢修" not in table("cell-e", "/console/cases/clocks/")
    answer = client("cell-e").post(QUEUE, {"bulk": "take", "keys": [Case.objects.get(number=there).pk]})
    assert answer.status_code == 422
    assert Case.objects.get().handler == ""


def test_chosen_cases_are_taken_and_given() -> None:
    first, second = opened(2), opened(1)
    keys = list(Case.objects.values_list("pk", flat=True))
    answer = client("dispatcher").post(f"{QUEUE}?tab=all", {"bulk": "take", "keys": keys}, follow=True)
    assert "接单：已处理 2 条" in answer.content.decode()
    assert set(Case.objects.values_list("handler", flat=True)) == {"dispatcher"}
    client("dispatcher").post(f"{QUEUE}?tab=all", {"bulk": "assign", "choice": "cell_manager", "keys": keys[:1]})
    assert {case.number: case.handler for case in Case.objects.all()} == {first: "cell_manager", second: "dispatcher"}
    refused = client("dispatcher").post(f"{QUEUE}?tab=all", {"bulk": "assign", "choice": "nobody", "keys": keys})
    assert refused.status_code == 422


def test_what_is_refused_of_many_is_told_and_does_not_hold_up_the_others() -> None:
    """A cell manager may take what is a cell manager's step, not what is to be dispatched."""
    mine, others = opened(3), opened(2)
    make_at = now()
    work.finish(number=mine, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make_at, charter=Charter.current())
    keys = list(Case.objects.values_list("pk", flat=True))
    answer = client("cell_manager").post(f"{QUEUE}?tab=all", {"bulk": "take", "keys": keys}, follow=True)
    text = answer.content.decode()
    assert "接单：已处理 1 条" in text
    assert f"{others} · " in text
    assert {case.number: case.handler for case in Case.objects.all()} == {mine: "cell_manager", others: ""}


def test_supervision_asks_why_and_is_noted_once_a_case() -> None:
    opened(2)
    keys = list(Case.objects.values_list("pk", flat=True))
    who = client("county_manager")
    assert who.post(QUEUE, {"bulk": "supervise", "keys": keys}).status_code == 422
    assert who.post(QUEUE, {"bulk": "supervise", "keys": keys, "reason": "限时办结"}).status_code == 302
    assert CaseEntry.objects.filter(kind="SUPERVISED", note="限时办结").count() == 1


@pytest.mark.parametrize(
    ("code", "expected"),
    [("call_clerk", 200), ("hall_clerk", 200), ("cell_manager", 200), ("auditor", 200), ("county_manager", 200)],
)
def test_every_role_with_cases_opens_its_queue(code: str, expected: int) -> None:
    opened(1)
    for address in (QUEUE, "/console/cases/all/", "/console/cases/clocks/", "/console/cases/clocks/runs/"):
        assert client(code).get(address).status_code == expected


def test_who_has_no_cases_is_not_let_in() -> None:
    unit = Unit.objects.get(code=world.UNIT)
    make.person("money", "ACCOUNTANT", unit)
    assert client("money").get(QUEUE).status_code == 403
    assert client("hall_clerk").get("/console/cases/field/").status_code == 403
    assert client("cell_manager").get("/console/cases/call-backs/").status_code == 403


@pytest.mark.parametrize(
    "address", [QUEUE, "/console/cases/all/", "/console/cases/clocks/", "/console/cases/clocks/runs/"]
)
def test_no_page_asks_the_database_too_often(address: str, django_assert_max_num_queries: object) -> None:
    for minutes in range(12):
        opened(minutes)
    asked = client("dispatcher")
    with django_assert_max_num_queries(MOST_QUERIES):  # type: ignore[operator]
        assert asked.get(address).status_code == 200


def test_the_queue_goes_out_as_a_workbook() -> None:
    number = opened(1)
    answer = client("dispatcher").get(f"{QUEUE}?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert [cell.value for cell in sheet[2]][:3] == [number, "故障抢修", "派单"]


def test_promises_are_counted_kept_and_broken_by_kind_and_unit() -> None:
    """One fault dispatched and accepted in time, one that nobody looked at for 200 minutes."""
    kept, _broken = opened(0), opened(200)
    work.finish(number=kept, step="DISPATCH", actor=make.actor("DISPATCHER"), at=now(), charter=Charter.current())
    drawn = table("county_manager", "/console/cases/clocks/")
    cells = [part.split("</td>")[0].rpartition(">")[2] for part in drawn.split("<td ")[1:]]
    # Kept: dispatching of the first. Broken: dispatching and arrival of the second. Running: accepting and arrival of the first.
    # 1 of 3 decided ones was kept.
    assert cells[0] == "故障抢修"
    assert cells[2:6] == ["1", "2", "2", "33.33 %"]
    out = client("county_manager").get("/console/cases/clocks/?format=csv")
    written = b"".join(out.streaming_content).decode()  # type: ignore[attr-defined]
    assert written.splitlines()[1].startswith("故障抢修,")
    assert ",1,2,2,0.3333" in written
    runs = table("county_manager", "/console/cases/clocks/runs/?standing=LATE")
    assert runs.count("已超时</span>") == 2


def test_all_cases_shows_those_that_ended() -> None:
    number = opened(1)
    steering.withdraw(number=number, reason="来电恢复", actor=make.actor("CALL_CLERK"), at=now(),
                      charter=Charter.current())  # fmt: skip
    assert numbers("dispatcher", "tab=all") == []
    assert number in page("dispatcher", "/console/cases/all/?state=WITHDRAWN")
    # A case whose steps are all done stands at none, and none is made up from its kind.
    Case.objects.filter(number=number).update(step="")
    assert "fault_repair/" not in table("dispatcher", "/console/cases/all/?state=WITHDRAWN")
    assert number not in table("dispatcher", "/console/cases/all/?state=OPEN")


def test_people_who_can_be_given_a_case_hold_a_role_with_steps() -> None:
    choices = page("dispatcher").split('id="wd-bulk-assign"')[1].split("</select>")[0]
    assert 'value="cell_manager"' in choices
    assert 'value="county_manager"' not in choices
    assert 'value="cell-e"' in choices
