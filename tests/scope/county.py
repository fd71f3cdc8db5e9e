"""The two offices of :mod:`tests.api.world` with what only pages name, and what every word in an address stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from tests.api import world
from wandeng.domains.billing.models import BillException, BillShard
from wandeng.domains.collections.models import DunningCase, DunningStep, PromiseToPay, ProtectedCustomer
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.network import actions as network
from wandeng.domains.network.models import Switch
from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import ApiToken, LoginRecord, SavedView
from wandeng.infra import ids
from wandeng.infra.models import Delivery, Event
from wandeng.interfaces.doorway import sessions
from wandeng.kernel.ids import SwitchId

STRANGERS = ("adm-e", "reader-e", "hall-e", "biller-e")
"""People of the east: one who may do anything there, and three whose work it is."""


@dataclass(frozen=True)
class County:
    """Argument → what it names in the west, in the east (where the east has one) and nowhere."""

    west: Mapping[str, Any]
    east: Mapping[str, Any]
    absent: Mapping[str, Any]


def build() -> County:
    """Everything, committed. ``WANDENG_OUTGOING`` must allow the webhook of the world."""
    held = world.build()
    west = dict(held.west) | _of_a_person("adm-w")
    _rows_of_lists(west)
    west |= _arrears()
    # The pages' own names of the same things.
    west |= {"asset": "MW1", "account": "W1", "point": "PW1", "unit": "BS-W", "parent": "BS-W", "person": "biller-w"}
    west |= {"parent_code": "BS-W", "installation": west["installation_id"], "reading": west["reading_id"]}
    west |= {"order": west["order_id"], "upload": west["upload_id"], "batch": west["batch_id"]}
    west |= {"endpoint": west["endpoint_id"], "delivery": west["delivery_id"]}
    east = {"account_number": "E1", "usage_point": "PE1", "asset_number": "ME1", "unit_code": "BS-E"}
    east |= {"person_code": "biller-e", "asset": "ME1", "account": "E1", "point": "PE1", "unit": "BS-E"}
    east |= {"person": "biller-e", "parent": "BS-E", "parent_code": "BS-E"}
    east |= {name: west[name] for name in ("month", "day", "read_on", "line")}
    nothing = {name: 987_654 if isinstance(value, int) else "NOWHERE" for name, value in west.items()}
    nothing |= {"case_ids": [987_654]}
    kept = {name: west[name] for name in ("month", "day", "read_on", "line")}
    return County(west, east, nothing | kept)


def _of_a_person(code: str) -> dict[str, Any]:
    """A session, a token and a saved view of somebody."""
    browser = client_of(code)
    world.token(code)
    actions.save_view(list_name="accounts", name="西", query="q=1", actor=world.actor(code))
    return {
        "handle": sessions.handle_of(str(browser.session.session_key)),
        "token_id": ApiToken.objects.get(person__code=code).pk,
        "view_id": SavedView.objects.get(person__code=code).pk,
    }


def _rows_of_lists(west: Mapping[str, Any]) -> None:
    """What lists show and no address names: a login, a look at a number, a switching, an event, a parked account."""
    at = now()
    LoginRecord.objects.create(at=at, person_code="adm-w", outcome="IN")
    customers.reveal_phone(contact_id=west["contact_id"], actor=world.actor("hall-w"), at=at, reason="回访")
    switch = SwitchId(Switch.objects.get(code="KW").pk)
    network.record_switching(switch=switch, is_open=True, at=at, actor=world.actor("adm-w"), reason="检修")
    event = Event.objects.create(name="metering.readings_accepted", key="1", body="{}", occurred_at=at)
    Delivery.objects.create(event=event, subscriber="x", next_at=at)
    account = CustomerAccount.objects.get(account_number="W1")
    shard = BillShard.objects.filter(run_id=west["run_id"]).first()
    BillException.objects.create(run_id=west["run_id"], shard=shard, account=account, code="NO_READING")


def _arrears() -> dict[str, Any]:
    """A dunning case of the west with a visit to make and a promise, and a protection that waits."""
    at, on = now(), now().date()
    account = CustomerAccount.objects.get(account_number="W1")
    case = DunningCase.objects.create(
        id=ids.reserve(DunningCase, 1), account=account, unit_id=account.unit_id, customer_class=account.customer_class,
        opened_on=on, as_of=on, open_fen=100, bills=1, oldest_due_on=on, rule_path="", rule_hash="", state="PROMISED",
    )  # fmt: skip
    step = DunningStep.objects.create(
        id=ids.reserve(DunningStep, 1), case=case, unit_id=account.unit_id, kind="VISIT", rung=2, attempt=1, by="PERSON",
        taken_on=on, taken_at=at, actor="system", open_fen=100, oldest_due_on=on,
    )  # fmt: skip
    promise = PromiseToPay.objects.create(
        id=ids.reserve(PromiseToPay, 1), case=case, promised_on=on, amount_fen=100, open_fen=100, covers_due_to=on,
        channel="PHONE", made_at=at, made_by="adm-w",
    )  # fmt: skip
    protection = ProtectedCustomer.objects.create(
        id=ids.reserve(ProtectedCustomer, 1), account=account, kind="WELFARE", evidence="证明 1 号", valid_from=on,
        valid_to=on + timedelta(days=9), proposed_by="hall-w", proposed_at=at,
    )  # fmt: skip
    named = {"case": case.pk, "step": step.pk, "promise": promise.pk, "protection": protection.pk}
    return named | {f"{name}_id": key for name, key in named.items()} | {"case_ids": [case.pk]}


def client_of(code: str) -> Client:
    """A browser in which somebody is logged in."""
    client = Client(raise_request_exception=False)
    client.force_login(queries.login_user(code))
    return client


def now() -> datetime:
    return datetime.now(UTC)
