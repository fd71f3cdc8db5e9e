"""Connections for tests: a county with three transformers, people of every role, and cases brought as far as a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tests.kits import bill_world as world

from wandeng.domains.cases.actions import intake, permits
from wandeng.domains.cases.models import PermitCheck
from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.types import Charter, Proof, Request
from wandeng.domains.network.models import ConnectivityNode, Feeder, PowerTransformer, Substation
from wandeng.domains.organization.models import Unit
from wandeng.infra import ids

NOW = datetime.fromisoformat("2026-09-01T09:00:00+08:00")
HOME = {"NAME": "王五", "PHONE": "13700000001", "ADDRESS": "新村3号", "CLASS": "RESIDENTIAL", "CAPACITY": "8"}
SHOP = {
    "NAME": "湘味餐馆",
    "PHONE": "13700000002",
    "ADDRESS": "城关镇新华路8号",
    "CLASS": "LOW_VOLTAGE",
    "CAPACITY": "60",
}
FACTORY = {"NAME": "宏远铸造厂", "PHONE": "13700000003", "ADDRESS": "工业园1号", "CLASS": "HV_DUAL", "CAPACITY": "1000"}
SITE = (cases.PHOTO, cases.HERE)
SIGNED = (*SITE, cases.SIGNATURE)
PROPERTY = Proof("DOCUMENT", document="PROPERTY")


def county(territory: str = "demo") -> None:
    """The county of the cases' tests with an account manager, a second feeder, and two further public transformers: ``T-near``
    in 新华 with room, ``T-far`` on the second feeder with more."""
    cases.county(territory)
    unit = Unit.objects.get(code=world.UNIT)
    cases.person("account_manager", "ACCOUNT_MANAGER", unit)
    node = ConnectivityNode.objects.get()
    ConnectivityNode.objects.filter(pk=node.pk).update(longitude_e6=112_000_000, latitude_e6=26_000_000)
    transformer("T-near", "新华台区", node, capacity_kva=200, area="新华")
    station = Substation.objects.get()
    other = Feeder.objects.create(id=ids.reserve(Feeder, 1), code="F-2", name="二馈线", substation=station, unit=unit)
    away = ConnectivityNode.objects.create(
        id=ids.reserve(ConnectivityNode, 1), code="N-2", feeder=other, is_source=True, longitude_e6=112_000_000,
        latitude_e6=26_010_000,
    )  # fmt: skip
    transformer("T-far", "河西台区", away, capacity_kva=400, area="河西")


def transformer(code: str, name: str, node: ConnectivityNode, *, capacity_kva: int, area: str) -> None:
    """A public transformer at a node."""
    PowerTransformer.objects.create(
        id=ids.reserve(PowerTransformer, 1), code=code, name=name, feeder=node.feeder, node=node,
        unit=Unit.objects.get(code=world.UNIT), capacity_ckva=capacity_kva * 100, ownership="PUBLIC", area_name=area,
    )  # fmt: skip


def opened(
    charter: Charter, answers: Mapping[str, str], *, process: str = "low_voltage_connection", at: datetime = NOW,
    documents: tuple[str, ...] = ("IDENTITY",), role: str = "HALL_CLERK", account_number: str = "",
) -> str:  # fmt: skip
    """A case, taken at the counter; its number."""
    request = Request(
        process, "HALL", answers, unit_code="" if account_number else world.UNIT, documents=documents,
        account_number=account_number, locality="URBAN",
    )  # fmt: skip
    return intake.open_case(request=request, actor=cases.actor(role), at=at, charter=charter).number


def later(days: int) -> datetime:
    """So many days after :data:`NOW`."""
    return NOW + timedelta(days=days)


def permit(charter: Charter, number: str, *, at: datetime) -> None:
    """A permit to work for the step a case stands at, seen through and issued."""
    worker, leave = cases.actor("ACCOUNT_MANAGER"), cases.actor("DISPATCHER")
    made = permits.write(
        case=number, job="HV_CONNECT", work="高压装表接电", worker=worker.code, valid_from=at - timedelta(hours=1),
        valid_to=at + timedelta(hours=8), actor=worker, at=at - timedelta(hours=1), charter=charter,
    )  # fmt: skip
    for check in PermitCheck.objects.filter(permit__number=made.number).values_list("code", flat=True):
        permits.see(number=made.number, check=check, actor=worker, at=at - timedelta(hours=1))
    permits.issue(number=made.number, actor=leave, at=at - timedelta(minutes=30))
