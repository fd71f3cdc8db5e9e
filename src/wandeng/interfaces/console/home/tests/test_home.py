"""The first page of every role, and the figures of managers, on a county with two months of bills."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.billing import queries as billing
from wandeng.domains.billing.queries import by_unit, lists
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.organization import actions
from wandeng.domains.organization.models import AnnouncementRead, Person, Unit
from wandeng.domains.organization.types import Role
from wandeng.flows import collected, indicators
from wandeng.infra import audit
from wandeng.infra.scope import Scope
from wandeng.interfaces.console.home import figures, views
from wandeng.interfaces.doorway.asking import asking_for
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
MOST_QUERIES = 15
FRAGMENTS = {
    "agreements": {Role.CALL_CLERK, Role.HALL_CLERK, Role.ACCOUNT_MANAGER},
    "routes": {Role.CELL_MANAGER},
    "collected": {Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER},
    "money": {Role.ACCOUNTANT},
    "together": {Role.AUDITOR, Role.AUDIT_ADMINISTRATOR},
    "movers": {Role.BILLING_CLERK, Role.BILLING_REVIEWER, Role.AUDITOR},
}


@pytest.fixture(autouse=True)
def _county(settings: object, tmp_path: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    cache.clear()
    world.found()
    for role in Role:
        code = f"p-{role.lower()}"
        actions.add_person(code=code, name=code, unit_code=world.UNIT, actor=SYSTEM, at=world.NOW)
        actions.appoint(
            person_code=code, unit_code=world.UNIT, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=world.NOW
        )


def bills() -> None:
    """Three homes: 100 and 150 kWh; 100 and 0 kWh (held: zero after use); 100 and 900 kWh (held: a jump of nine)."""
    for number, september in (("0001", 150), ("0002", 0), ("0003", 900)):
        start = 1_000
        total = {
            date(2026, 8, 1): start,
            date(2026, 9, 1): start + 100,
            date(2026, 10, 1): start + 100 + september,
        }
        world.add_account(number, total=total)
    for month in (AUGUST, SEPTEMBER):
        steps.bill_month(month)


def client(role: Role) -> Client:
    known = Client()
    known.force_login(Person.objects.get(code=f"p-{role.lower()}"))
    return known


def asked_for(who: Client, address: str) -> str:
    """A page or a fragment, answered well and with few queries."""
    with CaptureQueriesContext(connection) as asked:
        answer = who.get(address)
    assert answer.status_code == 200, address
    assert len(asked) <= MOST_QUERIES, (address, "\n".join(one["sql"][:160] for one in asked.captured_queries))
    return answer.content.decode()


@pytest.mark.parametrize("with_bills", [False, True], ids=["empty", "billed"])
def test_every_role_has_a_first_page_that_leads_only_where_it_may_go(with_bills: bool) -> None:
    if with_bills:
        bills()
    for role in Role:
        who = client(role)
        who.get(reverse("console:search"))  # a session notes once a minute that it is in use: not the page's query
        main = asked_for(who, reverse("console:home")).split('id="main"')[1].split("</main>")[0]
        later = re.findall(r'hx-get="([^"]+)" hx-trigger="load"', main)
        assert len(later) == sum(role in roles for roles in FRAGMENTS.values()), (role, later)
        main += "".join(asked_for(who, address) for address in later)
        assert "None" not in main, role
        if not with_bills:
            continue
        for address in set(re.findall(r'href="(/console/[^"#]+)"', main)):
            shown = who.get(address.replace("&amp;", "&"))
            assert shown.status_code == 200, (role, address, shown.status_code)


def test_what_follows_the_page_answers_only_the_roles_that_have_it() -> None:
    for name, roles in FRAGMENTS.items():
        for role in set(Role) - {Role.ADMINISTRATOR}:
            answer = client(role).get(reverse(f"console:home-{name}"))
            assert answer.status_code == (200 if role in roles else 403), (name, role)


def test_every_role_has_its_home() -> None:
    assert set(views.HOMES) == set(Role)


def test_figures_of_a_month_are_those_of_its_posted_bills() -> None:
    bills()
    scope = Scope(f"{world.UNIT}/")
    # August: three homes at 100 kWh. September: 150 kWh; the other two are held.
    (august,) = by_unit.billed(scope, AUGUST)
    assert (august.bills, august.energy_ckwh, august.zero) == (3, 30_000, 0)
    (september,) = by_unit.billed(scope, SEPTEMBER)
    assert (september.bills, september.energy_ckwh) == (1, 15_000)
    (parked,) = by_unit.exceptions(scope, SEPTEMBER)
    assert (parked.parked, parked.accepted) == (2, 0)
    shown = indicators.board(scope, SEPTEMBER, on=date(2026, 10, 2))
    assert (shown.whole.now["energy"], shown.whole.before["energy"]) == (15_000, 30_000)
    # Fen by 0.01 kWh is yuan by kWh; four decimals.
    assert shown.whole.now["price"] == round(september.amount_fen * 10_000 / 15_000)
    assert shown.whole.now["zero_share"] == 0
    assert by_unit.billed(Scope("elsewhere/"), AUGUST) == ()


def test_an_office_looks_at_the_month_that_its_county_billed_and_at_its_own_bills() -> None:
    bills()
    for code in ("o1", "o2"):
        actions.create_unit(code=code, name=code, kind="OFFICE", parent_code=world.UNIT, actor=SYSTEM, at=world.NOW)
    CustomerAccount.objects.filter(account_number="0002").update(unit=Unit.objects.get(code="o1"))
    county, office, other = (Scope(f"{world.UNIT}/{below}") for below in ("", "o1/", "o2/"))
    assert {billing.last_month_billed(one) for one in (county, office, other, Scope.everywhere())} == {SEPTEMBER}
    assert billing.last_month_billed(Scope("elsewhere/o1/")) is None
    assert {row["account_number"] for row in lists.bill_rows(office)} == {"0002"}
    assert list(lists.bill_rows(other)) == []
    units = [Unit.objects.get(code=code).pk for code in ("o1", "o2")]
    assert {row["account_number"] for row in lists.in_units(lists.bill_rows(county), units)} == {"0002"}
    assert {row["account_number"] for row in lists.bill_rows(county)} == {"0001", "0002", "0003"}


def test_a_correction_moves_the_figures_of_its_month() -> None:
    bills()
    scope = Scope(f"{world.UNIT}/")
    before = by_unit.billed(scope, AUGUST)[0]
    installation = MeterInstallation.objects.get(usage_point__account__account_number="0001")
    world.correct_reading(installation.pk, date(2026, 9, 1), 1_080)
    corrected = steps.rebill("0001", AUGUST)
    assert by_unit.billed(scope, AUGUST)[0] == before
    steps.finish(corrected.run)
    # 1,080 instead of 1,100 on 1 September: 20 kWh less in August.
    assert by_unit.billed(scope, AUGUST)[0].energy_ckwh == before.energy_ckwh - 2_000
    made = by_unit.corrections_by_person(scope, AUGUST)
    assert [(one.person_code, one.corrections) for one in made] == [(world.MAKER.code, 1)]


def row(code: str, now: int | None, before: int | None = None) -> indicators.Row:
    return indicators.Row(code, code, f"{code}/", False, {"zero_share": now, "bills": now}, {"zero_share": before})


def test_units_are_ranked_the_better_way_round_and_the_worse_ones_must_explain() -> None:
    share = indicators.indicator("zero_share")
    shown = indicators.Board(
        SEPTEMBER, row("all", 400, 400), (row("a", 300, 300), row("b", 600, 590), row("c", 390, 300), row("d", None))
    )
    assert [one.unit_code for one in indicators.ranked(shown, share)] == ["a", "c", "b", "d"]
    # b: 6 % is more than 1.25 × 4 %; c: 3.9 % is more than 1.25 × 3 % a month before; a is neither.
    assert indicators.to_explain(shown, share) == {"b", "c"}
    assert indicators.to_explain(shown, indicators.indicator("amount")) == frozenset()
    assert [one.unit_code for one in indicators.ranked(shown, indicators.indicator("bills"))] == ["b", "c", "a", "d"]


def test_the_board_opens_the_list_behind_each_number_and_a_unit_below() -> None:
    bills()
    unit = Unit.objects.get(code=world.UNIT)
    actions.create_unit(code="o1", name="一所", kind="OFFICE", parent_code=unit.code, actor=SYSTEM, at=world.NOW)
    who = client(Role.COUNTY_MANAGER)
    page = who.get(reverse("console:home-indicators"), {"month": "2026-09"}).content.decode()
    assert f"{reverse('console:bills-list')}?month=2026-09&amp;unit=c01" in page
    assert who.get(reverse("console:home-indicators"), {"unit": "o1"}).status_code == 200
    assert who.get(reverse("console:home-indicators"), {"unit": "nowhere"}).status_code == 404
    assert who.get(reverse("console:home-indicators"), {"month": "2026-13"}).status_code == 422
    assert who.get(reverse("console:home-indicators"), {"by": "luck"}).status_code == 404
    for one in indicators.INDICATORS:
        text = who.get(reverse("console:home-indicator", args=[one.code])).content.decode()
        assert one.formula_zh in text
    assert client(Role.CALL_CLERK).get(reverse("console:home-indicators")).status_code == 403


def test_a_drawn_board_goes_with_its_board_with_the_roles_and_with_the_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    energy = {"value": 12_300}

    def counted(*_scope: object, **_on: object) -> indicators.Board:
        now = {one.code: energy["value"] for one in indicators.INDICATORS}
        rows = [indicators.Row(code, code, f"{code}/", False, now, {}) for code in ("all", "a")]
        return indicators.Board(SEPTEMBER, rows[0], (rows[1],))

    def drawn(role: Role) -> str:
        return figures.drawn(asking_for(f"p-{role.lower()}", now=world.NOW), SEPTEMBER, 5)

    monkeypatch.setattr(indicators, "board", counted)
    first = drawn(Role.COUNTY_MANAGER)
    linked = reverse("console:bills-list")
    assert "123" in first
    assert linked in first
    energy["value"] = 45_600
    assert drawn(Role.COUNTY_MANAGER) == first
    # Whoever may not open bills is given no link to them, though the same board was drawn for somebody who may.
    others = [role for role in Role if not asking_for(f"p-{role.lower()}", now=world.NOW).may("console:bills-list")]
    assert others
    assert all(linked not in drawn(role) for role in others)
    with override("en"):
        assert drawn(Role.COUNTY_MANAGER) != first
    assert drawn(Role.COUNTY_MANAGER) == first
    cache.delete(f"board:{world.UNIT}/:{SEPTEMBER}:{asking_for('p-auditor', now=world.NOW).today}")
    assert "456" in drawn(Role.COUNTY_MANAGER)


def test_the_report_is_a_page_and_a_workbook_with_numbers() -> None:
    bills()
    who = client(Role.PROVINCIAL_MANAGER)
    assert "营销月报" in who.get(reverse("console:home-report")).content.decode()
    answer = who.get(reverse("console:home-report"), {"format": "xlsx", "month": "2026-08"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    heads = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, heads.index("售电量 2026-08") + 1).value == 300
    assert sheet.cell(2, 1).value == "c01县公司"


def test_a_notice_is_read_once_and_the_auditor_counts_who_looked_at_numbers() -> None:
    made = actions.draft_announcement(
        title="演练", body="周五。", unit_code=world.UNIT, visible_from=date(2020, 1, 1), visible_to=date(2099, 1, 1),
        actor=SYSTEM, at=world.NOW,
    )  # fmt: skip
    actions.publish_announcement(announcement_id=made, actor=SYSTEM, at=world.NOW)
    who = client(Role.AUDITOR)
    assert "知道了" in who.get(reverse("console:home")).content.decode()
    who.post(reverse("console:home-read", args=[made]))
    assert AnnouncementRead.objects.count() == 1
    audit.record(
        actor=world.MAKER, action="contact.reveal", subject=("customers.Contact", "1"), facts={}, at=timezone.now()
    )
    page = who.get(reverse("console:home")).content.decode()
    assert "知道了" not in page.split("</main>")[0].split("演练")[1][:400]
    assert reverse("console:administration-reveals") + "?actor=clerk" in page


def test_who_holds_two_roles_chooses_between_their_first_pages() -> None:
    actions.appoint(
        person_code="p-hall_clerk", unit_code=world.UNIT, role=Role.DISPATCHER, from_on=date(2026, 1, 1), actor=SYSTEM,
        at=world.NOW,
    )  # fmt: skip
    who = client(Role.HALL_CLERK)
    assert "抢修调度员</h1>" in who.get(reverse("console:home")).content.decode().replace("\n", "")
    assert "营业厅营业员</h1>" in who.get(reverse("console:home"), {"role": "HALL_CLERK"}).content.decode()


def test_a_phone_shows_the_units_that_have_most_to_explain() -> None:
    rows = [{"code": f"u{n}", "is_whole": False, "explains": ["a"] * (n == 7)} for n in range(9)]
    part = figures.worst_first({"rows": [*rows, {"code": "all", "is_whole": True, "explains": []}]}, 2)
    assert (part["units"], sorted(part["rest"])) == (9, ["u1", "u2", "u3", "u4", "u5", "u6", "u8"])


def test_the_auditor_sees_which_two_made_and_checked_most() -> None:
    bills()
    asked_for(client(Role.AUDITOR), reverse("console:home-together"))
    # A run of August and one of September, made and approved by the same two people.
    pairs = by_unit.approvals_by_pair(Scope(f"{world.UNIT}/"), timezone.now() - timedelta(days=36_500))
    (((maker, checker), runs),) = pairs.items()
    assert (maker != checker, runs) == (True, 2)


def test_managers_see_what_is_collected_by_unit() -> None:
    bills()
    scope = Scope(f"{world.UNIT}/")
    billed = sum(one.amount_fen for one in by_unit.billed(scope, SEPTEMBER))
    found = collected.collection(scope, SEPTEMBER)
    assert (found.whole.billed_fen, found.whole.open_fen, found.whole.share_e4) == (billed, billed, 0)
    assert "0.00 %" in asked_for(client(Role.COUNTY_MANAGER), reverse("console:home-collected"))
