"""Who is priced by what: counts by code, an account's terms over time, inside the scope only."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.tariffs import actions, queries
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import FAR_FUTURE

pytestmark = pytest.mark.django_db(transaction=True)

SCOPE, ELSEWHERE = Scope("c01/"), Scope("c02/")
AUG1, SEP1, OCT1 = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


def test_an_account_that_changed_its_price_is_counted_where_it_stands_on_the_day() -> None:
    world.found()
    world.add_account("1", total={SEP1: 0})
    world.add_account("2", total={SEP1: 0})
    actions.change_terms(
        usage_point="P1", from_on=SEP1, library=steps.shop().library, actor=world.MAKER, at=world.NOW,
        reason="改类", price_code=world.COMMERCIAL,
    )  # fmt: skip
    assert queries.points_by_code(SCOPE, AUG1) == {world.RESIDENTIAL: 2}
    assert queries.points_by_code(SCOPE, OCT1) == {world.RESIDENTIAL: 1, world.COMMERCIAL: 1}
    assert queries.points_by_code(ELSEWHERE, OCT1) == {}
    (point,) = queries.account_terms(SCOPE, "1")
    assert [(one.from_on, one.to_on, one.terms.price_code) for one in point.pieces] == [
        (SEP1, FAR_FUTURE, world.COMMERCIAL),
        (world.OPENED, SEP1, world.RESIDENTIAL),
    ]
    held = point.on(AUG1)
    assert held is not None
    assert held.terms.price_code == world.RESIDENTIAL
    assert queries.account_terms(ELSEWHERE, "1") == ()
    rows = queries.terms_rows(SCOPE, price_code=world.COMMERCIAL, on=OCT1)
    assert [(row["account_number"], row["point_code"]) for row in rows] == [("1", "P1")]
