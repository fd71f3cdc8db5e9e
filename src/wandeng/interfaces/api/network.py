"""The network: who is behind what, now and as planned; switching."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.network import actions, queries
from wandeng.domains.network.types import RecordedOperation
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import SwitchId
from wandeng.kernel.periods import BILLING_ZONE

read(
    "/network",
    queries.overview,
    name="network",
    like="console:network-overview",
    tag="network",
    about="电网概况 overview",
)
read(
    "/feeders/{path:code}", queries.feeder_diagram, name="feeder", like="console:network-feeder", tag="network",
    about="馈线单线图 a feeder with what hangs on it",
)  # fmt: skip
read(
    "/switches/{path:switch}/trace", queries.trace_live, name="switch-trace", like="console:network-what-if", tag="network",
    about="拓扑追踪，可假设分合 trace, also what if it were opened or closed",
)  # fmt: skip
read(
    "/transformers/{path:code}", queries.transformer_view, name="transformer", like="console:network-transformer",
    tag="network", about="台区 a transformer and its customers",
)  # fmt: skip


read(
    "/network/map", queries.network_map, name="network-map", like="console:network-geojson", tag="network",
    about="地图 the network with its positions",
)  # fmt: skip
read(
    "/network/off-normal", queries.off_normal, name="network-off-normal", like="console:network-overview", tag="network",
    about="非正常方式 switches that are not as planned",
)  # fmt: skip


def operate(scope: Scope, code: str, *, is_open: bool, reason: str, actor: Actor, at: datetime) -> RecordedOperation:
    """Record that a switch was operated now (登记操作): by a dispatcher of its feeder's unit, with the reason."""
    switch = SwitchId(queries.switch_view(scope, code, on=at.astimezone(BILLING_ZONE).date()).id)
    return actions.record_switching(switch=switch, is_open=is_open, at=at, actor=actor, reason=reason)


write(
    "/switches/{path:code}/operate", operate, name="switch-operate", like="console:network-operate",
    tag="network", about="登记操作 record that a switch was operated",
)  # fmt: skip
# Last, because a code may hold slashes: the longer addresses are tried first.
read(
    "/switches/{path:code}", queries.switch_view, name="switch", like="console:network-switch", tag="network",
    about="开关：其后是谁 a switch and who is behind it",
)  # fmt: skip
