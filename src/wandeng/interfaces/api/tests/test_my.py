"""A resident's program: a personal token reads what its owner holds, and opens nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from wandeng.domains.customers.tests import make
from wandeng.domains.residents import actions
from wandeng.domains.residents.models import AccountBinding, Resident, ResidentToken
from wandeng.domains.residents.tests import make as residents
from wandeng.domains.residents.types import TooManyTokens
from wandeng.infra.models import Operation
from wandeng.interfaces.api.app import load
from wandeng.interfaces.doorway import holding, middleware, policy
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db
PHONE, OTHER = "13800000001", "13900000009"
AT = datetime.fromisoformat("2026-10-12T02:00:00Z")


class Clock:
    now = AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(settings, tmp_path, monkeypatch) -> Clock:
    settings.HOME = tmp_path
    settings.SECURE_SSL_REDIRECT = False
    clock = Clock()
    monkeypatch.setattr(middleware, "now", clock)
    make.accounts()
    for account, phone in (("1001", PHONE), ("1002", OTHER)):
        make.contact(account, phone)
    return clock


def token(resident_id: int, **given: Any) -> str:
    wanted = {"label": "家里的电脑", "days": 30, "at": AT} | given
    return actions.make_token(resident_id=resident_id, **wanted).secret


def ask(secret: str, path: str, **headers: str) -> Any:
    return Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}", **headers})


def operations() -> dict[str, tuple[str, str]]:
    """Address → (name, method) of every operation of the API."""
    return {
        address: (one.url_name or "", sorted(one.methods)[0])
        for _prefix, router in load()._routers for address, view in router.path_operations.items()
        for one in view.operations
    }  # fmt: skip


def filled(address: str, number: str) -> str:
    return address.replace("{account_number}", number).replace("{int:bill}", "1")


def test_a_token_reads_its_owners_accounts_and_nothing_else_of_the_api(clock: Clock) -> None:
    own = residents.holding(PHONE, "1001", at=AT)
    residents.holding(OTHER, "1002", at=AT)
    clock.now += timedelta(minutes=5)
    secret = token(own.resident_id)
    (account,) = ask(secret, "/my/accounts").json()
    assert (account["account_number"], account["name_masked"]) == ("1001", "张*")
    mine = {address: name for address, (name, _) in operations().items() if address.startswith("/my/")}
    assert len(mine) >= 9
    for address in mine.keys() - {"/my/accounts"}:
        answers = [ask(secret, filled(address, number)) for number in ("1001", "1002", "9999")]
        assert answers[0].status_code == (404 if "bill}" in address else 200), (address, answers[0].content)
        assert [one.status_code for one in answers[1:]] == [404, 404], address
        assert answers[1].content == answers[2].content
    residents_only = {address for address, (name, _) in operations().items() if policy.rule_of(f"api:{name}").resident}
    assert residents_only == set(mine)
    others = ("/me", "/accounts", "/accounts/1001", "/openapi.json", "/resident-bindings", "/residents/1", "/bills")
    assert [ask(secret, path).status_code for path in others] == [401] * len(others)
    posted = Client().post("/api/v1/my/accounts", headers={"Authorization": f"Bearer {secret}"})
    assert posted.status_code in (403, 405)


def test_a_session_of_a_telephone_or_of_staff_opens_nothing_there(clock: Clock) -> None:
    own = residents.holding(PHONE, "1001", at=AT)
    client = Client()
    client.cookies[holding.COOKIE] = own.token
    assert client.get("/api/v1/my/accounts").status_code == 401
    for secret in (own.token, "", "wm_wrong", "wd_wrong"):
        answer = ask(secret, "/my/accounts")
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_LOGGED_IN")


def test_a_token_is_shown_once_kept_as_a_hash_ends_and_is_ended(clock: Clock) -> None:
    own = residents.holding(PHONE, "1001", at=AT)
    secret = token(own.resident_id, days=1)
    row = ResidentToken.objects.get()
    assert secret.startswith(row.hint)
    assert secret not in (row.token_hash, row.hint)
    assert row.used_at is None
    assert ask(secret, "/my/accounts").status_code == 200
    row.refresh_from_db()
    assert row.used_at == clock.now
    clock.now += timedelta(days=1)
    assert ask(secret, "/my/accounts").status_code == 401
    clock.now = AT
    with pytest.raises(NotFound):
        actions.end_own_token(resident_id=own.resident_id + 1, token_id=row.pk, at=AT)
    actions.end_own_token(resident_id=own.resident_id, token_id=row.pk, at=AT)
    assert ask(secret, "/my/accounts").status_code == 401
    assert set(Operation.objects.filter(action__endswith="_token").values_list("action", flat=True)) == {
        "resident.make_token", "resident.end_token",
    }  # fmt: skip


def test_a_token_reads_what_is_held_at_the_time(clock: Clock) -> None:
    own = residents.holding(PHONE, "1001", at=AT)
    secret = token(own.resident_id)
    actions.revoke(binding_id=AccountBinding.objects.get().pk, actor=SYSTEM, at=AT, reason="搬走")
    assert ask(secret, "/my/accounts").json() == []
    assert ask(secret, "/my/accounts/1001").status_code == 404
    actions.forget(resident_id=own.resident_id, at=AT)
    assert ask(secret, "/my/accounts").status_code == 401
    assert not Resident.objects.exists()


def test_tokens_are_few_short_and_asked_so_often(clock: Clock) -> None:
    own = residents.logged_in(PHONE, at=AT).resident_id
    for wrong in ({"label": " "}, {"days": 0}, {"days": 91}):
        with pytest.raises(InvalidInput):
            token(own, **wrong)
    secret, _second, _third = (token(own) for _ in range(3))
    with pytest.raises(TooManyTokens):
        token(own)
    actions.end_token(resident_id=own, token_id=ResidentToken.objects.latest("id").pk, actor=SYSTEM, at=AT, reason="试")
    second = token(own)
    statuses = [ask(one, "/my/accounts").status_code for one in [secret, second] * 31]
    assert statuses == [200] * 60 + [429] * 2
    answer = ask(secret, "/my/accounts")
    assert (answer["Content-Type"], answer.json()["code"]) == ("application/problem+json", "TOO_MANY_LOOKS")
    clock.now += timedelta(minutes=1)
    assert ask(secret, "/my/accounts").status_code == 200


def test_the_document_names_the_personal_token(clock: Clock) -> None:
    document = load().get_openapi_schema()
    assert set(document["components"]["securitySchemes"]) == {"Token", "PersonalToken"}
    for path, methods in document["paths"].items():
        expected = "PersonalToken" if path.startswith("/api/v1/my/") else "Token"
        for method, told in methods.items():
            assert told["security"] == [{expected: []}], path
            assert method == "get" or expected == "Token", path
