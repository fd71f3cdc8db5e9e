"""Coming in: password, lock-out, the demonstration's buttons, the unit acted in, tokens, the own password."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import LoginRecord, Person, Post
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.middleware import now
from wandeng.kernel.actors import SYSTEM

GOOD = "yunhe-Qiao-1987"
LOGIN = "/console/login/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    make.staff()
    actions.set_password(person_code="head", password=GOOD, actor=SYSTEM, at=now())


def log_in(client: Client, code: str = "head", password: str = GOOD, **more: str) -> int:
    return client.post(LOGIN, {"username": code, "password": password, **more}).status_code


def test_the_root_leads_to_the_login_and_the_login_back_to_the_page_asked_for(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/console/"
    asked = client.get("/console/profile/?x=1")
    assert asked.headers["Location"] == f"{LOGIN}?next=/console/profile/%3Fx%3D1"
    answer = client.post(LOGIN, {"username": "head", "password": GOOD, "next": "/console/profile/?x=1"})
    assert answer.headers["Location"] == "/console/profile/?x=1"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_login_leads_to_our_own_pages_only(client: Client, target: str) -> None:
    answer = client.post(LOGIN, {"username": "head", "password": GOOD, "next": target})
    assert answer.headers["Location"] == "/console/"


def test_a_login_changes_the_session_and_stands_in_the_log(client: Client) -> None:
    client.get(LOGIN)
    client.session["x"] = 1
    before = client.session.session_key
    assert log_in(client) == 302
    assert client.session.session_key != before
    line = LoginRecord.objects.get()
    assert (line.person_code, line.outcome, line.address) == ("head", "IN", "127.0.0.1")
    assert client.get("/console/").status_code == 200


def test_wrong_names_and_wrong_passwords_hear_the_same(client: Client) -> None:
    wrong = client.post(LOGIN, {"username": "head", "password": "x"})
    unknown = client.post(LOGIN, {"username": "nobody", "password": "x"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert "工号或密码不对" in wrong.content.decode()
    assert "工号或密码不对" in unknown.content.decode()


def test_the_sixth_attempt_is_refused_even_with_the_right_password(client: Client) -> None:
    assert [log_in(client, password="x") for _ in range(5)] == [422] * 5
    assert log_in(client) == 429
    assert not client.session.get("_auth_user_id")


def test_a_person_without_a_post_stays_outside(client: Client) -> None:
    Post.objects.filter(person__code="head").delete()
    assert log_in(client) == 403


def test_a_person_who_is_switched_off_is_out_with_the_next_request(client: Client) -> None:
    log_in(client)
    Person.objects.filter(code="head").update(is_active=False)
    assert client.get("/console/").headers["Location"].startswith(LOGIN)


def test_leaving_needs_a_form_and_ends_the_session(client: Client) -> None:
    log_in(client)
    assert client.get("/console/logout/").status_code == 405
    assert client.post("/console/logout/").status_code == 302
    assert client.get("/console/").status_code == 302
    assert list(LoginRecord.objects.order_by("id").values_list("outcome", flat=True)) == ["IN", "OUT"]


def test_a_form_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"username": "head", "password": GOOD}).status_code == 403


def test_demonstration_accounts_are_offered_in_a_demonstration_only(client: Client, settings: object) -> None:
    assert client.post(LOGIN, {"demo": "head"}).status_code == 422
    actions.offer_in_demonstration(person_codes=["head"], actor=SYSTEM, at=now())
    assert "周经理" not in client.get(LOGIN).content.decode()
    settings.DEMO = True  # type: ignore[attr-defined]
    assert "周经理" in client.get(LOGIN).content.decode()
    assert client.post(LOGIN, {"demo": "reader-w"}).status_code == 404
    assert client.post(LOGIN, {"demo": "head"}).status_code == 302


def test_a_given_password_is_changed_before_anything_else(client: Client) -> None:
    actions.set_password(person_code="head", password=GOOD, actor=SYSTEM, at=now(), must_change=True)
    log_in(client)
    assert client.get("/console/").headers["Location"] == "/console/profile/password/"
    page = reverse("console:password")
    assert client.post(page, {"old": "x", "new": "Qingshan-88-lu", "again": "Qingshan-88-lu"}).status_code == 422
    assert client.post(page, {"old": GOOD, "new": "12345678901", "again": "12345678901"}).status_code == 422
    assert client.post(page, {"old": GOOD, "new": "Qingshan-88-lu", "again": "other"}).status_code == 422
    assert client.post(page, {"old": GOOD, "new": "Qingshan-88-lu", "again": "Qingshan-88-lu"}).status_code == 302
    assert client.get("/console/").status_code == 200, "this session goes on"
    assert log_in(Client(), password="Qingshan-88-lu") == 302


def test_a_changed_password_ends_the_other_sessions(client: Client) -> None:
    log_in(client)
    other = Client()
    log_in(other)
    client.post(reverse("console:password"), {"old": GOOD, "new": "Qingshan-88-lu", "again": "Qingshan-88-lu"})
    assert other.get("/console/").status_code == 302


def test_a_token_is_shown_once_and_can_be_ended(client: Client) -> None:
    log_in(client)
    shown = client.post(reverse("console:tokens"), {"label": "报表", "days": "30"}).content.decode()
    (token,) = queries.tokens_of("head")
    secret = shown.split('<code class="user-select-all">')[1].split("<")[0]
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    assert secret not in client.get(reverse("console:profile")).content.decode()
    client.post(reverse("console:token-revoke", args=[token.token_id]))
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_person_with_two_offices_chooses_where_to_act(client: Client) -> None:
    for unit in ("BS-W", "BS-E"):
        actions.appoint(
            person_code="reader-w",
            unit_code=unit,
            role=Role.CELL_MANAGER,
            from_on=date(2026, 1, 1),
            actor=SYSTEM,
            at=now(),
        )
    actions.set_password(person_code="reader-w", password=GOOD, actor=SYSTEM, at=now())
    log_in(client, "reader-w")
    assert client.get("/console/").wsgi_request.asking.actor.unit_path == "BS/BS-E/"
    client.post(reverse("console:unit"), {"unit": "BS-W"})
    assert client.get("/console/").wsgi_request.asking.actor.unit_path == "BS/BS-W/"
    assert client.post(reverse("console:unit"), {"unit": "BS"}).status_code == 404


def test_the_language_is_kept_and_only_known_ones_are(client: Client) -> None:
    answer = client.post(reverse("console:language"), {"language": "en", "next": LOGIN})
    assert answer.headers["Location"] == LOGIN
    assert 'lang="en"' in client.get(LOGIN).content.decode()
    client.post(reverse("console:language"), {"language": "xx"})
    assert 'lang="en"' in client.get(LOGIN).content.decode()


def test_pages_carry_the_headers_that_keep_them_private(client: Client) -> None:
    page = client.get(LOGIN)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
    assert "unsafe-eval" not in policy


def test_an_address_that_leads_nowhere_is_a_page(client: Client) -> None:
    log_in(client)
    answer = client.get("/console/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
