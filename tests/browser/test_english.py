"""Every page in English, in a county whose people, places and files have Latin names: what is Chinese is marked so."""

from __future__ import annotations

import pytest

from tests.browser import crawl
from tests.kits import chinese_left
from wandeng.domains.organization.types import Role
from wandeng.flows import late_readings

pytestmark = pytest.mark.timeout(900)
WALKED = ("ADMINISTRATOR", "ACCOUNTANT")
"""Between them they reach every page of the console but the first pages of others."""
IN_BOTH = (late_readings.REASON, late_readings.CURVE_REASON)
"""What the system itself writes into the log as a reason, in both languages at once."""


@pytest.mark.parametrize("role", WALKED)
def test_no_page_in_english_says_anything_in_chinese(latin: str, role: str) -> None:
    pages = [visit for visit in crawl.walk(latin, role, language="en") if visit.kind == "text/html"]
    assert len(pages) > 40
    assert "\n".join(chinese_on(pages)) == ""


def test_no_first_page_in_english_says_anything_in_chinese(latin: str) -> None:
    pages = [next(crawl.walk(latin, role.value, language="en")) for role in Role]
    assert {page.status for page in pages} == {200}
    assert "\n".join(chinese_on(pages)) == ""


def chinese_on(pages: list[crawl.Visit]) -> list[str]:
    """Address and text of what is Chinese and not marked so."""
    shown = [page for page in pages if page.status == 200]
    return [f"{page.role} {page.path}: {one}" for page in shown for one in chinese_left.left(_without_both(page.text))]


def _without_both(text: str) -> str:
    for one in IN_BOTH:
        text = text.replace(one, "")
    return text
