"""The two offices of :mod:`tests.api.world` with what only pages name, and what every word in an address stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from tests.api import world
from wandeng.domains.billing.models import BillException, BillShard
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.network import actions as network
from wandeng.domains.network.models import Switch
from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import ApiToken, LoginRecord, SavedView
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.actions import tills
from wandeng.infra.models import Delivery, Event
from wandeng.interfaces.doorway import sessions
from wandeng.kernel.actors import SYSTEM
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
    _posts_of_a_stranger()
    _tills_of_strangers()
    # The pages' own names of the same things.
    west |= {"asset": "MW1", "account": "W1", "point": "PW1", "unit": "BS-W", "parent": "BS-W", "person": "biller-w"}
    west |= {"parent_code": "BS-W", "installation": west["installation_id"], "reading": west["reading_id"]}
    west |= {"order": west["order_id"], "upload": west["upload_id"], "batch": west["batch_id"]}
    west |= {"endpoint": west["endpoint_id"], "delivery": west["delivery_id"], "recipient": west["recipient_id"]}
    west |= {"till": "TW"}
    east = {"account_number": "E1", "usage_point": "PE1", "asset_number": "ME1", "unit_code": "BS-E"}
    east |= {"person_code": "biller-e", "asset": "ME1", "account": "E1", "point": "PE1", "unit": "BS-E"}
    east |= {"person": "biller-e", "parent": "BS-E", "parent_code": "BS-E"}
    east |= {name: west[name] for name in world.PLAIN & west.keys()}
    return County(west, east, world.nowhere(west))


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


def _posts_of_a_stranger() -> None:
    """Whoever may do anything in the east holds the posts for it: a refusal of the role would hide what is asked here."""
    for role in (Role.HALL_CLERK, Role.CELL_MANAGER, Role.COUNTY_MANAGER, Role.DISPATCHER):
        actions.appoint(
            person_code="adm-e", unit_code="BS-E", role=role, from_on=world.SINCE, actor=SYSTEM, at=world.AT
        )


def _tills_of_strangers() -> None:
    """Two people of the east sit at a till: the cash desk asks for a session before it looks at anything."""
    for code in ("adm-e", "hall-e"):
        tills.add_till(code=f"T-{code}", name="东台", unit_code="BS-E", kind="COUNTER", actor=SYSTEM, at=now())
        tills.open_session(till_code=f"T-{code}", float_fen=0, actor=world.actor(code), at=now())


def client_of(code: str) -> Client:
    """A browser in which somebody is logged in."""
    client = Client(raise_request_exception=False)
    client.force_login(queries.login_user(code))
    return client


def now() -> datetime:
    return datetime.now(UTC)
