"""Lists of administration: people, posts, notices, work, and the three logs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.organization import queries as organization
from wandeng.infra import events, jobs, operations, waiting
from wandeng.interfaces.doorway import told_facts
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.templatetags.wandeng import clauses
from wandeng.interfaces.doorway.words import administration as words


class _Filters(ListFilterSet):
    """Filters that know who asks."""

    class Meta:
        fields: tuple[str, ...] = ()


class _Facts(dict[str, Any]):
    """Stands for the words of a column of facts: any JSON of facts reads as ``name before → after``."""

    def get(self, key: str, default: Any = None) -> Any:
        told = operations.facts_of(key) if key.startswith("{") else ()
        return clauses(told_facts.changes(told)) if told else default


def _choices(table: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(table.items())


class PeopleFilter(_Filters):
    """By name, unit, and whether the account is on."""

    code = CharFilter(label=_("工号"), lookup_expr="icontains")
    name = CharFilter(label=_("姓名"), lookup_expr="icontains")
    unit_code = CharFilter(label=_("单位编码"), lookup_expr="iexact")
    is_active = BooleanFilter(label=_("账号启用"))


PEOPLE = ListDefinition(
    name="people",
    title=_("人员"),
    route="console:administration-people",
    rows=lambda asking: organization.people_rows(asking.scope, on=asking.today),
    key="code",
    order=("code",),
    filters=PeopleFilter,
    columns=(
        Column("code", _("工号"), Kind.CODE, is_sortable=True, link="console:administration-person"),
        Column("name", _("姓名"), is_sortable=True),
        Column("unit_name", _("单位"), link="console:administration-unit", link_by=("unit_code",)),
        Column("posts", _("岗位数"), Kind.INTEGER),
        Column("is_active", _("账号"), Kind.WORD, words={"True": _("启用"), "False": _("停用")},
               tones={"True": "ok", "False": "neutral"}),
        Column("last_login", _("最近登录"), Kind.MOMENT, is_sortable=True),
        Column("must_change_password", _("待改密码"), Kind.FLAG, is_shown=False),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的人员"), _("换个条件，或新增一人。"), "console:administration-person-new", _("新增人员")),
)  # fmt: skip


class PostFilter(_Filters):
    """By role, unit and person."""

    role = ChoiceFilter(label=_("角色"), choices=_choices(words.ROLES))
    unit_code = CharFilter(label=_("单位编码"), lookup_expr="iexact")
    person_code = CharFilter(label=_("工号"), lookup_expr="icontains")


POSTS = ListDefinition(
    name="posts",
    title=_("岗位"),
    route="console:administration-posts",
    rows=lambda asking: organization.post_rows(asking.scope, on=asking.today),
    key="id",
    order=("unit_code", "role", "person_code"),
    filters=PostFilter,
    columns=(
        Column("person_code", _("工号"), Kind.CODE, is_sortable=True, link="console:administration-person"),
        Column("person_name", _("姓名")),
        Column("role", _("角色"), Kind.WORD, is_sortable=True, words=words.ROLES),
        Column("unit_name", _("管辖单位"), link="console:administration-unit", link_by=("unit_code",)),
        Column("valid_from", _("自"), Kind.DAY, is_sortable=True),
        Column("valid_to", _("至（不含）"), Kind.DAY),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False, is_sortable=True),
    ),
    empty=Empty(_("没有符合条件的岗位"), _("换个条件，或任命一人。"), "console:administration-appoint", _("任命")),
)


class AnnouncementFilter(_Filters):
    """By state and title."""

    title = CharFilter(label=_("标题"), lookup_expr="icontains")
    state = ChoiceFilter(label=_("状态"), choices=_choices(words.ANNOUNCEMENT_STATES))


ANNOUNCEMENTS = ListDefinition(
    name="announcements",
    title=_("通知公告"),
    route="console:administration-announcements",
    rows=lambda asking: organization.announcement_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=AnnouncementFilter,
    columns=(
        Column("title", _("标题"), link="console:administration-announcement", link_by=("id",)),
        Column("state", _("状态"), Kind.WORD, words=words.ANNOUNCEMENT_STATES, tones=words.ANNOUNCEMENT_TONES),
        Column("unit_name", _("发往单位")),
        Column("visible_from", _("自"), Kind.DAY, is_sortable=True),
        Column("visible_to", _("至（不含）"), Kind.DAY),
        Column("is_urgent", _("紧急"), Kind.FLAG),
        Column("read_count", _("已读"), Kind.INTEGER),
        Column("created_by", _("起草人"), Kind.CODE),
    ),
    empty=Empty(
        _("还没有公告"), _("写一条，发给某个单位或某些岗位。"), "console:administration-announcement-new", _("写公告")
    ),
)


class LoginFilter(_Filters):
    """By person, address, outcome and day."""

    person_code = CharFilter(label=_("工号"), lookup_expr="exact")
    address = CharFilter(label=_("地址"), lookup_expr="exact")
    outcome = ChoiceFilter(label=_("结果"), choices=_choices(words.LOGIN_OUTCOMES))
    since = DateFilter(label=_("自"), field_name="at", lookup_expr="date__gte")
    until = DateFilter(label=_("至"), field_name="at", lookup_expr="date__lte")


LOGINS = ListDefinition(
    name="logins",
    title=_("登录日志"),
    route="console:administration-logins",
    rows=lambda asking: organization.login_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=LoginFilter,
    columns=(
        Column("at", _("时间"), Kind.MOMENT),
        Column("person_code", _("工号"), Kind.CODE),
        Column("outcome", _("结果"), Kind.WORD, words=words.LOGIN_OUTCOMES, tones=words.LOGIN_TONES),
        Column("address", _("地址"), Kind.CODE),
        Column("browser", _("浏览器"), is_shown=False),
    ),
    empty=Empty(_("没有登录记录"), _("换个条件再看。")),
)


class OperationFilter(_Filters):
    """By person, action, subject, unit and day."""

    actor = CharFilter(label=_("操作人"), lookup_expr="exact")
    action = ChoiceFilter(label=_("操作"), choices=_choices(words.ACTIONS))
    subject_code = CharFilter(label=_("对象编号"), lookup_expr="exact")
    since = DateFilter(label=_("自"), field_name="at", lookup_expr="date__gte")
    until = DateFilter(label=_("至"), field_name="at", lookup_expr="date__lte")


_OPERATION_COLUMNS = (
    Column("at", _("时间"), Kind.MOMENT, link="console:administration-operation", link_by=("id",)),
    Column("actor", _("操作人"), Kind.CODE),
    Column("action", _("操作"), Kind.WORD, words=words.ACTIONS),
    Column("subject_type", _("对象"), Kind.CODE, is_shown=False),
    Column("subject_code", _("对象编号"), Kind.CODE),
    Column("reason", _("原因")),
    Column("unit_path", _("单位路径"), Kind.CODE, is_shown=False),
    Column("facts", _("内容"), words=_Facts()),
)

OPERATIONS = ListDefinition(
    name="operations",
    title=_("操作日志"),
    route="console:administration-operations",
    rows=lambda asking: operations.rows(asking.scope),
    key="id",
    order=("-id",),
    filters=OperationFilter,
    columns=_OPERATION_COLUMNS,
    empty=Empty(_("没有操作记录"), _("换个条件再看。")),
)


class RevealFilter(_Filters):
    """By person and day."""

    actor = CharFilter(label=_("查看人"), lookup_expr="exact")
    since = DateFilter(label=_("自"), field_name="at", lookup_expr="date__gte")
    until = DateFilter(label=_("至"), field_name="at", lookup_expr="date__lte")


REVEALS = ListDefinition(
    name="reveals",
    title=_("个人信息查看日志"),
    route="console:administration-reveals",
    rows=lambda asking: operations.views_of_personal_data(asking.scope),
    key="id",
    order=("-id",),
    filters=RevealFilter,
    columns=(
        Column("at", _("时间"), Kind.MOMENT, link="console:administration-operation", link_by=("id",)),
        Column("actor", _("谁查看"), Kind.CODE),
        Column("action", _("方式"), Kind.WORD, words=words.ACTIONS),
        Column("facts", _("查看了谁的"), words=_Facts()),
        Column("reason", _("事由")),
        Column("unit_path", _("单位路径"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有人查看过个人信息明文"), _("每次显示完整号码都会记在这里。")),
)


class JobFilter(_Filters):
    """By state and kind."""

    state = ChoiceFilter(label=_("状态"), choices=_choices(words.JOB_STATES))
    kind = ChoiceFilter(label=_("类型"), choices=_choices(words.JOB_KINDS))


def _retry_jobs(asking: Asking, keys: list[str], reason: str) -> int:
    for key in keys:
        jobs.retry(job_id=int(key), actor=asking.actor, at=asking.now, reason=reason)
    return len(keys)


JOBS = ListDefinition(
    name="jobs",
    title=_("后台任务"),
    route="console:administration-jobs",
    rows=lambda asking: waiting.job_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=JobFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, link="console:administration-job"),
        Column("kind", _("类型"), Kind.WORD, words=words.JOB_KINDS),
        Column("state", _("状态"), Kind.WORD, words=words.JOB_STATES, tones=words.JOB_TONES),
        Column("attempts", _("次数"), Kind.INTEGER),
        Column("run_at", _("计划时间"), Kind.MOMENT),
        Column("finished_at", _("完成时间"), Kind.MOMENT),
        Column("lease_owner", _("执行进程"), Kind.CODE, is_shown=False),
        Column("last_error", _("最近错误")),
        Column("created_at", _("提交时间"), Kind.MOMENT, is_shown=False),
        Column("dedup_key", _("业务键"), Kind.CODE, is_shown=False),
    ),
    bulk=(BulkAction("retry", _("重试"), _retry_jobs, _("所选任务重新排队，次数从头计。")),),
    empty=Empty(_("没有后台任务"), _("排队核算、推送事件等任务会列在这里。")),
)


class DeliveryFilter(_Filters):
    """By state and event."""

    state = ChoiceFilter(label=_("状态"), choices=_choices(words.DELIVERY_STATES))
    event_name = CharFilter(label=_("事件"), lookup_expr="icontains")


def _retry_deliveries(asking: Asking, keys: list[str], reason: str) -> int:
    for key in keys:
        events.retry(delivery_id=int(key), actor=asking.actor, at=asking.now, reason=reason)
    return len(keys)


DELIVERIES = ListDefinition(
    name="deliveries",
    title=_("事件送达"),
    route="console:administration-deliveries",
    rows=lambda asking: waiting.delivery_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=DeliveryFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE),
        Column("event_name", _("事件"), Kind.CODE),
        Column("event_key", _("键"), Kind.CODE),
        Column("subscriber", _("订阅者"), Kind.CODE),
        Column("state", _("状态"), Kind.WORD, words=words.DELIVERY_STATES, tones=words.DELIVERY_TONES),
        Column("attempts", _("次数"), Kind.INTEGER),
        Column("next_at", _("下次时间"), Kind.MOMENT),
        Column("last_error", _("最近错误")),
    ),
    bulk=(BulkAction("retry", _("重新送达"), _retry_deliveries, _("所选事件重新送给订阅者。")),),
    empty=Empty(_("没有事件"), _("系统内部的事件由订阅者接收，失败的会搁置在这里。")),
)

LISTS = (PEOPLE, POSTS, ANNOUNCEMENTS, LOGINS, OPERATIONS, REVEALS, JOBS, DELIVERIES)
