"""Webhooks, and the examination of the installation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wandeng.domains.organization import queries as organization
from wandeng.flows.doctor import examination
from wandeng.infra import webhook_log, webhooks
from wandeng.infra.scope import Scope, require_root
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor

_P = "console:integrations-"
_ENDPOINT, _DELIVERY = "/webhook-endpoints/{int:endpoint_id}", "/webhook-deliveries/{int:delivery_id}"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """An endpoint and its secret, which is shown this once."""

    endpoint_id: int
    secret: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of the installation found, and what to do about it, in both languages."""

    code: str
    severity: str
    sentence_zh: str
    sentence_en: str
    remedy_zh: str
    remedy_en: str


def _path(scope: Scope, unit_code: str) -> str:
    return organization.unit(scope, unit_code).path if unit_code else ""


def register(
    scope: Scope,
    *,
    name: str,
    url: str,
    kinds: Sequence[str] = (),
    unit_code: str = "",
    actor: Actor,
    at: datetime,
) -> NewSecret:
    """Register an endpoint; without kinds it hears everything, without a unit the whole installation."""
    path = _path(scope, unit_code)
    return NewSecret(*webhooks.register(name=name, url=url, kinds=kinds, unit_path=path, actor=actor, at=at))


def change(
    scope: Scope,
    endpoint_id: int,
    *,
    name: str,
    url: str,
    kinds: Sequence[str] = (),
    unit_code: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Change what an endpoint is called, where it is and what it hears."""
    webhooks.change(
        endpoint_id=endpoint_id,
        name=name,
        url=url,
        kinds=kinds,
        unit_path=_path(scope, unit_code),
        actor=actor,
        at=at,
    )


def rotate(*, endpoint_id: int, actor: Actor, at: datetime) -> NewSecret:
    """A new secret; the old one signs beside it for a day."""
    return NewSecret(endpoint_id, webhooks.rotate(endpoint_id=endpoint_id, actor=actor, at=at))


def doctor(now: datetime, actor: Actor) -> tuple[Finding, ...]:
    """Every check with what it found: ``FINE``, ``WARNING`` or ``FAULT``."""
    require_root(actor, webhooks.ADMINISTRATOR)
    return tuple(
        Finding(one.code, one.severity.name, one.sentence.zh, one.sentence.en, one.remedy.zh, one.remedy.en)
        for _zh, _en, findings in examination.examine(now)
        for one in findings
    )


def _read(address: str, query: Any, name: str, like: str, about: str) -> None:
    read(address, query, name=name, like=_P + like, tag="integrations", about=about)


def _write(address: str, action: Any, name: str, like: str, about: str) -> None:
    write(address, action, name=name, like=_P + like, tag="integrations", about=about)


_read(_ENDPOINT, webhook_log.endpoint, "webhook", "detail", "推送地址 an endpoint")
_write(
    "/webhook-endpoints/register",
    register,
    "webhook-register",
    "new",
    "登记推送地址 register; shows the secret once",
)
_write(f"{_ENDPOINT}/change", change, "webhook-change", "change", "更改 change")
_write(f"{_ENDPOINT}/switch", webhooks.switch, "webhook-switch", "switch", "启用或停用 turn on or off")
_write(f"{_ENDPOINT}/rotate", rotate, "webhook-rotate", "rotate", "更换密钥 a new secret, shown once")
_write(f"{_ENDPOINT}/ping", webhooks.ping, "webhook-ping", "ping", "发送测试事件 send a test event")
_write(
    f"{_ENDPOINT}/replay", webhooks.replay_range, "webhook-replay-range", "replay-range",
    "重放一段时间 send a stretch of time again",
)  # fmt: skip
_read(_DELIVERY, webhook_log.delivery, "webhook-delivery", "delivery", "推送记录 a delivery with its attempts")
_write(f"{_DELIVERY}/replay", webhooks.replay, "webhook-replay", "replay", "重放 send again")
_read("/doctor", doctor, "doctor", "doctor", "安装体检 every gap of the installation")
