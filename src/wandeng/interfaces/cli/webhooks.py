"""``wandeng webhooks``: who is told of events, what was sent, and sending it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.organization import queries as organization
from wandeng.infra import webhook_delivery, webhook_log, webhooks
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

app = typer.Typer(no_args_is_help=True, help="Webhooks (事件推送): endpoints, deliveries, replay.")

_Id = Annotated[int, typer.Argument(metavar="ENDPOINT", help="Number of the endpoint, as 'list' shows it (编号).")]
_Kind = Annotated[list[str] | None, typer.Option("--event", "-e", metavar="EVENT", help="Only these events; several.")]
_Parked = Annotated[bool, typer.Option("--parked", help="Only what is parked (搁置).")]
_Since = Annotated[str, typer.Option("--since", metavar="TIME", help="Written from then on, YYYY-MM-DD[THH:MM].")]
_Until = Annotated[str, typer.Option("--until", metavar="TIME", help="Written before then.")]


@app.command()
def events(as_json: terminal.AsJson = False) -> None:
    """List the events that can be heard (事件)."""
    known = webhooks.kinds()
    if as_json:
        terminal.show_json(dict(known))
        return
    for name, word in known.items():
        Console().print(f"{name:34} {word}", highlight=False)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is called (名称).")],
    url: Annotated[str, typer.Argument(help="Where events are sent; must be allowed by WANDENG_OUTGOING.")],
    event: _Kind = None,
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Register an endpoint (登记). Its secret is shown this once."""
    actor = terminal.acting(as_person)
    number, secret = webhooks.register(
        name=name, url=url, kinds=event or (), unit_path=_path(actor, unit), actor=actor, at=terminal.now()
    )
    sentence = f"推送地址 endpoint {number}\n密钥 secret   {secret}   (仅显示一次 shown this once)"
    terminal.done(sentence, {"endpoint": number, "secret": secret}, as_json=as_json)


@app.command("list")
def list_(as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List endpoints (推送地址)."""
    scope = Scope.of(terminal.acting(as_person))
    rows = [webhook_log.endpoint(scope, row["id"]) for row in webhook_log.endpoint_rows(scope)]
    columns = {"id": "编号 id", "name": "名称 name", "url": "地址 url", "active": "启用 on", "kinds": "事件 events",
               "unit_path": "单位 unit", "failing_since": "失败起 failing", "disabled_why": "停用 off"}  # fmt: skip
    terminal.show_list(rows, columns, title="事件推送 webhooks", empty="没有推送地址 no endpoints", as_json=as_json)


@app.command()
def log(
    endpoint: Annotated[int | None, typer.Option("--endpoint", help="Only this endpoint.")] = None,
    parked: _Parked = False,
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List deliveries (投递记录), newest first."""
    rows = webhook_log.delivery_rows(Scope.of(terminal.acting(as_person)), endpoint_id=endpoint)
    if parked:
        rows = rows.filter(state="PARKED")
    found = list(rows[:limit])
    if as_json:
        terminal.show_json(found)
        return
    table = terminal.Table(
        "编号 id",
        "地址 endpoint",
        "事件 event",
        "状态 state",
        "次数 tries",
        "应答 status",
        "毫秒 ms",
        "时间 made",
        box=None,
    )
    for row in found:
        made = row["made_at"].astimezone(BILLING_ZONE).strftime("%Y-%m-%d %H:%M:%S")
        cells = (row["id"], row["endpoint_name"], row["kind"], row["state"], row["attempts"], row["status"] or "",
                 row["milliseconds"] if row["milliseconds"] is not None else "", made)  # fmt: skip
        table.add_row(*map(str, cells))
    Console().print(table if found else "没有投递记录 nothing was sent")


@app.command()
def show(
    delivery: Annotated[int, typer.Argument(metavar="DELIVERY", help="Number of the delivery.")],
    as_person: terminal.AsPerson = "",
) -> None:
    """Show a delivery as JSON (投递详情): what was sent, every attempt, what came back."""
    terminal.show_json(webhook_log.delivery(Scope.of(terminal.acting(as_person)), delivery))


@app.command()
def ping(endpoint: _Id, as_person: terminal.AsPerson = "") -> None:
    """Send a test event (测试)."""
    delivery = webhooks.ping(endpoint_id=endpoint, actor=terminal.acting(as_person), at=terminal.now())
    webhook_delivery.deliver_due(clock=terminal.now)
    terminal.show_json(webhook_log.delivery(Scope.everywhere(), delivery))


@app.command()
def rotate(endpoint: _Id, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Make a new secret (换密钥); the old one signs beside it for a day."""
    secret = webhooks.rotate(endpoint_id=endpoint, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"新密钥 secret {secret}   (仅显示一次 shown this once)", {"secret": secret}, as_json=as_json)


@app.command()
def on(endpoint: _Id, as_person: terminal.AsPerson = "") -> None:
    """Turn an endpoint on (启用)."""
    webhooks.switch(endpoint_id=endpoint, active=True, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已启用 on")


@app.command()
def off(endpoint: _Id, reason: terminal.Reason, as_person: terminal.AsPerson = "") -> None:
    """Turn an endpoint off (停用)."""
    actor = terminal.acting(as_person)
    webhooks.switch(endpoint_id=endpoint, active=False, actor=actor, at=terminal.now(), reason=reason)
    Console().print("已停用 off")


@app.command()
def replay(
    delivery: Annotated[
        int | None, typer.Argument(metavar="[DELIVERY]", help="One delivery; or a stretch of time.")
    ] = None,
    endpoint: Annotated[int | None, typer.Option("--endpoint", help="All of this endpoint within the time.")] = None,
    since: _Since = "",
    until: _Until = "",
    parked: _Parked = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Send deliveries again (重放), under the same message id."""
    actor, now, count = terminal.acting(as_person), terminal.now(), 1
    if delivery is not None:
        webhooks.replay(delivery_id=delivery, actor=actor, at=now)
    elif endpoint is not None and since:
        count = webhooks.replay_range(
            endpoint_id=endpoint, made_from=_moment(since), made_to=_moment(until) if until else now,
            only_parked=parked, actor=actor, at=now,
        )  # fmt: skip
    else:
        raise InvalidInput("name a delivery, or an --endpoint and --since")
    terminal.done(f"{count} 条已排队 deliveries are back in line", {"count": count}, as_json=as_json)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BILLING_ZONE)
    except ValueError:
        raise InvalidInput(f"a time is written YYYY-MM-DD or YYYY-MM-DDTHH:MM, not '{text}'") from None


def _path(actor: Actor, unit: str) -> str:
    return organization.unit(Scope.of(actor), unit).path if unit else ""
