"""Every page in English, in a county whose people, places and files have Latin names: what is Chinese is marked so."""

from __future__ import annotations

import pytest

from tests.browser import crawl
from tests.kits import chinese_left
from wandeng.flows import late_readings

pytestmark = pytest.mark.timeout(900)
ROLES = ("ADMINISTRATOR", "BILLING_REVIEWER", "ACCOUNTANT", "HALL_CLERK", "CELL_MANAGER", "AUDITOR", "COUNTY_MANAGER")
"""Between them they reach every page of the console."""
IN_BOTH = (late_readings.REASON, late_readings.CURVE_REASON)
"""What the system itself writes into the log as a reason, in both languages at once."""


@pytest.mark.parametrize("role", ROLES)
def test_no_page_in_english_says_anything_in_chinese(latin: str, role: str) -> None:
    pages = [visit for visit in crawl.walk(latin, role, language="en") if visit.kind == "text/html"]
    assert len(pages) > 40
    told = [
        f"{visit.path}: {one}"
        for visit in pages
        if visit.status == 200
        for one in chinese_left.left(_without_both(visit.text))
    ]
    assert "\n".join(told) == ""


def _without_both(text: str) -> str:
    for one in IN_BOTH:
        text = text.replace(one, "")
    return text
