"""The field without a signal: what was done is kept by the telephone, sent when there is one again, and counts once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import Page, Route, expect
from playwright.sync_api import TimeoutError as NothingToClick

Open = Callable[..., Page]
MOST_BYTES = 200_000
FIELD = "**/console/cases/field/**"
SITUATION = {"SITUATION": "整栋楼没电", "PLACE": "幸福路1号", "PHONE": "13812345678", "DANGER": "NO"}


def api(page: Page) -> Callable[..., Any]:
    """Calls of the API as the person who is logged in: with a body a write, without one a read."""
    page.goto("/console/profile/")
    form = page.locator('form[action$="/tokens/"]')
    form.locator('[name="label"]').fill("现场测试")
    form.locator('[name="may_write"]').check()
    form.locator('button[type="submit"]').click()
    headers = {"Authorization": f"Bearer {page.locator('code.user-select-all').inner_text()}"}

    def call(address: str, **body: object) -> Any:
        where = f"/api/v1{address}"
        answer = (
            page.request.post(where, data=body, headers=headers) if body else page.request.get(where, headers=headers)
        )
        assert answer.ok, answer.text()
        return answer.json()

    return call


def dispatched(call: Callable[..., Any], account: str) -> str:
    """A fault of an account that a dispatcher took and sent out."""
    asked = {"process": "fault_repair", "channel": "PHONE_95598", "answers": SITUATION, "account_number": account}
    number = str(call("/cases/open", **asked)["result"]["number"])
    call(f"/cases/{number}/finish", step="DISPATCH")
    return number


def answer_lost(route: Route) -> None:
    """The server hears it; the telephone does not hear the answer."""
    route.fetch()
    route.abort("internetdisconnected")


def test_steps_that_were_done_without_a_signal_are_sent_once_when_it_is_back(page_as: Open) -> None:
    page = page_as("CELL_MANAGER", width=390, height=844)
    page.goto("/console/customers/")
    account = page.locator("tbody tr").first.locator("a").first.inner_text()
    call = api(page_as("DISPATCHER"))
    number = dispatched(call, account)
    page.goto("/console/cases/field/")
    page.locator(f'a[href$="/{number}/"]').click()
    accept, arrive = page.locator('[data-step="ACCEPT"]'), page.locator('[data-step="ARRIVE"]')
    expect(accept).to_be_visible()
    expect(arrive).to_be_hidden()

    page.route(FIELD, answer_lost)
    accept.get_by_role("button", name="完成").click()
    outbox = page.locator("[data-outbox]")
    expect(outbox).to_contain_text("待上传 1")
    # The next step stands ready on the same page, without the server.
    expect(arrive).to_be_visible()
    page.unroute(FIELD)
    page.route(FIELD, lambda route: route.abort("internetdisconnected"))
    arrive.locator('[name="answer-EXPECTED"]').fill("2030-01-01T12:00")
    arrive.locator('[name="proof-longitude"]').fill("112.5")
    arrive.locator('[name="proof-latitude"]').fill("26.1")
    arrive.get_by_role("button", name="完成").click()
    expect(outbox).to_contain_text("待上传 2")

    page.unroute(FIELD)
    # The page also tries by itself: where it was quicker, there is no button left.
    with suppress(NothingToClick):
        outbox.get_by_role("button", name="立即上传").click(timeout=10_000)
    expect(page.locator('[data-step="RESTORE"]')).to_be_visible()
    expect(page.locator("[data-outbox]")).to_be_hidden()
    # On a busy machine a limit of minutes may be broken meanwhile, which is told too.
    entries = call(f"/cases/{number}")["entries"]
    told = [(one["kind"], one["what"]) for one in entries if one["kind"] in ("OPENED", "FINISHED")]
    assert told == [("OPENED", ""), ("FINISHED", "DISPATCH"), ("FINISHED", "ACCEPT"), ("FINISHED", "ARRIVE")]


def test_a_page_of_the_field_costs_little_once_scripts_and_styles_are_there(page_as: Open) -> None:
    page = page_as("CELL_MANAGER", width=390, height=844)
    page.goto("/console/cases/field/")
    page.wait_for_load_state("networkidle")
    page.reload()
    page.wait_for_load_state("networkidle")
    moved = page.evaluate(
        "() => performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
        ".reduce((sum, one) => sum + one.transferSize, 0)"
    )
    assert moved < MOST_BYTES
