"""The outbox, the templates, who wants no more, and batches of letters."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.notices import actions, queries
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.words import notices as words


class RecipientFilter(ListFilterSet):
    """By account, template, state, channel and day."""

    q = CharFilter(label=_("户号"), field_name="account__account_number")
    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))
    template = CharFilter(label=_("模板代码"), field_name="notice__version__template__code")
    channel = ChoiceFilter(label=_("渠道"), choices=list(words.CHANNELS.items()))
    purpose = ChoiceFilter(
        label=_("用途"), choices=list(words.PURPOSES.items()), field_name="notice__version__template__purpose"
    )
    person = CharFilter(label=_("工号"), field_name="person__code")
    key = CharFilter(label=_("业务键"), field_name="notice__key")
    urgent = BooleanFilter(label=_("加急"), field_name="notice__is_urgent")
    since = DateFilter(label=_("自"), field_name="notice__made_at", lookup_expr="date__gte")
    until = DateFilter(label=_("至"), field_name="notice__made_at", lookup_expr="date__lte")


class TemplateFilter(ListFilterSet):
    """By name and purpose."""

    q = CharFilter(label=_("名称"), field_name="name", lookup_expr="icontains")
    purpose = ChoiceFilter(label=_("用途"), choices=list(words.PURPOSES.items()))
    audience = ChoiceFilter(label=_("对象"), choices=list(words.AUDIENCES.items()))


class OptOutFilter(ListFilterSet):
    """By account and purpose; those that hold, or those taken back."""

    q = CharFilter(label=_("户号"), field_name="account__account_number")
    purpose = ChoiceFilter(label=_("用途"), choices=list(words.PURPOSES.items()))
    ended = BooleanFilter(label=_("已恢复"), field_name="until_at", lookup_expr="isnull", exclude=True)


class BatchFilter(ListFilterSet):
    """By day."""

    q = CharFilter(label=_("打印人"), field_name="printed_by")
    since = DateFilter(label=_("自"), field_name="printed_at", lookup_expr="date__gte")


def _again(asking: Asking, keys: list[str], reason: str) -> int:
    for key in keys:
        actions.send_again(recipient_id=int(key), reason=reason, actor=asking.actor, at=asking.now)
    return len(keys)


def _cancel(asking: Asking, keys: list[str], reason: str) -> int:
    for key in keys:
        actions.cancel(recipient_id=int(key), reason=reason, actor=asking.actor, at=asking.now)
    return len(keys)


OUTBOX = ListDefinition(
    name="notices",
    title=_("发件箱"),
    route="console:notices-list",
    rows=lambda asking: queries.recipient_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=RecipientFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, is_sortable=True, link="console:notices-detail"),
        Column("template_name", _("通知"), words=words.NAMES),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("person_code", _("工号"), Kind.CODE, is_shown=False),
        Column("channel", _("渠道"), Kind.WORD, words=words.CHANNELS),
        Column("state", _("状态"), Kind.WORD, words=words.STATES, tones=words.STATE_TONES),
        Column("why", _("原因"), Kind.WORD, words=words.WHY),
        Column("is_urgent", _("加急"), Kind.FLAG, is_shown=False),
        Column("made_at", _("产生时间"), Kind.MOMENT),
        Column("reached_at", _("送达时间"), Kind.MOMENT),
        Column("due_at", _("下次处理"), Kind.MOMENT, is_shown=False),
        Column("purpose", _("用途"), Kind.WORD, words=words.PURPOSES, is_shown=False),
        Column("template_code", _("模板代码"), Kind.CODE, is_shown=False),
        Column("unit_name", _("供电单位"), is_shown=False),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
        Column("key", _("业务键"), Kind.CODE, is_shown=False),
    ),
    bulk=(
        BulkAction(
            "again", _("重发"), _again, _("未送达、结果不明或已取消的通知从第一个渠道重新发送。"), wants_reason=True
        ),
        BulkAction(
            "cancel", _("取消"), _cancel, _("只能取消待发送的通知；取消后不会发出。"), danger=True, wants_reason=True
        ),
    ),
    empty=Empty(_("没有符合条件的通知"), _("收费、催费、停电、复电等业务发生时，通知在这里排队发送。")),
)

TEMPLATES = ListDefinition(
    name="notice-templates",
    title=_("通知模板"),
    route="console:notices-templates",
    rows=lambda asking: queries.template_rows(on=asking.today),
    key="code",
    order=("purpose", "code"),
    filters=TemplateFilter,
    columns=(
        Column("name", _("名称"), link="console:notices-template", link_by=("code",)),
        Column("code", _("代码"), Kind.CODE),
        Column("purpose", _("用途"), Kind.WORD, words=words.PURPOSES),
        Column("audience", _("对象"), Kind.WORD, words=words.AUDIENCES),
        Column("version_number", _("现行版本"), Kind.INTEGER),
        Column("version_is_default", _("系统默认"), Kind.FLAG),
        Column("valid_from", _("起用"), Kind.DAY, is_shown=False),
        Column("channels", _("渠道"), is_shown=False),
        Column("drafts", _("待审批"), Kind.INTEGER),
    ),
    empty=Empty(_("还没有模板"), _("由管理员运行 wandeng init 安装系统默认模板。")),
)

OPT_OUTS = ListDefinition(
    name="notice-opt-outs",
    title=_("退订"),
    route="console:notices-opt-outs",
    rows=lambda asking: queries.opt_out_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=OptOutFilter,
    columns=(
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("purpose", _("用途"), Kind.WORD, words=words.PURPOSES),
        Column("source", _("来源"), Kind.WORD, words=words.SOURCES),
        Column("since_at", _("自"), Kind.MOMENT),
        Column("until_at", _("恢复时间"), Kind.MOMENT),
        Column("made_by", _("登记人"), Kind.CODE),
        Column("ended_by", _("恢复人"), Kind.CODE, is_shown=False),
        Column("reason", _("说明"), is_shown=False),
        Column("unit_name", _("供电单位"), is_shown=False),
    ),
    empty=Empty(
        _("没有退订"),
        _("客户回复退订或到营业厅提出时在这里登记；法定通知（催费、停电、复电）不受影响。"),
        "console:notices-opt-out",
        _("登记退订"),
    ),
)

BATCHES = ListDefinition(
    name="letter-batches",
    title=_("信函批次"),
    route="console:notices-letters",
    rows=lambda asking: queries.letter_batch_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=BatchFilter,
    columns=(
        Column("id", _("批次"), Kind.CODE, is_sortable=True, link="console:notices-letters-file"),
        Column("letters", _("信函（封）"), Kind.INTEGER),
        Column("unit_name", _("供电单位")),
        Column("printed_by", _("打印人"), Kind.CODE),
        Column("printed_at", _("打印时间"), Kind.MOMENT),
    ),
    empty=Empty(_("还没有打印过信函"), _("短信和电话都送不到的通知改用信函，在这里成批打印。")),
)
LISTS = (OUTBOX, TEMPLATES, OPT_OUTS, BATCHES)
