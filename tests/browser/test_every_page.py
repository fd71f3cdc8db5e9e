"""What holds of every page of the product, for every role: it is reached by a link, it answers, it shows no personal
data, it is accessible in both themes, it fits a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import crawl
from tests.browser.conftest import WHOLE, look_at
from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway import policy

PHONE = re.compile(r"(?<![\w.])1[3-9]\d{9}(?!\w)")
ID_NUMBER = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")
SAMPLES = ("/console/imports/kinds/",)
"""Pages that show invented numbers: what a cell of a file may look like."""
NEED_SOMETHING = {
    "console:administration-job": "a job that waits or failed",
    "console:appointments-part": "a part of the page of a case",
    "console:bills-preview": "a preview that was asked for",
    "console:bills-run-progress": "a run that is being worked on",
    "console:cases-callback": "a customer who is called at this hour",
    "console:cases-field-case": "a case in the hands of somebody in the field",
    "console:cases-paper": "a case with a file",
    "console:conversation": "a customer who wrote or called",
    "console:customers-agreement-draft": "an account without an agreement",
    "console:customers-agreement-end": "an agreement that runs",
    "console:customers-agreement-renew": "an agreement that runs out",
    "console:customers-agreement-sign": "an agreement in draft",
    "console:disconnection-order": "an order to cut",
    "console:disconnection-paper": "an order to cut",
    "console:disconnection-return": "supply that was ordered back",
    "console:disconnection-return-paper": "supply that was ordered back",
    "console:disconnection-task": "an order that was sent",
    "console:dunning-protection": "a protected customer",
    "console:hall-ticket": "somebody who took a number",
    "console:imports-batch-progress": "a retry that is being worked on",
    "console:imports-upload": "an uploaded file",
    "console:imports-upload-findings": "an uploaded file",
    "console:imports-upload-progress": "an uploaded file",
    "console:integrations-change": "a registered address",
    "console:integrations-delivery": "a registered address",
    "console:integrations-detail": "a registered address",
    "console:ivr-sound": "recorded prompts",
    "console:knowledge-changes": "an article with two versions",
    "console:notices-preference": "the part of an account's page with its messages",
    "console:notices-letters-file": "a batch of letters",
    "console:payments-account-plan": "a customer who owes",
    "console:outages-change": "an outage plan",
    "console:outages-differences": "an outage plan",
    "console:outages-geojson": "an outage plan",
    "console:losses-settle": "a theft that was confirmed on site",
    "console:outages-month-new": "a month without a plan",
    "console:outages-month-progress": "a search that is under way",
    "console:outages-plan": "an outage plan",
    "console:storm-generator-list": "a generator on record",
    "console:storm-resupply": "a probable device",
    "console:outages-notices": "a published outage plan",
    "console:outages-letters": "a published outage plan with somebody whom nobody reached",
    "console:switching-sheet": "a switching sheet",
    "console:switching-rewrite": "a switching sheet",
    "console:outages-run": "a published outage plan",
    "console:rationing-order": "a rationing order",
    "console:rationing-change": "a rationing order",
    "console:rationing-run": "a published rationing order",
    "console:rationing-notices": "a published rationing order",
    "console:rationing-saved": "a rationing order that is over",
    "console:rationing-scheme": "a rationing scheme",
    "console:reliability-restore": "an interruption that goes on",
    "console:reliability-correct": "an interruption",
    "console:reliability-interruption": "an interruption",
    "console:repairs-claim": "a claim for an appliance whose survey is done",
    "console:repairs-crew": "a crew",
    "console:repairs-incident": "many calls of one fault",
    "console:repairs-known": "a part of the page of intake",
    "console:repairs-part": "a part of the page of a case",
    "console:repairs-permit": "a permit to work",
    "console:repairs-permit-new": "a case at a step that needs a permit",
    "console:repairs-permit-sheet": "a permit to work",
    "console:payments-account-refund": "a customer with credit",
    "console:payments-account-release": "a deposit that is held",
    "console:payments-account-transfer": "a customer with credit",
    "console:payments-account-waive": "a late fee that is owed",
    "console:payments-account-write-off": "a bill long overdue",
    "console:payments-bank-file-progress": "a bank file that is being worked on",
    "console:payments-session-count": "an open till session of one's own",
    "console:payments-session-mine": "a till session of one's own",
    "console:payments-till-open": "a till that is free",
    "console:search": "something typed into the search box",
}
"""Pages that the tests of their area reach, because a fresh demonstration has not what they are about."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def visits(installation: str) -> dict[str, list[crawl.Visit]]:
    """Every page that each role's pages lead to."""
    return {role.value: list(crawl.walk(installation, role.value)) for role in Role}


def test_nothing_that_a_page_offers_is_refused_or_broken(visits: dict[str, list[crawl.Visit]]) -> None:
    wrong = [
        f"{visit.role} {visit.path} from {visit.linked_from}: {visit.status}"
        for found in visits.values()
        for visit in found
        if visit.status not in {200, 204, 302, 304}
    ]
    assert "\n".join(wrong) == ""


def test_every_page_of_the_console_is_reached_from_a_home_page(visits: dict[str, list[crawl.Visit]]) -> None:
    reached = {visit.route for found in visits.values() for visit in found}
    pages = {route for route, rule in policy.table().items() if route.startswith("console:") and not rule.public}
    assert "\n".join(sorted(pages - reached - crawl.form_only_routes() - set(NEED_SOMETHING))) == ""


def test_no_page_shows_a_phone_or_an_identity_number(visits: dict[str, list[crawl.Visit]]) -> None:
    leaks = [
        f"{visit.role} {visit.path}"
        for found in visits.values()
        for visit in found
        if not visit.path.startswith(SAMPLES) and (PHONE.search(visit.text) or ID_NUMBER.search(visit.text))
    ]
    assert "\n".join(leaks) == ""


@pytest.fixture(scope="session")
def whole_pages(visits: dict[str, list[crawl.Visit]]) -> dict[str, crawl.Visit]:
    """One example of every whole page (not of its parts), by route, with a role that may see it."""
    found: dict[str, crawl.Visit] = {}
    for visit in (visit for of_role in visits.values() for visit in of_role):
        if visit.status == 200 and "<html" in visit.text[:200] and visit.route not in found:
            found[visit.route] = visit
    return found


@pytest.mark.timeout(1200)
def test_every_page_is_accessible_in_both_themes(
    page_as: Callable[..., Page], whole_pages: dict[str, crawl.Visit]
) -> None:
    """A page follows the theme of the computer while it is open, so one visit shows both."""
    faults = []
    for role in sorted({one.role for one in whole_pages.values()}):
        page = page_as(role)
        for path in (one.path for one in whole_pages.values() if one.role == role):
            page.emulate_media(color_scheme="light")
            look_at(page, path)
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                page.evaluate(WHOLE)
                shown = page.locator("html").get_attribute("data-bs-theme")
                # The pages of the API's documentation have one theme.
                assert shown in {theme, None}, f"{path} is {shown}, not {theme}"
                faults += [f"{path} {theme}: {one}" for one in violations(page)]
    assert "\n".join(faults) == ""


def violations(page: Page) -> list[str]:
    """What axe says against a page."""
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']} {[node['target'] for node in one['nodes']][:3]}" for one in found]


@pytest.mark.timeout(1200)
def test_every_page_fits_a_phone(page_as: Callable[..., Page], whole_pages: dict[str, crawl.Visit]) -> None:
    too_wide = []
    for role in sorted({one.role for one in whole_pages.values()}):
        page = page_as(role, width=390, height=844)
        for path in (one.path for one in whole_pages.values() if one.role == role):
            look_at(page, path)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 390:
                too_wide.append(f"{path}: {width}")
    assert "\n".join(too_wide) == ""
