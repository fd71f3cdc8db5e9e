"""The cases of a customer on the customer's own page."""

from __future__ import annotations

import pytest

from wandeng.interfaces.console.cases.tests import desk_world as world
from wandeng.interfaces.doorway import middleware

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "now", lambda: world.NOW)
    world.county()


def part(name: str) -> str:
    answer = world.client("hall").get(f"/console/customers/account/1001/part/{name}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_cases_stand_in_their_part_and_on_the_timeline() -> None:
    assert "没有工单" in part("cases")
    number = world.fault()
    for name in ("cases", "timeline"):
        shown = part(name)
        for told in (number, "故障抢修", "整栋楼没电"):
            assert told in shown, (name, told)


def test_a_confidential_case_does_not_stand_beside_its_account() -> None:
    number = world.opened("call", process="report", account="1001", channel="PHONE_95598", is_confidential="on",
                          **{"answer-MATTER": "有人窃电"})  # fmt: skip
    assert number not in part("cases") + part("timeline")
