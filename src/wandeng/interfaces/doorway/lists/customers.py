"""Lists of customers: accounts, agreements, accounts without one, contacts to verify."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, DateFromToRangeFilter
from django_filters.filters import CharFilter

from wandeng.domains.customers import actions, queries
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.flows import search
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import customers as words

MOST_FOUND = 500
"""A search inside a list brings at most so many accounts: who looks for more sets filters instead."""
DUE_DAYS = (30, 60, 90, 180)
CHECKERS = (Role.CALL_CLERK, Role.HALL_CLERK, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER)
"""Roles that ring customers up to check their numbers."""
NOBODY = "-"


class CustomerFilterSet(UnitFilterSet):
    """A search box, a unit of the reader's scope to choose from, and the kinds of customers."""

    account_key = "account_number"
    class_key = "customer_class"
    importance_key = "importance"

    q = CharFilter(label=_("查找"), method="search", help_text=_("户号、户名、首字母、电话尾号、地址"))
    unit = ChoiceFilter(label=_("单位"), method="in_unit", choices=[])
    customer_class = ChoiceFilter(label=_("用户分类"), method="of_class", choices=list(words.CLASSES.items()))
    importance = ChoiceFilter(
        label=_("重要性"),
        method="of_importance",
        choices=[("ANY", _("全部重要用户")), *((code, word) for code, word in words.IMPORTANCES.items() if code)],
    )

    def search(self, rows: Rows, _name: str, text: str) -> Rows:
        numbers = search.account_numbers(self.request.scope, text, limit=MOST_FOUND)
        return rows.filter(**{f"{self.account_key}__in": numbers})

    def of_class(self, rows: Rows, _name: str, code: str) -> Rows:
        return rows.filter(**{self.class_key: code})

    def of_importance(self, rows: Rows, _name: str, code: str) -> Rows:
        if code == "ANY":
            return rows.exclude(**{self.importance_key: ""})
        return rows.filter(**{self.importance_key: code})


class AccountFilter(CustomerFilterSet):
    """Also by locality, and open or closed."""

    locality = ChoiceFilter(label=_("城乡类别"), choices=list(words.LOCALITIES.items()))
    state = ChoiceFilter(label=_("状态"), method="in_state", choices=[("OPEN", _("在用")), ("CLOSED", _("已销户"))])
    opened_on = DateFromToRangeFilter(label=_("立户日期"))

    def in_state(self, rows: Rows, _name: str, code: str) -> Rows:
        return rows.filter(closed_on__isnull=code == "OPEN")


class _OfAccountFilter(CustomerFilterSet):
    """The same by way of the account."""

    account_key = "account__account_number"
    unit_key = "account__unit_id"
    class_key = "account__customer_class"
    importance_key = "account__importance"


class AgreementFilter(_OfAccountFilter):
    """Also by state and by how soon it ends."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.AGREEMENT_STATES.items()))
    due = ChoiceFilter(
        label=_("到期"),
        method="due_within",
        choices=[
            ("over", _("已过期未处理")),
            *((str(days), format_lazy(_("{days} 天内"), days=days)) for days in DUE_DAYS),
        ],
    )
    renewed = ChoiceFilter(
        label=_("续签"), method="is_renewed", choices=[("no", _("未起草续签")), ("yes", _("已起草续签"))]
    )

    def due_within(self, rows: Rows, _name: str, value: str) -> Rows:
        signed, today = rows.filter(state="SIGNED"), self.request.today
        if value == "over":
            return signed.filter(valid_to__lte=today)
        return signed.filter(valid_to__gt=today, valid_to__lte=today + timedelta(days=int(value)))

    def is_renewed(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(successor__isnull=value == "no")


class WithoutFilter(CustomerFilterSet):
    """Also whether a draft waits."""

    draft = ChoiceFilter(label=_("草稿"), method="has_draft", choices=[("no", _("没有草稿")), ("yes", _("有草稿待签"))])

    def has_draft(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(draft__isnull=value == "no")


class ContactFilter(_OfAccountFilter):
    """Also by what the last check found."""

    verification = ChoiceFilter(
        label=_("核实"),
        method="found",
        choices=[("TODO", _("待核实")), *words.VERIFICATIONS.items()],
    )
    primary = ChoiceFilter(label=_("主要联系人"), method="is_first", choices=[("yes", _("是")), ("no", _("否"))])
    assigned = ChoiceFilter(
        label=_("核实人"),
        method="is_assigned",
        choices=[("mine", _("分派给我的")), ("none", _("未分派")), ("any", _("已分派"))],
    )

    def found(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.exclude(verification="RIGHT") if value == "TODO" else rows.filter(verification=value)

    def is_assigned(self, rows: Rows, _name: str, value: str) -> Rows:
        match value:
            case "mine":
                return rows.filter(assigned_to=self.request.actor.code)
            case "none":
                return rows.filter(assigned_to="")
        return rows.exclude(assigned_to="")

    def is_first(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(is_primary=value == "yes")


_CLASS = Column("customer_class", _("用户分类"), Kind.WORD, words=words.CLASSES)
_IMPORTANCE = Column("importance", _("重要性"), Kind.WORD, words=words.IMPORTANCES, tones=words.IMPORTANCE_TONES)
_UNIT = Column("unit_name", _("供电单位"))
_UNIT_CODE = Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False)
_NUMBER = Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail")

ACCOUNTS = ListDefinition(
    name="accounts",
    title=_("用电客户"),
    route="console:customers-list",
    rows=lambda asking: queries.account_rows(asking.scope),
    key="account_number",
    order=("account_number",),
    filters=AccountFilter,
    columns=(
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail", is_sortable=True),
        Column("name", _("户名")),
        Column("address", _("用电地址")),
        _CLASS,
        _IMPORTANCE,
        _UNIT,
        _UNIT_CODE,
        Column("locality", _("城乡类别"), Kind.WORD, words=words.LOCALITIES, is_shown=False),
        Column("household_size", _("家庭人口"), Kind.INTEGER, is_shown=False),
        Column("opened_on", _("立户日期"), Kind.DAY, is_shown=False),
        Column("closed_on", _("销户日期"), Kind.DAY, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的客户"), _("换个条件，或先导入客户档案。")),
)


def _sign(asking: Asking, keys: list[str], reason: str) -> int:
    return actions.sign_each(numbers=keys, signed_on=asking.today, actor=asking.actor, at=asking.now, reason=reason)


def _withdraw(asking: Asking, keys: list[str], reason: str) -> int:
    return actions.withdraw_each(numbers=keys, actor=asking.actor, at=asking.now, reason=reason)


def _renew(asking: Asking, keys: list[str], _reason: str) -> int:
    return actions.renew_each(numbers=keys, library=rulebook.library(), actor=asking.actor, at=asking.now)


AGREEMENTS = ListDefinition(
    name="agreements",
    title=_("供用电合同"),
    route="console:customers-agreements",
    rows=lambda asking: queries.agreement_rows(asking.scope),
    key="number",
    order=("number",),
    filters=AgreementFilter,
    columns=(
        Column("number", _("合同编号"), Kind.CODE, is_sortable=True),
        _NUMBER,
        Column("account_name", _("户名")),
        Column("state", _("状态"), Kind.WORD, words=words.AGREEMENT_STATES, tones=words.AGREEMENT_TONES),
        Column("valid_from", _("起始"), Kind.DAY),
        Column("valid_to", _("终止（不含）"), Kind.DAY),
        Column("signed_on", _("签订"), Kind.DAY),
        Column("successor", _("续签合同"), Kind.CODE),
        _CLASS,
        _IMPORTANCE,
        _UNIT,
        _UNIT_CODE,
    ),
    bulk=(
        BulkAction("renew", _("起草续签"), _renew, _("为每份合同起草一份同样年限、首尾相接的续签合同，待客户签订。")),
        BulkAction("sign", _("按今日签订"), _sign, _("草稿按今天的日期签订，签订后不能改回草稿。"), wants_reason=True),
        BulkAction("withdraw", _("撤回草稿"), _withdraw, _("草稿作废，不能恢复。"), danger=True, wants_reason=True),
    ),
    empty=Empty(
        _("没有符合条件的合同"), _("换个条件，或为没有合同的客户起草。"), "console:customers-without", _("无合同客户")
    ),
)


def _draft(asking: Asking, keys: list[str], _reason: str) -> int:
    """Draft for those of the chosen that no draft waits for, for as many years as the parameter says."""
    rows = queries.without_agreement_rows(asking.scope, on=asking.today)
    numbers = rows.filter(account_number__in=keys, draft__isnull=True).values_list("account_number", flat=True)
    return actions.draft_for(
        account_numbers=list(numbers),
        valid_from=asking.today,
        valid_to=years_later(asking.today, organization.parameter_int("agreement.years", asking.today)),
        library=rulebook.library(),
        actor=asking.actor,
        at=asking.now,
    )


def years_later(day: date, years: int) -> date:
    """The same day some years later; of a leap day the day after.

    >>> years_later(date(2024, 2, 29), 5)
    datetime.date(2029, 3, 1)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


WITHOUT = ListDefinition(
    name="accounts-without-agreement",
    title=_("无合同客户"),
    route="console:customers-without",
    rows=lambda asking: queries.without_agreement_rows(asking.scope, on=asking.today),
    key="account_number",
    order=("account_number",),
    filters=WithoutFilter,
    columns=(
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail", is_sortable=True),
        Column("name", _("户名")),
        Column("address", _("用电地址")),
        _CLASS,
        _IMPORTANCE,
        Column("draft", _("待签草稿"), Kind.CODE),
        _UNIT,
        _UNIT_CODE,
        Column("opened_on", _("立户日期"), Kind.DAY, is_shown=False),
    ),
    bulk=(
        BulkAction(
            "draft",
            _("起草合同"),
            _draft,
            _("为每户起草一份自今日起的合同，年限按参数“批量起草合同年限”；已有草稿的跳过，待客户签订。"),
        ),
    ),
    empty=Empty(_("每户都有合同"), _("没有缺少有效合同的在用客户。"), "console:customers-agreements", _("查看合同")),
)


def checkers(asking: Asking) -> list[tuple[str, str]]:
    """Those who talk with customers of the scope, and nobody."""
    held = organization.post_rows(asking.scope, on=asking.today).filter(role__in=CHECKERS)
    people = sorted({(row["person_code"], row["person_name"]) for row in held[:MOST_FOUND]})
    return [*((code, f"{name} {code}") for code, name in people), (NOBODY, str(_("不分派")))]


def _assign(asking: Asking, keys: list[str], chosen: str) -> int:
    person = "" if chosen == NOBODY else chosen
    ids = [int(key) for key in keys]
    return actions.assign_contacts(contact_ids=ids, person_code=person, actor=asking.actor, at=asking.now)


def _recheck(asking: Asking, keys: list[str], reason: str) -> int:
    ids = [int(key) for key in keys]
    return actions.recheck_contacts(contact_ids=ids, actor=asking.actor, at=asking.now, reason=reason)


CONTACTS = ListDefinition(
    name="contacts",
    title=_("联系信息"),
    route="console:customers-contacts",
    rows=lambda asking: queries.contact_rows(asking.scope),
    key="id",
    order=("id",),
    filters=ContactFilter,
    columns=(
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("contact_name", _("联系人")),
        Column("verification", _("核实"), Kind.WORD, words=words.VERIFICATIONS, tones=words.VERIFICATION_TONES),
        Column("verified_at", _("核实时间"), Kind.MOMENT),
        Column("assigned_to", _("核实人"), Kind.CODE),
        Column("is_primary", _("主要联系人"), Kind.FLAG),
        _CLASS,
        _IMPORTANCE,
        _UNIT,
        _UNIT_CODE,
        Column("address", _("用电地址"), is_shown=False),
    ),
    bulk=(
        BulkAction(
            "assign",
            _("分派核实"),
            _assign,
            _("所选联系电话分派给一人核实；已核实正确的跳过。"),
            choice_title=_("核实人"),
            choices=checkers,
        ),
        BulkAction("recheck", _("退回待核实"), _recheck, _("所选联系电话重新进入待核实名单。"), wants_reason=True),
    ),
    empty=Empty(_("没有符合条件的联系信息"), _("换个条件试试。")),
)

LISTS = (ACCOUNTS, AGREEMENTS, WITHOUT, CONTACTS)
