"""What is owed for a damaged appliance follows from the claim's form and the rule of the day of the damage."""

from __future__ import annotations

import pytest

from wandeng.domains.cases.actions import intake, work
from wandeng.domains.cases.models import Case, CaseClock
from wandeng.domains.cases.queries import claims
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, Request
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput

SCOPE = Scope("c01/")
START = {
    "SITUATION": "零线断，电视烧坏",
    "DAMAGED_ON": "2026-10-08",
    "NAME": "张三",
    "PHONE": "13812345678",
    "ADDRESS": "城关镇",
}
SEEN = {
    "CAUSE": "NEUTRAL_BROKEN", "APPLIANCE": "ELECTRONIC", "MODEL": "电视", "PRICE": "3000", "BOUGHT_ON": "2022-04-08",
    "REPAIRABLE": "NO",
}  # fmt: skip


def claim(charter: Charter, **start: str) -> str:
    request = Request("damaged_appliance_claim", "HALL", START | start, account_number=make.ACCOUNT)
    return intake.open_case(request=request, actor=make.actor("HALL_CLERK"), at=make.NOW, charter=charter).number


def surveyed(charter: Charter, *, start: dict[str, str] | None = None, **seen: str) -> str:
    number = claim(charter, **(start or {}))
    work.finish(number=number, step="DISPATCH", actor=make.actor("CALL_CLERK"), at=make.after(5), charter=charter)
    work.finish(
        number=number, step="SURVEY", actor=make.actor("CELL_MANAGER"), at=make.after(600), charter=charter,
        answers=SEEN | seen, proofs=(make.HERE, make.PHOTO, make.SIGNATURE),
    )  # fmt: skip
    return number


def worth(charter: Charter, number: str) -> tuple[int, str]:
    found = claims.claim_worth(SCOPE, number, charter=charter)
    return found.amount_fen, found.ground


def test_the_survey_has_a_day_and_says_whose_rule_that_is(charter: Charter) -> None:
    claim(charter)

    row = CaseClock.objects.get()
    assert (row.clock, row.amount, row.measure, row.commitment) == ("SURVEY", 24, "HOUR", "national")
    assert row.due_at == make.after(24 * 60)


def test_what_cannot_be_repaired_is_worth_what_is_left_of_its_life(charter: Charter) -> None:
    # From 2022-04-08 to 2026-10-08: 54 of 120 months; 3000.00 × 66 / 120 = 1650.00.
    assert worth(charter, surveyed(charter)) == (165_000, "residual")


@pytest.mark.parametrize(("seen", "expected"), [
    ({"BOUGHT_ON": "2026-04-08"}, (300_000, "full_price")),
    ({"BOUGHT_ON": "2010-01-01"}, (30_000, "floor")),
    ({"CAUSE": "OTHER"}, (0, "not_liable")),
])  # fmt: skip
def test_new_and_very_old_appliances_and_other_causes(
    charter: Charter, seen: dict[str, str], expected: tuple[int, str]
) -> None:
    assert worth(charter, surveyed(charter, **seen)) == expected


@pytest.mark.parametrize(("day", "expected"), [("2026-10-05", "residual"), ("2026-10-04", "late_claim")])
def test_a_claim_after_seven_days_is_lost(charter: Charter, day: str, expected: str) -> None:
    # Taken in on 12 October: the 5th is seven days before.
    assert worth(charter, surveyed(charter, start={"DAMAGED_ON": day}))[1] == expected


def test_a_repair_is_paid_as_it_costs(charter: Charter) -> None:
    number = surveyed(charter, REPAIRABLE="YES")
    work.fill(number=number, answers={"REPAIR_COST": "260.50"}, actor=make.actor("COUNTY_MANAGER"), at=make.after(610),
              charter=charter)  # fmt: skip

    assert worth(charter, number) == (26_050, "repair")


def test_a_claim_is_agreed_to_paid_for_and_asked_about(charter: Charter) -> None:
    number = surveyed(charter)
    decided = {"AMOUNT": "1650", "REASON": "按折旧"}
    work.hand_in(number=number, proofs=(make.Proof("DOCUMENT", document="INVOICE"),), actor=make.actor("CELL_MANAGER"),
                 at=make.after(605), charter=charter)  # fmt: skip
    work.finish(
        number=number,
        step="ASSESS",
        actor=make.actor("COUNTY_MANAGER"),
        at=make.after(610),
        charter=charter,
        answers=decided,
    )
    work.finish(number=number, step="SETTLE", actor=make.actor("CELL_MANAGER"), at=make.after(620), charter=charter,
                proofs=(make.PAPER, make.SIGNATURE), result="COMPENSATED")  # fmt: skip

    assert Case.objects.get().state == "FINISHED"


def test_before_the_survey_nobody_can_say(charter: Charter) -> None:
    with pytest.raises(InvalidInput, match="APPLIANCE, PRICE, BOUGHT_ON"):
        claims.claim_worth(SCOPE, claim(charter), charter=charter)
    with pytest.raises(Conflict):
        claims.claim_worth(SCOPE, make.open_fault(charter).number, charter=charter)
