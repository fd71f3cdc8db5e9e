"""Projects: who surveys, by which price, from where; and what the network lacks."""

from __future__ import annotations

from datetime import date

import pytest

from wandeng.domains.cases.queries import one
from wandeng.domains.cases.tests.make import actor, open_fault, person
from wandeng.domains.cases.types import Charter
from wandeng.domains.connections.actions import needs, projects, schemes
from wandeng.domains.connections.models import ConnectionProject, ReinforcementNeed, SchemeCandidate, SupplySource
from wandeng.domains.connections.queries import board
from wandeng.domains.connections.queries import projects as queries
from wandeng.domains.connections.tests import make
from wandeng.domains.connections.types import NoConnection, SchemeMissing, SourceWanted, SupplyTerms
from wandeng.domains.network.models import PowerTransformer
from wandeng.domains.organization.models import Unit
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

EVERYWHERE = Scope.everywhere()
HALL, CELL = "HALL_CLERK", "CELL_MANAGER"


@pytest.fixture
def charter(db: None) -> Charter:
    make.county()
    return Charter.current()


def common(charter: Charter, number: str, role: str = HALL) -> dict[str, object]:
    return {"case_number": number, "actor": actor(role), "at": make.NOW, "charter": charter}


def drafted(charter: Charter, number: str) -> None:
    schemes.draft_scheme(**common(charter, number))  # type: ignore[arg-type]


def test_the_customer_chooses_among_those_who_hold_the_role_there(charter: Charter) -> None:
    number = make.opened(charter, make.HOME)
    shown = one.case(EVERYWHERE, number, charter=charter, now=make.NOW)
    assert queries.surveyors(shown, make.NOW.date()) == (("cell_manager", "cell_manager"),)
    with pytest.raises(InvalidInput, match="does not survey"):
        projects.appoint(**common(charter, number), surveyor="hall_clerk")  # type: ignore[arg-type]
    projects.appoint(**common(charter, number), surveyor="cell_manager", manager="county_manager")  # type: ignore[arg-type]
    row = ConnectionProject.objects.get()
    assert (row.surveyor, row.manager, row.capacity_ckva, row.connection_class) == (
        "cell_manager", "county_manager", 8_00, "RESIDENTIAL",
    )  # fmt: skip


def test_a_case_of_another_kind_has_no_project(charter: Charter) -> None:
    number = open_fault(charter).number
    with pytest.raises(NoConnection):
        drafted(charter, number)
    with pytest.raises(NoConnection):
        queries.project(one.case(EVERYWHERE, number, charter=charter, now=make.NOW))


def test_who_does_not_work_on_connections_decides_nothing(charter: Charter) -> None:
    number = make.opened(charter, make.HOME)
    with pytest.raises(NotAllowed):
        schemes.draft_scheme(**common(charter, number, "METER_READER"))  # type: ignore[arg-type]
    assert not ConnectionProject.objects.exists()


def test_what_lies_elsewhere_is_not_found(charter: Charter) -> None:
    number = make.opened(charter, make.HOME)
    other = Unit.objects.create(id=99, code="c99", name="他县", kind="COUNTY", path="c99/", territory="demo")
    stranger = person("stranger", HALL, other)
    with pytest.raises(NotFound):
        schemes.draft_scheme(case_number=number, actor=stranger, at=make.NOW, charter=charter)


def test_another_connection_under_way_holds_its_share(charter: Charter) -> None:
    first, second = make.opened(charter, make.SHOP), make.opened(charter, make.HOME)
    drafted(charter, first)
    schemes.choose(**common(charter, first), place=1)  # type: ignore[arg-type]
    chosen = SupplySource.objects.get().transformer
    drafted(charter, second)
    of = SchemeCandidate.objects.filter(project__case__number=second)
    # 60 kVA × 40 %
    assert {one.transformer.code: one.reserved_ckva for one in of} == {
        code: 24_00 if code == chosen.code else 0 for code in ("T-c01", "T-near", "T-far")
    }  # fmt: skip


def test_choosing_another_candidate_takes_the_first_and_its_need_back(charter: Charter) -> None:
    PowerTransformer.objects.exclude(code="T-far").update(capacity_ckva=5_00)
    number = make.opened(charter, make.HOME)
    drafted(charter, number)
    places = {one.transformer.code: one.place for one in SchemeCandidate.objects.all()}
    schemes.choose(**common(charter, number), place=places["T-near"])  # type: ignore[arg-type]
    # 5 × 80 % − 8 = −4
    assert ReinforcementNeed.objects.get().lacking_ckva == 4_00
    schemes.choose(**common(charter, number), place=places["T-far"], boundary="表后第一断路器")  # type: ignore[arg-type]
    assert not ReinforcementNeed.objects.exists()
    assert [row.transformer.code for row in SchemeCandidate.objects.filter(is_chosen=True)] == ["T-far"]
    fields = {one.code: one.value for one in one.case(EVERYWHERE, number, charter=charter, now=make.NOW).fields}
    assert (fields["SUPPLY_POINT"], fields["BOUNDARY"]) == ("河西台区（T-far）", "表后第一断路器")
    with pytest.raises(InvalidInput, match="no candidate 9"):
        schemes.choose(**common(charter, number), place=9)  # type: ignore[arg-type]


@pytest.mark.parametrize(("terms", "said"), [
    (SupplyTerms("demo.commercial.lv"), "not for connections of the class RESIDENTIAL"),
    (SupplyTerms("shandong.residential"), "not offered in demo"),
    (SupplyTerms("demo.residential", basic_method=1), "two-part"),
    (SupplyTerms("demo.residential", pf_standard=90), "power factor"),
])  # fmt: skip
def test_a_price_must_be_one_of_the_place_and_the_class(charter: Charter, terms: SupplyTerms, said: str) -> None:
    number = make.opened(charter, make.HOME)
    with pytest.raises(InvalidInput, match=said):
        projects.set_terms(**common(charter, number), terms=terms)  # type: ignore[arg-type]


def test_two_sources_lie_on_two_feeders_and_the_main_one_runs_by_itself(charter: Charter) -> None:
    number = make.opened(charter, make.FACTORY, process="high_voltage_connection")
    main, other = SourceWanted("F-c01", 1000_00, "杆"), SourceWanted("F-2", 500_00, "杆")
    for wrong in ([main], [main, main], [SourceWanted("F-c01", 1000_00, "杆", is_interlocked=True), other],
                  [main, SourceWanted("F-2", 500_00, " ")], [SourceWanted("F-c01", 400_00, "杆"), other]):  # fmt: skip
        with pytest.raises(InvalidInput):
            schemes.set_sources(**common(charter, number, "ACCOUNT_MANAGER"), sources=wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="source by source"):
        schemes.draft_scheme(**common(charter, number, "ACCOUNT_MANAGER"))  # type: ignore[arg-type]
    assert not SupplySource.objects.exists()


def test_a_plan_needs_its_sources_and_its_price(charter: Charter) -> None:
    number = make.opened(charter, make.HOME)
    case = one.case(EVERYWHERE, number, charter=charter, now=make.NOW).id
    with pytest.raises(SchemeMissing, match="no scheme"):
        projects.plan(case)
    drafted(charter, number)
    with pytest.raises(SchemeMissing, match="0 of 1 sources"):
        projects.plan(case)
    schemes.choose(**common(charter, number), place=1)  # type: ignore[arg-type]
    with pytest.raises(SchemeMissing, match="price"):
        projects.plan(case)


def test_a_need_is_planned_then_done_and_then_stands(charter: Charter) -> None:
    PowerTransformer.objects.update(capacity_ckva=5_00)
    number = make.opened(charter, make.HOME)
    drafted(charter, number)
    schemes.choose(**common(charter, number), place=1)  # type: ignore[arg-type]
    need = ReinforcementNeed.objects.get()
    told = {"need_id": need.pk, "actor": actor(CELL), "at": make.NOW, "note": "增容至200kVA"}
    with pytest.raises(InvalidInput):
        needs.follow_need(**told)  # type: ignore[arg-type]
    needs.follow_need(**told, planned_on=date(2026, 11, 1))  # type: ignore[arg-type]
    needs.follow_need(**told, done_on=date(2026, 10, 20))  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="was done"):
        needs.follow_need(**told, planned_on=date(2026, 12, 1))  # type: ignore[arg-type]
    assert board.board_counts(EVERYWHERE, now=make.NOW).needs == 0


def test_the_board_names_who_answers_and_who_is_late(charter: Charter) -> None:
    number = make.opened(charter, make.HOME)
    rows = board.board_rows(EVERYWHERE, now=make.NOW)
    assert [(row["number"], row["named_owner"], row["is_late"], row["connection_class"]) for row in rows] == [
        (number, "hall_clerk", False, ""),
    ]  # fmt: skip
    projects.appoint(**common(charter, number), manager="county_manager")  # type: ignore[arg-type]
    (row,) = board.board_rows(EVERYWHERE, now=make.later(30))
    assert (row["named_owner"], row["is_late"], row["connection_class"]) == ("county_manager", True, "RESIDENTIAL")
