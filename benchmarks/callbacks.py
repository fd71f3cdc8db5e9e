"""How fast a provider's call-back is answered: kept, checked, posted, committed. Beside it ``/health``, same handler.

    python benchmarks/callbacks.py [--orders 300]
    scripts/with-postgres python benchmarks/callbacks.py …

Every order is of another account with an open bill. Each is told of twice: first the call-back that posts, then the same
again. All goes through the product's own request handler with everything that stands before a view, and is committed to
disk before it is answered. ``identical``: each order posted once, the channel's clearing account holds their sum, and the
books balance. Goal: p99 ≤ 300 ms. Without ``WANDENG_DATABASE_URL`` the database is an SQLite file in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
os.environ["WANDENG_PLAIN_HTTP"] = "1"
FEN = 120_00
WARM_UP = 10
GOAL_MS = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=300)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        os.mkdir(Path(home) / "static")
        import django

        django.setup()
        print(json.dumps(measure(chosen.orders), indent=2))


def measure(orders: int) -> dict[str, Any]:
    """Open the orders, tell of each twice, compare."""
    from django.core.handlers.base import BaseHandler
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import Sum
    from django.test import RequestFactory

    from wandeng.domains.ledger.models import EntryLine
    from wandeng.domains.payments.models import Payment
    from wandeng.flows.online_payments import demo
    from wandeng.infra import pii

    call_command("migrate", verbosity=0)
    pii.create_key()
    house, numbers = opened(orders + WARM_UP)
    handler, requests = BaseHandler(), RequestFactory(SERVER_NAME="localhost")
    handler.load_middleware()

    def told(number: str) -> Callable[[], object]:
        headers, body = house.call_back(number, at=datetime.now(UTC))
        kind = headers.pop("Content-Type")
        request = requests.post(f"/channels/payments/{demo.CODE}/", body, content_type=kind, headers=headers)
        return lambda: handler.get_response(request)

    def healthy(_number: str) -> Callable[[], object]:
        request = requests.get("/health")
        return lambda: handler.get_response(request)

    timed(told, numbers[:WARM_UP])
    first, again, health = (timed(ask, numbers[WARM_UP:]) for ask in (told, told, healthy))
    clearing = EntryLine.objects.filter(ledger_account=f"CLEARING:{demo.CODE}").aggregate(fen=Sum("amount_fen"))["fen"]
    whole = EntryLine.objects.aggregate(fen=Sum("amount_fen"))["fen"]
    ours, baseline = quantiles(first), quantiles(health)
    return {
        "what": "milliseconds to answer a call-back, committed",
        "database": connection.vendor,
        "orders": orders,
        "ours": ours,
        "ours_repeat": quantiles(again),
        "baseline": {"what": "/health through the same handler", **baseline},
        "ratio": round(ours["p50_ms"] / baseline["p50_ms"], 1),
        "goal_p99_ms": GOAL_MS,
        "reached": ours["p99_ms"] <= GOAL_MS,
        "identical": Payment.objects.count() == len(numbers) and clearing == FEN * len(numbers) and whole == 0,
    }


def opened(orders: int) -> tuple[Any, list[str]]:
    """Accounts with a bill each, an order for each that its customer has paid; the demo provider and the numbers."""
    from wandeng.domains.customers import actions as customers
    from wandeng.domains.organization.tests import make as organization
    from wandeng.domains.payments.tests import make
    from wandeng.flows.online_payments import demo
    from wandeng.flows.online_payments import orders as flow
    from wandeng.flows.online_payments.providers import of
    from wandeng.kernel.actors import SYSTEM

    organization.county()
    now = datetime.now(UTC)
    demo.set_up(site="https://pay.example", actor=SYSTEM, at=now)
    for place in range(orders):
        customers.open_account(
            account_number=f"{place:08d}", unit_code="BS-W", name="户", address="白水镇", customer_class="RESIDENTIAL",
            locality="RURAL", importance="", opened_on=date(2020, 1, 1), actor=SYSTEM, at=now,
        )  # fmt: skip
    month = f"{now:%Y-%m}"
    for account in make.ids().values():
        make.bill(account, month, FEN, now.date() + timedelta(days=20))
    numbers = [
        flow.open_order(
            key=f"k{place}", account_number=f"{place:08d}", amount_fen=FEN, channel=demo.CODE, actor=SYSTEM, at=now
        ).number
        for place in range(orders)
    ]
    house = of(demo.CODE).house  # type: ignore[attr-defined]
    for number in numbers:
        house.pay(number, at=now)
    return house, numbers


def timed(prepare: Callable[[str], Callable[[], object]], numbers: list[str]) -> list[float]:
    """Milliseconds of each; making the request is not counted."""
    found = []
    for number in numbers:
        ask = prepare(number)
        started = time.perf_counter()
        answer = ask()
        found.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, answer.status_code  # type: ignore[attr-defined]
    return found


def quantiles(milliseconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(milliseconds, n=100, method="inclusive")
    return {"p50_ms": round(cuts[49], 1), "p99_ms": round(cuts[98], 1), "max_ms": round(max(milliseconds), 1)}


if __name__ == "__main__":
    main()
