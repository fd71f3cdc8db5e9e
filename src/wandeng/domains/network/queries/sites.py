"""Where a new customer could be supplied: public transformers with what they carry, and their feeders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from wandeng.domains.network.models import Feeder, PowerTransformer, UsagePoint
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import TransformerId


@dataclass(frozen=True, slots=True)
class PublicTransformer:
    """A public transformer (公变) and where it stands: degrees × 10⁶ of its node, ``None`` where that is not known."""

    id: TransformerId
    code: str
    name: str
    area_name: str
    capacity_ckva: int
    feeder_id: int
    feeder_code: str
    feeder_name: str
    longitude_e6: int | None
    latitude_e6: int | None


@dataclass(frozen=True, slots=True)
class FeederLoad:
    """What hangs on a feeder, 0.01 kVA: transformers of all owners, and the contract capacity behind them."""

    capacity_ckva: int
    contract_ckva: int


def public_transformers(scope: Scope) -> tuple[PublicTransformer, ...]:
    """Every public transformer of the scope, by id."""
    rows = scope.limit(PowerTransformer.objects.filter(ownership="PUBLIC"), "unit__path").order_by("id")
    columns = ("id", "code", "name", "area_name", "capacity_ckva", "feeder_id", "feeder__code", "feeder__name",
               "node__longitude_e6", "node__latitude_e6")  # fmt: skip
    return tuple(
        PublicTransformer(TransformerId(pk), code, name, area, capacity, feeder, feeder_code, feeder_name, x, y)
        for pk, code, name, area, capacity, feeder, feeder_code, feeder_name, x, y in rows.values_list(*columns)
    )


def contract_loads(transformers: Sequence[int], *, on: date) -> dict[int, int]:
    """Contract capacity of the loads behind each of the transformers on a day, 0.01 kVA; those without any are absent."""
    rows = _loads(on).filter(transformer_id__in=list(transformers))
    return dict(rows.order_by().values_list("transformer_id").annotate(n=Sum("contract_capacity_ckva")))


def feeder_loads(feeders: Sequence[int], *, on: date) -> dict[int, FeederLoad]:
    """What hangs on each of the feeders on a day."""
    wanted = list(feeders)
    built = PowerTransformer.objects.filter(feeder_id__in=wanted).order_by().values_list("feeder_id")
    capacity = dict(built.annotate(n=Sum("capacity_ckva")))
    hung = _loads(on).filter(transformer__feeder_id__in=wanted).order_by().values_list("transformer__feeder_id")
    contract = dict(hung.annotate(n=Sum("contract_capacity_ckva")))
    return {one: FeederLoad(capacity.get(one, 0), contract.get(one, 0)) for one in wanted}


def check_points(transformers: Sequence[int]) -> dict[int, int]:
    """Usage point of the check meter (考核表) of each of the transformers → the transformer."""
    rows = UsagePoint.objects.filter(kind="SUPPLY", transformer_id__in=list(transformers))
    return dict(rows.values_list("pk", "transformer_id"))


def feeder_name(scope: Scope, code: str) -> tuple[int, str]:
    """Id and name of a feeder by its code. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(Feeder.objects.all(), "unit__path", "feeder", code=code)
    return row.pk, row.name


@dataclass(frozen=True, slots=True)
class PointOfAccount:
    """A usage point of an account, with what a change of supply needs to know of it; ``deducts_from`` is the code of the
    point whose meter its own is deducted from."""

    code: str
    kind: str
    transformer_code: str
    voltage_code: str
    metered_side: str
    contract_capacity_ckva: int
    connected_on: date
    disconnected_on: date | None
    deducts_from: str = ""


def points_of(scope: Scope, account_number: str) -> tuple[PointOfAccount, ...]:
    """The usage points of an account, also those that were disconnected, the latest connected last; check points of the
    utility's own are left out."""
    mine = UsagePoint.objects.filter(account__account_number=account_number).exclude(kind="SUPPLY")
    rows = scope.limit(mine, "account__unit__path").order_by("connected_on", "id")
    columns = ("code", "kind", "transformer__code", "voltage_code", "metered_side", "contract_capacity_ckva",
               "connected_on", "disconnected_on")  # fmt: skip
    parent = Coalesce("deducts_from__code", Value(""))
    return tuple(PointOfAccount(*row) for row in rows.values_list(*columns, parent))


def _loads(on: date) -> QuerySet[UsagePoint]:
    still = Q(disconnected_on__isnull=True) | Q(disconnected_on__gt=on)
    return UsagePoint.objects.filter(still, kind="LOAD", connected_on__lte=on)
