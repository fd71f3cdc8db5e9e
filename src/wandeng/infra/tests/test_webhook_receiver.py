"""The sample receiver of the documents, in a process of its own, against real calls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import wandeng
from wandeng.infra import webhook_delivery, webhook_log, webhooks
from wandeng.infra.scope import Scope
from wandeng.infra.tests import test_webhooks
from wandeng.infra.tests.test_webhooks import T0, only, publish
from wandeng.infra.webhook_models import WebhookDelivery, WebhookEndpoint
from wandeng.kernel.actors import SYSTEM

RECEIVER = Path(wandeng.__file__).parents[2] / "docs" / "samples" / "webhook_receiver.py"


@pytest.fixture(autouse=True)
def _tables(settings: Any) -> None:
    settings.WANDENG_EVENT_KINDS = f"{test_webhooks.__name__}.KINDS"
    settings.WANDENG_EVENT_UNITS = f"{test_webhooks.__name__}.UNITS"
    settings.WANDENG_SUBSCRIPTIONS = f"{test_webhooks.__name__}.NOBODY"
    settings.WANDENG_OUTGOING = "127.0.0.1/32"


@pytest.fixture
def receiver() -> Iterator[Callable[[str], tuple[str, subprocess.Popen[str]]]]:
    """The sample receiver as its own process, with the secret it is given."""
    running: list[subprocess.Popen[str]] = []

    def start(secret: str) -> tuple[str, subprocess.Popen[str]]:
        process = subprocess.Popen(
            [sys.executable, str(RECEIVER), "--port", "0"],
            env={**os.environ, "WEBHOOK_SECRET": secret},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stderr is not None
        return process.stderr.readline().split()[-1], process

    yield start
    for process in running:
        process.terminate()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.mark.django_db
def test_the_sample_receiver_hears_each_event_once_and_believes_no_forgery(receiver: Any) -> None:
    number, secret = webhooks.register(
        name="gis", url="http://127.0.0.1:1/", kinds=(), unit_path="", actor=SYSTEM, at=T0
    )
    url, process = receiver(secret)
    webhooks.change(endpoint_id=number, name="gis", url=url, kinds=(), unit_path="", actor=SYSTEM, at=T0)
    now = datetime.now(UTC)
    publish(at=now)
    assert webhook_delivery.deliver_due(clock=lambda: now) == 1
    webhooks.replay(delivery_id=only().pk, actor=SYSTEM, at=now)
    assert webhook_delivery.deliver_due(clock=lambda: now) == 1
    tries = webhook_log.delivery(Scope.everywhere(), only().pk).tries
    assert [one.excerpt for one in tries] == ["seen before", "heard"]
    old = now - timedelta(minutes=6)
    publish(at=old)
    WebhookDelivery.objects.filter(state="DONE").delete()
    assert webhook_delivery.deliver_due(clock=lambda: old) == 0
    assert webhook_log.delivery(Scope.everywhere(), only().pk).tries[0].excerpt == "the timestamp is too old or too new"
    webhooks.rotate(endpoint_id=number, actor=SYSTEM, at=now)
    WebhookEndpoint.objects.update(previous_until=now)
    assert webhook_delivery.deliver_due(clock=lambda: now) == 0
    assert webhook_log.delivery(Scope.everywhere(), only().pk).tries[0].excerpt == "the signature does not fit"
    process.terminate()
    assert process.stdout is not None
    heard = [json.loads(line) for line in process.stdout.read().splitlines()]
    assert [one["data"]["meter"] for one in heard] == ["hn/cz/M1"]
