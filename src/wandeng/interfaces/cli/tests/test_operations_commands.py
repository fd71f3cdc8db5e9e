"""``wandeng doctor`` and ``wandeng webhooks`` as they are typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from wandeng.infra import outgoing, webhook_delivery
from wandeng.infra.outgoing import Answer
from wandeng.infra.webhook_models import WebhookDelivery
from wandeng.interfaces.cli.main import app

pytestmark = pytest.mark.django_db
RUN = CliRunner()
URL = "https://hooks.example.com/wandeng"


@pytest.fixture(autouse=True)
def _allowed(settings: Any) -> None:
    settings.WANDENG_OUTGOING = "hooks.example.com"


def told(*arguments: str, code: int = 0) -> Any:
    answer = RUN.invoke(app, list(arguments))
    assert answer.exit_code == code, (answer.output, answer.exception)
    return answer.output


def test_the_doctor_ends_with_the_worst_it_found() -> None:
    """Without people nobody can administer: a fault, exit code 2."""
    found = json.loads(told("doctor", "--json", "--lang", "en", code=2))
    assert found["worst"] == "FAULT"
    by_code = {one["code"]: one for one in found["findings"]}
    assert by_code["ADMINISTRATORS"]["severity"] == "FAULT"
    assert by_code["ADMINISTRATORS"]["remedy"]
    assert by_code["DATABASE"]["severity"] == "FINE"
    gaps = told("doctor", "--gaps", code=2)
    assert "没有能登录的系统管理员" in gaps
    assert "数据库正常" not in gaps


def test_an_endpoint_is_added_tried_looked_at_and_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_delivery, "deliver_due", _delivering)
    made = json.loads(told("webhooks", "add", "gis", URL, "-e", "network.switch_operated", "--json"))
    assert made["secret"].startswith("whsec_")
    number = str(made["endpoint"])
    assert json.loads(told("webhooks", "list", "--json"))[0]["kinds"] == ["network.switch_operated"]
    tried = json.loads(told("webhooks", "ping", number))
    assert (tried["state"], tried["tries"][0]["status"]) == ("DONE", 200)
    assert json.loads(told("webhooks", "log", "--json"))[0]["status"] == 200
    told("webhooks", "replay", str(tried["id"]))
    assert WebhookDelivery.objects.get().state == "PENDING"
    again = told("webhooks", "replay", "--endpoint", number, "--since", "2020-01-01", "--json")
    assert json.loads(again) == {"count": 0}
    assert json.loads(told("webhooks", "rotate", number, "--json"))["secret"] != made["secret"]
    told("webhooks", "off", number, "--reason", "maintenance")
    told("webhooks", "on", number)


_deliver_due = webhook_delivery.deliver_due


def _delivering(*, clock: Any) -> int:
    return _deliver_due(clock=clock, post=lambda *_, **__: Answer(200, b"ok", 3))


def test_an_address_that_may_not_be_called_is_refused() -> None:
    answer = RUN.invoke(app, ["webhooks", "add", "x", "http://127.0.0.1/"])
    assert isinstance(answer.exception, outgoing.CallNotAllowed)


def test_events_are_listed() -> None:
    assert "network.switch_operated" in json.loads(told("webhooks", "events", "--json"))
