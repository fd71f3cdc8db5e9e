"""Customers 客户档案: party, account, agreement, usage point and contact of an account, in one wide row.

An account with several usage points stands on several rows, one for each.
"""

from __future__ import annotations

import polars as pl

from wandeng.domains.customers import queries as agreed
from wandeng.domains.customers.frames import loading
from wandeng.domains.network.frames import loading as network
from wandeng.domains.organization.frames import loading as organization
from wandeng.flows.imports import phones, references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.imports import findings, merging
from wandeng.infra.imports.spec import (
    LINE,
    Choice,
    Code,
    Column,
    Day,
    Kind,
    Landing,
    LoadContext,
    Number,
    Section,
    Text,
)
from wandeng.kernel.errors import Refused
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import FAR_FUTURE

CUSTOMER_KINDS = Choice({"PERSON": ("个人", "自然人", "居民"), "ORGANIZATION": ("单位", "企业", "法人", "组织")})
CUSTOMER_CLASSES = Choice(
    {
        "HIGH_VOLTAGE": ("高压",),
        "LOW_VOLTAGE": ("低压非居民", "低压"),
        "RESIDENTIAL": ("低压居民", "居民"),
    }
)
LOCALITIES = Choice({"URBAN": ("城镇", "城市", "城区"), "RURAL": ("农村",), "REMOTE": ("偏远", "边远", "特殊边远")})
IMPORTANCES = Choice({"SPECIAL": ("特级",), "FIRST": ("一级",), "SECOND": ("二级",), "TEMPORARY": ("临时", "临时性")})
POINT_KINDS = Choice(
    {
        "LOAD": ("用电", "售电"),
        "SUBMETER": ("扣减", "扣减表", "分表"),
        "FEED_IN": ("上网", "发电上网"),
        "SUPPLY": ("考核", "考核表", "台区考核"),
    }
)
METERED_SIDES = Choice({"HIGH": ("高供高计", "高计"), "LOW": ("高供低计", "低供低计", "低计")})
VOLTAGES = Choice(
    {
        "AC02202": ("220V", "交流220V"),
        "AC03802": ("380V", "交流380V", "0.4kV"),
        "AC00061": ("6kV", "交流6kV"),
        "AC00101": ("10kV", "交流10kV"),
        "AC00201": ("20kV", "交流20kV"),
        "AC00351": ("35kV", "交流35kV"),
        "AC00661": ("66kV", "交流66kV"),
        "AC01101": ("110kV", "交流110kV"),
        "AC02201": ("220kV", "交流220kV"),
    }
)

ACCOUNT_NUMBER = Column("account_number", "户号", Code(20), required=True, sample="4301234567890")
CONTACT_NAME = Column("contact_name", "联系人", Text(64), sample="李四")
PHONE = Column(
    "phone", "联系电话", Text(64), sample="13912345678", about="手机或带区号的固定电话 mobile, or area code and number"
)

COLUMNS = (
    ACCOUNT_NUMBER,
    Column("name", "户名", Text(256), required=True, sample="李四"),
    Column("unit", "供电单位", Code(32), required=True, sample="4304260301"),
    Column("address", "用电地址", Text(256), required=True, sample="白水镇新华村3组"),
    Column("customer_code", "客户编号", Code(32), about="空白取户号 empty: the account number"),
    Column("customer_name", "客户名称", Text(256), about="空白取户名 empty: the account's name"),
    Column("customer_kind", "客户类型", CUSTOMER_KINDS, required=True, sample="个人"),
    Column("id_number", "证件号码", Text(64), about="加密保存 stored sealed"),
    Column("customer_class", "用户分类", CUSTOMER_CLASSES, required=True, sample="低压居民"),
    Column("locality", "城乡类别", LOCALITIES, required=True, sample="农村"),
    Column("importance", "重要性等级", IMPORTANCES, about="空白为一般 empty: ordinary"),
    Column("household_size", "家庭人口", Number(high=99), default="0", sample="4"),
    Column("opened_on", "立户日期", Day(), required=True, sample="2015-06-01"),
    Column("closed_on", "销户日期", Day()),
    Column("agreement_number", "合同编号", Code(32), sample="HT2015060001"),
    Column("agreement_from", "合同起始日期", Day(), sample="2015-06-01"),
    Column("agreement_to", "合同终止日期", Day(), about="不含当日，空白为长期 exclusive; empty: no known end"),
    Column("agreement_signed_on", "合同签订日期", Day(), sample="2015-05-28", about="空白为草稿 empty: a draft"),
    Column(
        "agreement_late_fee_permille",
        "约定违约金日利率",
        Number(1, 0, 1000),
        about="每日千分之几，空白为按规定 per mille a day; empty: as the rule says, or as known",
    ),
    CONTACT_NAME,
    PHONE,
    Column("usage_point", "计量点编号", Code(64), required=True, sample="JLD4301234567890", also=("用电点编号",)),
    Column("transformer", "变压器编号", Code(64), required=True, sample="TQ0001", also=("台区编号", "台区编码")),
    Column("usage_point_kind", "计量点类型", POINT_KINDS, default="用电", sample="用电"),
    Column("deducts_from", "被扣减计量点", Code(64), about="扣减表必填 required for a sub-meter"),
    Column("voltage", "电压等级", VOLTAGES, required=True, sample="220V"),
    Column("metered_side", "计量方式", METERED_SIDES, default="低供低计", sample="低供低计"),
    Column("contract_capacity_kva", "合同容量", Number(2, 0, 10**9), default="0", sample="8"),
    Column("connected_on", "送电日期", Day(), about="空白取立户日期 empty: the day the account was opened"),
    Column("disconnected_on", "停用日期", Day()),
)

ACCOUNT_COLUMNS = (
    "name",
    "unit",
    "address",
    "customer_code",
    "customer_class",
    "locality",
    "importance",
    "household_size",
    "opened_on",
    "closed_on",
)


_PERMILLE = pl.col("agreement_late_fee_permille").cast(pl.Decimal(9, 1)) / pl.lit(10)


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land party, account, agreement, usage point and contact of each row. A phone number that cannot be called does not
    keep an account out: only the contact is parked, under its own kind."""
    rows, found = _refer(store, rows, context)
    wrong = findings.gather(found, _complaints(store, rows))
    rows = findings.without(rows, wrong)
    parties = rows.unique("customer_code", keep="first", maintain_order=True)
    customers = loading.load_customers(
        store,
        parties.select("line", "id_number", code="customer_code", name="customer_name", kind="customer_kind"),
    )
    rows = rows.join(customers.select(customer_code="code", customer_id="id"), on="customer_code", how="left")
    columns = [
        "line",
        "account_number",
        "customer_id",
        "unit_id",
        *(c for c in ACCOUNT_COLUMNS if c not in ("unit", "customer_code")),
    ]
    accounts = loading.load_accounts(
        store, rows.unique("account_number", keep="first", maintain_order=True).select(columns)
    )
    rows = rows.join(accounts.select("account_number", account_id="id"), on="account_number", how="left").sort(LINE)
    points = network.load_usage_points(store, _points(rows))
    agreements = loading.load_agreements(store, _agreements(rows))
    contacts, parts = _contacts(store, rows)
    outcomes = [frame.select("line", "outcome") for frame in (customers, accounts, points, agreements, contacts)]
    return Landing(_of_rows(rows, outcomes), wrong, {"contacts": parts})


def _refer(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fill what may be left empty, find unit and transformer, and the parent of each sub-meter, also in the file."""
    rows = rows.with_columns(
        pl.col("importance").fill_null(""),
        pl.coalesce("customer_code", "account_number").alias("customer_code"),
        pl.coalesce("customer_name", "name").alias("customer_name"),
        pl.coalesce("connected_on", "opened_on").alias("connected_on"),
        pl.col("agreement_to").fill_null(FAR_FUTURE),
    )
    rows, unit = references.resolve(rows, organization.units(store), "unit", "单位", context)
    stations = network.ids_of(store, "transformer", rows.select(code="transformer"))
    rows, station = references.resolve(
        rows, stations.rename({"code": "transformer", "id": "transformer_id"}), "transformer", "变压器", context
    )
    parents = rows.select(code="deducts_from").drop_nulls()
    codes = pl.concat(
        [
            network.ids_of(store, "usage_point", parents).select(deducts_from="code"),
            rows.select(deducts_from="usage_point"),
        ]
    )
    rows, parent = references.resolve(rows, codes.unique(), "deducts_from", "计量点", context)
    return rows, findings.gather(unit, station, parent)


def _complaints(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """What a row may not say although each of its cells is in order."""
    is_submeter = pl.col("usage_point_kind") == "SUBMETER"
    about = findings.about
    agreed = pl.col("agreement_number").is_not_null()
    return findings.gather(
        about(
            rows.filter(is_submeter & pl.col("deducts_from").is_null()),
            "deducts_from",
            "REQUIRED",
            "扣减表的上级计量点 (the parent of a sub-meter)",
        ),
        about(
            rows.filter(pl.col("deducts_from") == pl.col("usage_point")),
            "deducts_from",
            "REFERS_TO_ITSELF",
            "另一个计量点 (another usage point)",
        ),
        about(
            rows.filter(agreed & pl.col("agreement_from").is_null()),
            "agreement_from",
            "REQUIRED",
            "有合同编号时必填 (required with an agreement number)",
        ),
        about(
            rows.filter(agreed & (pl.col("agreement_to") <= pl.col("agreement_from"))),
            "agreement_to",
            "NOT_FORWARD",
            "晚于起始日期 (after the start)",
        ),
        about(
            rows.filter(pl.col("closed_on") < pl.col("opened_on")),
            "closed_on",
            "NOT_FORWARD",
            "不早于立户日期 (not before the account was opened)",
        ),
        about(
            rows.filter(pl.col("disconnected_on") < pl.col("connected_on")),
            "disconnected_on",
            "NOT_FORWARD",
            "不早于送电日期 (not before it was connected)",
        ),
        _late_fees(rows),
        _foreign(store, rows),
    )


def _late_fees(rows: pl.DataFrame) -> pl.DataFrame:
    """An agreed late fee belongs to an agreement, and lies within the band of the rule of its first day."""
    told = rows.filter(pl.col("agreement_late_fee_permille").is_not_null())
    if told.is_empty():
        return findings.empty()
    alone = findings.about(
        told.filter(pl.col("agreement_number").is_null()),
        "agreement_number",
        "REQUIRED",
        "约定了违约金即须有合同 (an agreed late fee needs an agreement)",
    )
    library = RuleLibrary.load(default_root())
    found = [alone]
    for (territory, on), group in told.drop_nulls("agreement_from").group_by("territory", "agreement_from"):
        try:
            band = agreed.late_fee_band(library, territory=territory, on=on)
            wrong = group.filter(~pl.col("agreement_late_fee_permille").is_between(band.least_e4, band.most_e4))
            least, most = (format_scaled(one, 1, trim=True) for one in (band.least_e4, band.most_e4))
            expected = f"当日规则允许的 {least} 至 {most} ‰ (within the band of the rule)"
        except Refused as refusal:
            wrong, expected = group, f"当日无规则允许约定 ({refusal})"
        found.append(findings.about(wrong, "agreement_late_fee_permille", "OUT_OF_RANGE", expected, found=_PERMILLE))
    return findings.gather(*found)


def _foreign(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """A usage point or an agreement that another account has is not taken from it."""
    points = network.usage_points(store, rows).select("usage_point", owner="account_id")
    numbers = loading.agreement_accounts(store, rows.select(number="agreement_number").drop_nulls())
    mine = loading.accounts(store, rows).select("account_number", "account_id")
    known = rows.join(mine, on="account_number", how="left", maintain_order="left")
    known = known.join(points, on="usage_point", how="left", maintain_order="left").join(
        numbers.select(agreement_number="number", holder="account_id"),
        on="agreement_number",
        how="left",
        maintain_order="left",
    )
    taken = pl.col("owner").is_not_null() & pl.col("owner").ne_missing(pl.col("account_id"))
    held = pl.col("holder").is_not_null() & pl.col("holder").ne_missing(pl.col("account_id"))
    return findings.gather(
        findings.about(
            known.filter(taken), "usage_point", "OF_ANOTHER_ACCOUNT", "本户的计量点 (a point of this account)"
        ),
        findings.about(known.filter(held), "agreement_number", "OF_ANOTHER_ACCOUNT", "本户的合同 (of this account)"),
    )


def _points(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        "line",
        "account_id",
        "transformer_id",
        "deducts_from",
        "metered_side",
        "connected_on",
        "disconnected_on",
        code="usage_point",
        kind="usage_point_kind",
        voltage_code="voltage",
        contract_capacity_ckva="contract_capacity_kva",
    )


def _agreements(rows: pl.DataFrame) -> pl.DataFrame:
    held = rows.filter(pl.col("agreement_number").is_not_null()).unique(
        "agreement_number", keep="first", maintain_order=True
    )
    return held.select(
        "line",
        "account_id",
        number="agreement_number",
        valid_from="agreement_from",
        valid_to="agreement_to",
        signed_on="agreement_signed_on",
        late_fee_rate_e4="agreement_late_fee_permille",
    )


def _contacts(store: ColumnStore, rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[pl.DataFrame, pl.DataFrame]]:
    """Outcomes of the contacts, and those whose number cannot be called as rows of kind ``contacts``."""
    told = rows.filter(pl.col("phone").is_not_null()).with_columns(normal=phones.normal(pl.col("phone")))
    wrong = findings.about(told.filter(pl.col("normal").is_null()), "phone", "NOT_A_PHONE", phones.EXPECTED)
    good = told.filter(pl.col("normal").is_not_null()).unique(
        ["account_id", "normal"], keep="first", maintain_order=True
    )
    landed = loading.load_contacts(store, good.select("line", "account_id", name="contact_name", phone="normal"))
    parked = told.filter(pl.col("normal").is_null()).select(LINE, "account_number", "contact_name", "phone")
    return landed, (parked, wrong)


def _of_rows(rows: pl.DataFrame, outcomes: list[pl.DataFrame]) -> pl.DataFrame:
    """One outcome a row: what shared things (an account on two rows) became counts for the row that brought them."""
    everything = pl.concat([rows.select("line", pl.lit(merging.UNCHANGED).alias("outcome")), *outcomes])
    return merging.worst(everything)


KIND = Kind(
    "customers",
    "客户档案",
    "客户、户号、合同、计量点、联系人一行一计量点 party, account, agreement, usage point, contact",
    (
        Section(
            "customer",
            "客户",
            COLUMNS,
            ("usage_point",),
            load,
            {
                "account_number": ACCOUNT_COLUMNS,
                "agreement_number": (
                    "account_number",
                    "agreement_from",
                    "agreement_to",
                    "agreement_signed_on",
                    "agreement_late_fee_permille",
                ),
                "customer_code": ("customer_name", "customer_kind", "id_number"),
            },
        ),
    ),
)
