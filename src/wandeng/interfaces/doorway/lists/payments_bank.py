"""Lists of bank files: files, their rows, agreements, suspense, reconciled days and their differences."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, NumberFilter

from wandeng.domains.payments.queries import bank_files, reconciliation, suspense
from wandeng.interfaces.doorway.lists.bills import YuanFilter
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.words import payments_bank as words


class FileFilter(ListFilterSet):
    """By direction, kind, bank, state, batch and day."""

    direction = ChoiceFilter(label=_("方向"), choices=list(words.DIRECTIONS.items()))
    kind = ChoiceFilter(label=_("文件类别"), choices=list(words.FILE_KINDS.items()))
    bank = ChoiceFilter(label=_("银行"), choices=list(words.BANKS.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.FILE_STATES.items()))
    batch = CharFilter(label=_("批次号"), max_length=32)
    since = DateFilter(label=_("自"), field_name="day", lookup_expr="gte")
    until = DateFilter(label=_("至"), field_name="day", lookup_expr="lte")


FILES = ListDefinition(
    name="bank-files",
    title=_("银行文件"),
    route="console:payments-bank-files",
    rows=lambda asking: bank_files.file_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=FileFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, link="console:payments-bank-file", is_sortable=True),
        Column("direction", _("方向"), Kind.WORD, words=words.DIRECTIONS),
        Column("kind", _("文件类别"), Kind.WORD, words=words.FILE_KINDS),
        Column("bank", _("银行"), Kind.WORD, words=words.BANKS),
        Column("batch", _("批次号"), Kind.CODE),
        Column("day", _("日期"), Kind.DAY),
        Column("state", _("状态"), Kind.WORD, words=words.FILE_STATES, tones=words.FILE_TONES),
        Column("rows", _("笔数"), Kind.INTEGER),
        Column("total_fen", _("金额（元）"), Kind.MONEY),
        Column("unit_name", _("单位")),
        Column("brought_by", _("经办"), Kind.CODE),
        Column("brought_at", _("时间"), Kind.MOMENT),
        Column("posted_by", _("入账人"), Kind.CODE, is_shown=False),
        Column("posted_at", _("入账时间"), Kind.MOMENT, is_shown=False),
        Column("file_name", _("文件名"), is_shown=False),
        Column("layout", _("格式"), Kind.CODE, is_shown=False),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(
        _("没有银行文件"),
        _("先生成一份代扣请求，或带入银行发来的文件。"),
        "console:payments-bank-file-new",
        _("带入文件"),
    ),
)


class RowFilter(ListFilterSet):
    """By file, verdict, reason, account and amount."""

    file = NumberFilter(label=_("文件编号"), field_name="file_id", min_value=1, max_value=2**62)
    verdict = ChoiceFilter(label=_("结果"), choices=list(words.VERDICTS.items()))
    reason = ChoiceFilter(label=_("原因"), choices=list(words.ROW_REASONS.items()))
    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)
    serial = CharFilter(label=_("流水号"), max_length=32)


ROWS = ListDefinition(
    name="bank-file-rows",
    title=_("银行文件明细"),
    route="console:payments-bank-rows",
    rows=lambda asking: bank_files.row_rows(asking.scope),
    key="id",
    order=("-file_id", "line"),
    filters=RowFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, is_shown=False),
        Column("file_id", _("文件"), Kind.CODE, link="console:payments-bank-file"),
        Column("line", _("行"), Kind.INTEGER),
        Column("serial", _("流水号"), Kind.CODE),
        Column("account_number", _("户号"), Kind.CODE),
        Column("payer", _("付款人")),
        Column("tail", _("银行账号尾号"), Kind.CODE),
        Column("amount_fen", _("金额（元）"), Kind.MONEY),
        Column("day", _("交易日期"), Kind.DAY),
        Column("verdict", _("结果"), Kind.WORD, words=words.VERDICTS, tones=words.VERDICT_TONES),
        Column("reason", _("原因"), Kind.WORD, words=words.ROW_REASONS),
        Column("result", _("银行返回码"), Kind.CODE, is_shown=False),
        Column("pay_mode", _("缴费方式"), Kind.WORD, words=words.PAY_MODES, is_shown=False),
        Column("reference", _("银行流水"), Kind.CODE, is_shown=False),
        Column("payment_key", _("收费键"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有明细"), _("换个条件，或看看文件列表。"), "console:payments-bank-files", _("银行文件")),
)


class AgreementFilter(ListFilterSet):
    """By account, number, bank, kind and state."""

    account = CharFilter(label=_("户号"), field_name="account__account_number", max_length=20)
    number = CharFilter(label=_("协议号"), max_length=32)
    bank = ChoiceFilter(label=_("银行"), choices=list(words.BANKS.items()))
    kind = ChoiceFilter(label=_("方式"), choices=list(words.AGREEMENT_KINDS.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.BANK_AGREEMENT_STATES.items()))
    tail = CharFilter(label=_("银行账号尾号"), max_length=4)


AGREEMENTS = ListDefinition(
    name="bank-agreements",
    title=_("代扣协议"),
    route="console:payments-bank-agreements",
    rows=lambda asking: bank_files.agreement_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=AgreementFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, is_shown=False, is_sortable=True),
        Column("number", _("协议号"), Kind.CODE),
        Column("bank", _("银行"), Kind.WORD, words=words.BANKS),
        Column("kind", _("方式"), Kind.WORD, words=words.AGREEMENT_KINDS),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("holder", _("银行户名"), is_shown=False),
        Column("tail", _("银行账号尾号"), Kind.CODE),
        Column("signed_on", _("签订日期"), Kind.DAY),
        Column("state", _("状态"), Kind.WORD, words=words.BANK_AGREEMENT_STATES, tones=words.BANK_AGREEMENT_TONES),
        Column("unit_name", _("单位")),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(
        _("没有代扣协议"), _("客户签了协议，才能批量代扣。"), "console:payments-bank-agreement-new", _("登记协议")
    ),
)


class SuspenseFilter(ListFilterSet):
    """By state, channel, amount, payer, account as written and day."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.SUSPENSE_STATES.items()))
    channel = ChoiceFilter(label=_("渠道"), choices=list(words.CHANNELS.items()))
    reason = ChoiceFilter(label=_("原因"), choices=list(words.ROW_REASONS.items()))
    payer = CharFilter(label=_("付款人"), lookup_expr="contains", max_length=64)
    account = CharFilter(label=_("来文户号"), field_name="account_number", max_length=20)
    least = YuanFilter(label=_("金额不低于（元）"), field_name="amount_fen", lookup_expr="gte")
    most = YuanFilter(label=_("金额不高于（元）"), field_name="amount_fen", lookup_expr="lte")
    since = DateFilter(label=_("自"), field_name="received_on", lookup_expr="gte")


SUSPENSE = ListDefinition(
    name="suspense",
    title=_("待查款"),
    route="console:payments-suspense",
    rows=lambda asking: suspense.suspense_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=SuspenseFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, link="console:payments-suspense-item", is_sortable=True),
        Column("received_on", _("到账日期"), Kind.DAY),
        Column("channel", _("渠道"), Kind.WORD, words=words.CHANNELS),
        Column("amount_fen", _("金额（元）"), Kind.MONEY),
        Column("payer", _("付款人")),
        Column("account_number", _("来文户号"), Kind.CODE),
        Column("reason", _("原因"), Kind.WORD, words=words.ROW_REASONS),
        Column("state", _("状态"), Kind.WORD, words=words.SUSPENSE_STATES, tones=words.SUSPENSE_TONES),
        Column("matched_number", _("认领户号"), Kind.CODE, link="console:customers-detail"),
        Column("looked_on", _("上次查看"), Kind.DAY, is_shown=False),
        Column("note", _("说明"), is_shown=False),
        Column("decided_by", _("处理人"), Kind.CODE, is_shown=False),
        Column("decided_at", _("处理时间"), Kind.MOMENT, is_shown=False),
        Column("tail", _("银行账号尾号"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位"), is_shown=False),
        Column("key", _("收费键"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有待查款"), _("来路不明的款项会停在这里，直到有人认领或退回。")),
)


class DayFilter(ListFilterSet):
    """By channel, state and day."""

    channel = ChoiceFilter(label=_("渠道"), choices=list(words.CHANNELS.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.DAY_STATES.items()))
    since = DateFilter(label=_("自"), field_name="day", lookup_expr="gte")
    until = DateFilter(label=_("至"), field_name="day", lookup_expr="lte")


DAYS = ListDefinition(
    name="reconciliation-days",
    title=_("渠道对账"),
    route="console:payments-reconciliation",
    rows=lambda asking: reconciliation.day_rows(asking.scope),
    key="id",
    order=("-day", "channel"),
    filters=DayFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, link="console:payments-reconciliation-day", is_sortable=True),
        Column("day", _("日期"), Kind.DAY, is_sortable=True),
        Column("channel", _("渠道"), Kind.WORD, words=words.CHANNELS),
        Column("ours", _("我方笔数"), Kind.INTEGER),
        Column("ours_fen", _("我方金额（元）"), Kind.MONEY),
        Column("theirs", _("渠道笔数"), Kind.INTEGER),
        Column("theirs_fen", _("渠道金额（元）"), Kind.MONEY),
        Column("matched", _("自动对平"), Kind.INTEGER),
        Column("differences", _("差异"), Kind.INTEGER),
        Column("undecided", _("待处理"), Kind.INTEGER),
        Column("state", _("状态"), Kind.WORD, words=words.DAY_STATES, tones=words.DAY_TONES),
        Column("unit_name", _("单位"), is_shown=False),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
        Column("made_by", _("对账人"), Kind.CODE, is_shown=False),
        Column("made_at", _("对账时间"), Kind.MOMENT, is_shown=False),
    ),
    empty=Empty(
        _("还没有对过账"),
        _("带入银行或支付机构的对账明细，当日逐笔核对。"),
        "console:payments-bank-file-new",
        _("带入对账明细"),
    ),
)


class DifferenceFilter(ListFilterSet):
    """By kind, state and account."""

    kind = ChoiceFilter(label=_("类别"), choices=list(words.DIFFERENCES.items()))
    state = ChoiceFilter(label=_("处理"), choices=list(words.DIFFERENCE_STATES.items()))
    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)


DIFFERENCES = ListDefinition(
    name="reconciliation-differences",
    title=_("对账差异"),
    route="console:payments-differences",
    rows=lambda asking: reconciliation.item_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=DifferenceFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, is_sortable=True),
        Column("day_id", _("对账日"), Kind.CODE, link="console:payments-reconciliation-day"),
        Column("on", _("日期"), Kind.DAY),
        Column("channel", _("渠道"), Kind.WORD, words=words.CHANNELS),
        Column("kind", _("类别"), Kind.WORD, words=words.DIFFERENCES, tones=words.DIFFERENCE_TONES),
        Column("key", _("收费键"), Kind.CODE),
        Column("account_number", _("户号"), Kind.CODE),
        Column("ours_fen", _("我方（元）"), Kind.MONEY),
        Column("theirs_fen", _("渠道（元）"), Kind.MONEY),
        Column("state", _("处理"), Kind.WORD, words=words.DIFFERENCE_STATES, tones=words.DIFFERENCE_STATE_TONES),
        Column("reason", _("说明")),
        Column("decided_by", _("处理人"), Kind.CODE, is_shown=False),
        Column("decided_at", _("处理时间"), Kind.MOMENT, is_shown=False),
    ),
    empty=Empty(_("没有差异"), _("每个渠道每天都对平了。"), "console:payments-reconciliation", _("渠道对账")),
)
LISTS = (FILES, ROWS, AGREEMENTS, SUSPENSE, DAYS, DIFFERENCES)
