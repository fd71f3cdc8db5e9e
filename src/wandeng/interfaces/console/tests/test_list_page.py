"""What every list page does, on one list over the units of a county."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.test import Client

from wandeng.domains.organization import queries
from wandeng.domains.organization.types import Role
from wandeng.interfaces.console import furniture
from wandeng.interfaces.console.tests import list_urls
from wandeng.interfaces.doorway import policy
from wandeng.interfaces.doorway.lists import definition
from wandeng.interfaces.doorway.policy import Rule
from wandeng.interfaces.doorway.tests import lists_world

PAGE = "/console/test-units/"
pytestmark = [pytest.mark.django_db, pytest.mark.urls("wandeng.interfaces.console.tests.list_urls")]


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch) -> None:
    lists_world.county()
    everybody = frozenset(Role)
    rules = {**policy.table(), "console:test-units": Rule(everybody, frozenset({Role.COUNTY_MANAGER}))}
    monkeypatch.setattr(policy, "table", lambda: rules)
    monkeypatch.setattr(definition, "registered", lambda: {list_urls.LIST.name: list_urls.LIST})
    list_urls.TOUCHED.clear()


def client_of(code: str) -> Client:
    client = Client()
    client.force_login(queries.login_user(code))
    return client


@pytest.fixture
def head() -> Client:
    return client_of("head")


def text(client: Client, query: str = "") -> str:
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_shows_words_amounts_and_only_the_columns_that_are_shown(head: Client) -> None:
    page = text(head)
    assert "白水县供电公司" in page
    assert "县公司" in page
    assert "−¥" in page or "¥-" in page
    assert "电量（千瓦时）</a></th>" not in page


def test_columns_are_chosen_by_the_address(head: Client) -> None:
    page = text(head, "?columns=code&columns=energy")
    assert "城西供电所" not in page


def test_a_filter_shows_as_a_chip_that_removes_it(head: Client) -> None:
    answer = head.get(PAGE + "?kind=OFFICE&size=20")
    (chip,) = answer.context["chips"]
    assert (chip.label, chip.value, chip.remove_url) == ("类型", "供电所", f"{PAGE}?size=20")
    assert [row["code"] for row in answer.context["rows"]] == ["BS-E", "BS-W"]


def test_a_part_that_was_kept_is_what_would_be_drawn(head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    text(head)
    kept = text(head)
    monkeypatch.setattr(furniture, "_drawn", {})
    assert _list_of(text(head)) == _list_of(kept)
    assert 'name="kind"' in kept
    # Another language is another part.
    english = head.get(PAGE, headers={"accept-language": "en"}).content.decode()
    assert ">Filter<" in english
    assert ">Filter<" not in text(head)


def _list_of(page: str) -> str:
    """The list of a page, without the tokens of its forms, which are new each time."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"', "", page[page.index('class="wd-list"') :])


def test_nothing_found_says_so(head: Client) -> None:
    assert head.get(PAGE + "?name=没有这样的").context["rows"] == []
    text(head, "?name=没有这样的")


def test_pages_link_to_each_other_and_keep_the_filters(head: Client) -> None:
    pages = head.get(PAGE + "?size=20&name=供电").context["pages"]
    assert pages == {"previous": "", "next": ""}
    second = head.get(PAGE + "?name=供电&size=20&page=2").context["pages"]
    assert second["previous"] == f"{PAGE}?name=%E4%BE%9B%E7%94%B5&size=20&page=1"


@pytest.mark.parametrize("query", ["?page=x", "?size=7000", "?page=-1"])
def test_an_address_that_cannot_be_understood_is_refused_politely(head: Client, query: str) -> None:
    assert head.get(PAGE + query).status_code == 422


@pytest.mark.parametrize("query", ["?kind=XX", "?name=%00", "?sort=%00", "?columns=%00", "?name=" + "x" * 5000])
def test_whatever_stands_in_the_address_the_page_answers(head: Client, query: str) -> None:
    assert head.get(PAGE + query).status_code in {200, 422}


def test_a_view_is_saved_offered_and_forgotten(head: Client) -> None:
    saved = head.post("/console/views/", {"list": "test-units", "name": "供电所", "query": "kind=OFFICE"})
    assert saved.headers["Location"] == f"{PAGE}?kind=OFFICE"
    ((view, url),) = head.get(PAGE).context["views"]
    assert (view.name, url) == ("供电所", f"{PAGE}?kind=OFFICE")
    assert client_of("reader-w").get(PAGE).context["views"] == []
    head.post(f"/console/views/{view.view_id}/forget/")
    assert head.get(PAGE).context["views"] == []


def test_an_action_reaches_the_ticked_rows_within_the_scope(head: Client) -> None:
    answer = head.post(PAGE, {"bulk": "touch", "keys": ["BS-W", "ELSEWHERE"]})
    assert answer.status_code == 302
    assert list_urls.TOUCHED == [(["BS-W"], "")]


def test_an_action_reaches_all_rows_that_match_the_address(head: Client) -> None:
    head.post(PAGE + "?kind=OFFICE", {"bulk": "touch", "all": "1"})
    assert list_urls.TOUCHED == [(["BS-E", "BS-W"], "")]


def test_an_action_that_wants_a_reason_gets_one_or_is_not_done(head: Client) -> None:
    assert head.post(PAGE, {"bulk": "explain", "keys": ["BS-W"], "reason": " "}).status_code == 422
    head.post(PAGE, {"bulk": "explain", "keys": ["BS-W"], "reason": "核对"})
    assert list_urls.TOUCHED == [(["BS-W"], "核对")]


def test_nobody_acts_without_the_role_or_without_a_choice(head: Client) -> None:
    assert client_of("reader-w").post(PAGE, {"bulk": "touch", "keys": ["BS-W"]}).status_code == 403
    assert head.post(PAGE, {"bulk": "touch"}).status_code == 422
    assert head.post(PAGE, {"bulk": "no-such", "keys": ["BS-W"]}).status_code == 404
    assert client_of("reader-w").get(PAGE).context["bulk"] == ()
    assert list_urls.TOUCHED == []


def test_the_list_goes_out_as_csv_and_workbook_with_the_chosen_columns(head: Client) -> None:
    answer = head.get(PAGE + "?kind=OFFICE&format=csv&columns=code&columns=name")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="test-units.csv"'
    assert b"".join(answer).decode() == "\ufeff编码,名称\r\nBS-E,城东供电所\r\nBS-W,城西供电所\r\n"
    book = openpyxl.load_workbook(io.BytesIO(b"".join(head.get(PAGE + "?format=xlsx&columns=code"))))
    assert [cell.value for cell in book.active["A"]] == ["编码", "BS", "BS-E", "BS-W"]


def test_the_page_asks_the_database_little(head: Client, django_assert_max_num_queries: object) -> None:
    head.get(PAGE)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        head.get(PAGE)
