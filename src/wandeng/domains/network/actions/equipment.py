"""A customer's own transformer is taken up at its feeder."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.network import revision
from wandeng.domains.network.models import ConnectivityNode, Feeder, PowerTransformer
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope
from wandeng.infra.search import entries
from wandeng.infra.search.entries import Findable, Kind
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import TransformerId


@transaction.atomic
def build_transformer(
    *,
    code: str,
    name: str,
    feeder_code: str,
    capacity_ckva: int,
    ownership: str,
    actor: Actor,
    at: datetime,
    node_code: str = "",
    area_name: str = "",
) -> TransformerId:
    """Take up a transformer at a node of a feeder; without ``node_code`` at the feeder's head.

    Raises :class:`NotFound` for a feeder outside the actor's scope or a node that is none of it, :class:`Conflict` for a
    code in use, :class:`InvalidInput` for no capacity or an unknown owner.
    """
    if capacity_ckva <= 0 or ownership not in ("PUBLIC", "CUSTOMER"):
        raise InvalidInput(f"a transformer has a capacity and an owner PUBLIC or CUSTOMER, not {ownership}")
    feeder = Scope.of(actor).one(Feeder.objects.select_related("unit"), "unit__path", "feeder", code=feeder_code)
    nodes = ConnectivityNode.objects.filter(feeder=feeder)
    node = (nodes.filter(code=node_code) if node_code else nodes.order_by("-is_source", "id")).first()
    if node is None:
        raise NotFound(f"feeder {feeder_code} has no node {node_code}")
    if PowerTransformer.objects.filter(code=code).exists():
        raise Conflict(f"transformer {code} exists already")
    made = PowerTransformer.objects.create(
        id=ids.reserve(PowerTransformer, 1), code=code, name=name, feeder=feeder, node=node, unit=feeder.unit,
        capacity_ckva=capacity_ckva, ownership=ownership, area_name=area_name,
    )  # fmt: skip
    entries.put(Kind.TRANSFORMER, Findable(made.pk, made.unit_id, code, name, area_name or None))
    revision.renew(revision.Part.EQUIPMENT)
    facts = {"code": code, "feeder": feeder_code, "capacity_ckva": capacity_ckva, "ownership": ownership}
    audit.record(actor=actor, action="transformer.build", subject=made, facts=facts, at=at, unit_path=feeder.unit.path)
    return TransformerId(made.pk)
