"""A county 白水 with two offices that have everything that an address of the API can name, and one person for each role.

What belongs to the office in the west ends in ``W``, what belongs to the east in ``E``. July and August are billed and published in the west; a
reading of October is held there, with an order to read again; a file with a row that could not be read waits there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client

from tests.api import world_service
from tests.kits import bill_steps as steps
from tests.kits import bill_world, money_in
from wandeng.domains.billing.actions import runs
from wandeng.domains.billing.models import Bill
from wandeng.domains.collections.tests.make import prepay
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.models import Customer
from wandeng.domains.customers.queries import places
from wandeng.domains.knowledge.models import Standard
from wandeng.domains.metering import actions as metering
from wandeng.domains.metering.models import MeterInstallation, Reading, ReadingRoute
from wandeng.domains.network import revision
from wandeng.domains.network.models import ConnectivityNode, Feeder, PowerTransformer, Substation, Switch
from wandeng.domains.notices import actions as notices
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import Unit
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.actions import tills
from wandeng.domains.residents import actions as resident_actions
from wandeng.domains.residents.models import AccountBinding
from wandeng.domains.residents.tests import make as residents
from wandeng.flows import bill_run, cash_desk, notice_letters
from wandeng.flows.imports import desk
from wandeng.infra import ids, jobs, webhooks
from wandeng.infra.models import Job, Operation
from wandeng.infra.upload_models import ImportUpload
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import PersonId, RunId
from wandeng.kernel.periods import Month

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
AUGUST = Month(2026, 8)
JUL1, AUG1, SEP1, OCT1 = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)
PHONE = "13812345678"
HOOK = "https://hooks.example.com/wandeng"
OFFICES = {"W": "BS-W", "E": "BS-E"}
FILE = "资产编号,计量点编号,抄表日期,正向有功总\nMW1,,2026-11-01,很多\n"
PLAIN = frozenset({"year", "month", "day", "read_on", "line", "name", "kind", "bank", "channel", "field"})
"""Arguments that name nothing of an office."""

ROLES = {
    "hall": Role.HALL_CLERK,
    "reader": Role.METER_READER,
    "biller": Role.BILLING_CLERK,
    "reviewer": Role.BILLING_REVIEWER,
    "adm": Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class Held:
    """What the west has, by the names that addresses of the API use; ``absent`` has the same names for nothing."""

    west: Mapping[str, Any]
    absent: Mapping[str, Any]


def build() -> Held:
    """Everything, committed."""
    actions.create_unit(code="BS", name="白水县供电公司", kind="COUNTY", territory="demo", actor=SYSTEM, at=AT)
    for mark, code in OFFICES.items():
        actions.create_unit(code=code, name=f"{mark}供电所", kind="OFFICE", parent_code="BS", actor=SYSTEM, at=AT)
        _equipment(mark, Unit.objects.get(code=code))
        bill_world.add_account(f"{mark}1", total={JUL1: 700, AUG1: 850, SEP1: 1000}, unit_code=code)
        route = ReadingRoute.objects.get(code=f"R{mark}")
        MeterInstallation.objects.filter(meter__asset_number=f"M{mark}1").update(route=route)
    revision.renew(revision.Part.EQUIPMENT)
    for where, code in (("", "BS"), ("-w", "BS-W"), ("-e", "BS-E")):
        for name, role in ROLES.items():
            _person(f"{name}{where}", code, role)
    west = {"account_number": "W1", "usage_point": "PW1", "asset_number": "MW1", "unit_code": "BS-W"}
    west |= {"person_code": "biller-w", "month": str(AUGUST), "day": str(SEP1), "read_on": str(SEP1)}
    west |= _billed() | _read() | _brought() | _told() | _signed() | _taken() | _noticed() | _standard()
    west |= _residing()
    west["installation_id"] = MeterInstallation.objects.get(meter__asset_number="MW1").pk
    west["operation_id"] = Operation.objects.filter(unit_path="BS/BS-W/").latest("pk").pk
    west |= money_in.build() | world_service.build(actor("hall-w"))
    at = datetime.now(UTC)
    prepay.overdrawn("W1", on=at.date(), at=at)
    return Held(west, nowhere(west))


def nowhere(west: Mapping[str, Any]) -> dict[str, Any]:
    """The same names for nothing; those that name nothing of an office stay."""
    return {name: value if name in PLAIN else _nothing_like(value) for name, value in west.items()}


def _nothing_like(value: Any) -> Any:
    if isinstance(value, list):
        return [_nothing_like(one) for one in value]
    return 987_654 if isinstance(value, int) else "NOWHERE"


def _equipment(mark: str, unit: Unit) -> None:
    named = {"code": f"C-{unit.code}", "name": "客户", "kind": "PERSON"}
    Customer.objects.create(id=ids.reserve(Customer, 1), **named)
    station = Substation.objects.create(id=ids.reserve(Substation, 1), code=f"S{mark}", name="变电站", unit=unit)
    feeder = Feeder.objects.create(
        id=ids.reserve(Feeder, 1), code=f"F{mark}", name="馈线", substation=station, unit=unit
    )
    first, second = (
        ConnectivityNode.objects.create(
            id=ids.reserve(ConnectivityNode, 1), code=f"N{mark}{place}", feeder=feeder, is_source=place == 0
        )
        for place in range(2)
    )
    Switch.objects.create(
        id=ids.reserve(Switch, 1), code=f"K{mark}", name="开关", kind="BREAKER", feeder=feeder, node_a=first,
        node_b=second, normal_open=False,
    )  # fmt: skip
    PowerTransformer.objects.create(
        id=ids.reserve(PowerTransformer, 1), code=f"T-{unit.code}", name="配变", feeder=feeder, node=second, unit=unit,
        capacity_ckva=40_000, ownership="PUBLIC",
    )  # fmt: skip
    ReadingRoute.objects.create(id=ids.reserve(ReadingRoute, 1), code=f"R{mark}", name="抄表段", unit=unit)


def _person(code: str, unit: str, role: Role) -> None:
    actions.add_person(code=code, name=f"人员{code}", unit_code=unit, actor=SYSTEM, at=AT)
    actions.appoint(person_code=code, unit_code=unit, role=role, from_on=SINCE, actor=SYSTEM, at=AT)


def actor(code: str) -> Actor:
    """A person as they act today."""
    return queries.actor_for(code, datetime.now(UTC).date())


def _billed() -> dict[str, Any]:
    maker, checker = (
        Actor(f"{name}-w", PersonId(queries.person_card(f"{name}-w").person_id), "BS/BS-W/", frozenset({role}))
        for name, role in (("biller", "BILLING_CLERK"), ("reviewer", "BILLING_REVIEWER"))
    )
    for month in (AUGUST.previous(), AUGUST):
        view = bill_run.run(unit_code="BS-W", month=month, actor=maker, at=bill_world.NOW, shop=steps.shop())
        run = RunId(view.run_id)
        if view.state == "HALTED":
            runs.override(run=run, reason="已核对", actor=checker, at=bill_world.NOW)
        runs.approve(run=run, actor=checker, at=bill_world.NOW)
        bill_run.post(run, actor=maker, at=bill_world.NOW)
        bill_run.publish(run, actor=maker, at=bill_world.NOW)
    other, bill = Bill.objects.filter(account__account_number="W1").order_by("month_index").values_list("pk", flat=True)
    return {"run_id": view.run_id, "run": view.run_id, "number": bill, "other": other}


def _read() -> dict[str, Any]:
    installation = MeterInstallation.objects.get(meter__asset_number="MW1")
    held = Reading.objects.create(
        id=ids.reserve(Reading, 1), installation=installation, read_on=OCT1, total_ckwh=9_000_000, source="MANUAL",
        state="HELD", hold_reason="JUMP", received_at=bill_world.NOW, actor="reader-w",
    )  # fmt: skip
    now = datetime.now(UTC)
    order = metering.order_reread(
        reading_id=held.pk,
        due_on=now.date() + timedelta(days=3),
        actor=actor("reader-w"),
        at=now,
        reason="突增",
    )
    return {"reading_id": held.pk, "order_id": order}


def _brought() -> dict[str, Any]:
    """An upload landed with its one row parked, and one that was only looked through."""
    found = []
    for _ in range(2):
        found.append(
            desk.receive(
                kind_name="readings", file_name="示数.csv", chunks=[FILE.encode()], unit_code="",
                actor=actor("reader-w"), at=datetime.now(UTC),
            )
        )  # fmt: skip
    work()
    desk.land(upload_id=found[0], actor=actor("reader-w"), at=datetime.now(UTC))
    work()
    landed = ImportUpload.objects.get(pk=found[0])
    assert landed.batch_id, landed.refusal
    return {
        "upload_id": found[1],
        "batch_id": landed.batch_id,
        "line": 2,
        "job_id": Job.objects.latest("pk").pk,
    }


def work() -> None:
    """What a worker does with uploads."""
    while jobs.run_one(desk.handlers(lambda: datetime.now(UTC)), owner="w:1", clock=lambda: datetime.now(UTC)):
        continue


def _told() -> dict[str, Any]:
    """A webhook of the west with a delivery, and a notice to it. ``WANDENG_OUTGOING`` must allow :data:`HOOK`."""
    now = datetime.now(UTC)
    endpoint, _secret = webhooks.register(name="西", url=HOOK, kinds=(), unit_path="BS/BS-W/", actor=SYSTEM, at=now)
    delivery = webhooks.ping(endpoint_id=endpoint, actor=SYSTEM, at=now)
    notice = actions.draft_announcement(
        title="停电通知", body="今晚", unit_code="BS-W", visible_from=SINCE, visible_to=date(2030, 1, 1),
        actor=actor("adm-w"), at=now,
    )  # fmt: skip
    return {"endpoint_id": endpoint, "delivery_id": delivery, "announcement_id": notice}


def _signed() -> dict[str, Any]:
    now = datetime.now(UTC)
    contact = customers.add_contact(account_number="W1", phone=PHONE, name="张三", actor=actor("hall-w"), at=now)
    customers.draft_agreement(
        number="HT-W1", account_number="W1", valid_from=SINCE, valid_to=date(2031, 1, 1),
        library=steps.shop().library, actor=actor("hall-w"), at=now,
    )  # fmt: skip
    return {"contact_id": contact}


def _residing() -> dict[str, Any]:
    """A resident who holds the account of the west, with a personal token."""
    now = datetime.now(UTC)
    held = residents.holding(PHONE, "W1", at=now)
    token = resident_actions.make_token(resident_id=held.resident_id, label="家里", days=1, at=now)
    return {
        "resident_id": held.resident_id,
        "resident": held.resident_id,
        "binding": AccountBinding.objects.get().pk,
        "token": token.token_id,
    }


def _taken() -> dict[str, Any]:
    """Money taken at a till of the west, with its receipt."""
    now = datetime.now(UTC)
    tills.add_till(code="TW", name="西台", unit_code="BS-W", kind="COUNTER", actor=SYSTEM, at=now)
    session = tills.open_session(till_code="TW", float_fen=0, actor=actor("hall-w"), at=now)
    taken = cash_desk.take(
        session_number=session, client_key="k", account_number="W1", amount_fen=100_00, tender="CASH",
        purpose="ADVANCE", actor=actor("hall-w"), at=now,
    )  # fmt: skip
    return {"session_number": session, "receipt_number": taken.receipt_number}


def _noticed() -> dict[str, Any]:
    """A notice to the account of the west, and a letter that was printed there."""
    now = datetime.now(UTC)
    account = places.account_id_of("W1")
    told = {"at": "9月15日 10:00", "amount": "128.50", "channel": "现金", "owed": "0.00", "credit": "0.00"}
    notice = notices.send(key="west", template="payment_received", account=account, slots=told, at=now, actor=SYSTEM)
    reminder = {"owed": "256.80", "days": "33", "late_fee": "3.20"}
    letter = notices.send(
        key="letter", template="arrears_reminder_2", account=account, slots=reminder, at=now, actor=SYSTEM
    )
    NoticeRecipient.objects.filter(notice=letter).update(channel="LETTER")
    batch, _count = notice_letters.print_batch(
        unit_code="BS-W", actor=actor("hall-w"), at=now, library=steps.shop().library
    )
    return {"recipient_id": NoticeRecipient.objects.get(notice=notice).pk, "letter_batch_id": batch}


def _standard() -> dict[str, Any]:
    """A standard that the west answers for."""
    unit = Unit.objects.get(code="BS-W")
    row = Standard.objects.create(
        id=ids.reserve(Standard, 1), code="Q-W-1", title="西所标准", kind="WORK", unit=unit, status="IN_FORCE",
        review_on=OCT1,
    )  # fmt: skip
    return {"standard": row.code}


def token(code: str, *, may_write: bool = True) -> str:
    """A new token of a person."""
    now = datetime.now(UTC)
    issued = actions.issue_token(
        label="测试", may_write=may_write, expires_at=now + timedelta(days=1), actor=actor(code), at=now
    )
    return issued.secret


class Caller:
    """Asks the API in a person's name."""

    def __init__(self, code: str, *, may_write: bool = True) -> None:
        self._client = Client(
            raise_request_exception=False,
            headers={"Authorization": f"Bearer {token(code, may_write=may_write)}"},
        )

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self._client.post(f"/api/v1{path}", body or {}, content_type="application/json", headers=headers)
