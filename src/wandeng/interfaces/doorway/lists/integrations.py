"""Webhook endpoints, and the log of what was sent to them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter

from wandeng.infra import webhook_log, webhooks
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.words import integrations as words


class EndpointFilter(ListFilterSet):
    """By name or address, and whether it is on."""

    q = CharFilter(label=_("名称"), field_name="name", lookup_expr="icontains")
    url = CharFilter(label=_("地址"), lookup_expr="icontains")
    active = BooleanFilter(label=_("启用"))


class DeliveryFilter(ListFilterSet):
    """By endpoint, event, state and day."""

    q = CharFilter(label=_("消息编号"), field_name="message_id")
    endpoint = CharFilter(label=_("推送地址"), field_name="endpoint__name")
    kind = ChoiceFilter(label=_("事件"), choices=list(words.EVENTS.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.DELIVERY_STATES.items()))
    since = DateFilter(label=_("自"), field_name="made_at", lookup_expr="date__gte")
    until = DateFilter(label=_("至"), field_name="made_at", lookup_expr="date__lte")


def _again(asking: Asking, keys: list[str], _reason: str) -> int:
    for key in keys:
        webhooks.replay(delivery_id=int(key), actor=asking.actor, at=asking.now)
    return len(keys)


ENDPOINTS = ListDefinition(
    name="webhook-endpoints",
    title=_("事件推送"),
    route="console:integrations-list",
    rows=lambda asking: webhook_log.endpoint_rows(asking.scope),
    key="id",
    order=("id",),
    filters=EndpointFilter,
    columns=(
        Column("name", _("名称"), link="console:integrations-detail", link_by=("id",)),
        Column("url", _("地址")),
        Column("active", _("启用"), Kind.FLAG),
        Column("disabled_why", _("停用原因"), Kind.WORD, words=words.OFF, tones={"FAILING": "late", "GONE": "late"}),
        Column("failing_since", _("失败起"), Kind.MOMENT),
        Column("unit_path", _("单位范围")),
        Column("made_by", _("登记人"), Kind.CODE),
        Column("made_at", _("登记时间"), Kind.MOMENT, is_shown=False),
    ),
    empty=Empty(
        _("还没有推送地址"),
        _("登记后，电费发行、示数更正、开关操作等事件会签名推送给其他系统。"),
        "console:integrations-new",
        _("登记推送地址"),
    ),
)

DELIVERIES = ListDefinition(
    name="webhook-deliveries",
    title=_("推送记录"),
    route="console:integrations-deliveries",
    rows=lambda asking: webhook_log.delivery_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=DeliveryFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, is_sortable=True, link="console:integrations-delivery"),
        Column("endpoint_name", _("推送地址"), link="console:integrations-detail", link_by=("endpoint_id",)),
        Column("kind", _("事件"), Kind.WORD, words=words.EVENTS),
        Column("state", _("状态"), Kind.WORD, words=words.DELIVERY_STATES, tones=words.DELIVERY_TONES),
        Column("attempts", _("次数"), Kind.INTEGER),
        Column("status", _("应答"), Kind.CODE),
        Column("milliseconds", _("毫秒"), Kind.INTEGER),
        Column("made_at", _("产生时间"), Kind.MOMENT),
        Column("next_at", _("下次发送"), Kind.MOMENT, is_shown=False),
        Column("done_at", _("送达时间"), Kind.MOMENT, is_shown=False),
        Column("message_id", _("消息编号"), Kind.CODE, is_shown=False),
    ),
    bulk=(BulkAction("replay", _("重放"), _again, _("接收方会再次收到这些事件；消息编号不变，接收方应能识别重复。")),),
    empty=Empty(_("没有推送记录"), _("登记推送地址后可先发一条测试事件。")),
)
LISTS = (ENDPOINTS, DELIVERIES)
