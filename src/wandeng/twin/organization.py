"""Units, people and posts of the synthetic county."""

from __future__ import annotations

import polars as pl

from wandeng.twin.county import CENTRE, OFFICES, ROOT, TERRITORY, Plan, words

COUNTY_POSTS = (
    ("call1", "龙坐席", "CALL_CLERK"),
    ("dispatch1", "彭调度", "DISPATCHER"),
    ("account1", "欧客户", "ACCOUNT_MANAGER"),
    ("billing1", "周核算", "BILLING_CLERK"),
    ("billing2", "何复核", "BILLING_REVIEWER"),
    ("account2", "覃账务", "ACCOUNTANT"),
    ("account3", "向出纳", "ACCOUNTANT"),
    ("auditor1", "唐稽查", "AUDITOR"),
    ("manager1", "罗经理", "COUNTY_MANAGER"),
    ("province1", "谭省司", "PROVINCIAL_MANAGER"),
    ("admin1", "蒋管理", "ADMINISTRATOR"),
    ("admin2", "石管理", "ADMINISTRATOR"),
    ("security1", "向安全", "SECURITY_ADMINISTRATOR"),
    ("audit1", "田审计", "AUDIT_ADMINISTRATOR"),
)
"""Staff codes the demonstration acts under. The billing clerk and the reviewer are two persons, and so are the two
accountants and the two administrators: a refund or a parameter takes one to propose and another to approve."""

OFFICE_POSTS = (
    ("reader", "抄表员", "METER_READER"),
    ("hall", "营业员", "HALL_CLERK"),
    ("cell", "网格经理", "CELL_MANAGER"),
)
"""One of each in every centre and office; the code ends with the unit's."""

OFFERED = (*(code for code, _, _ in COUNTY_POSTS), "hall-00", "reader-01", "cell-01")
"""The accounts that the login page of a demonstration offers: at least one of each role."""


def units(plan: Plan) -> pl.DataFrame:
    """The county company, its customer centre and 23 supply offices, with the number of customers of each."""
    rng = plan.rng("units")
    weights = rng.dirichlet([8.0] * OFFICES)
    urban = round(plan.customers * 78_000 / 334_000)
    rural = plan.customers - urban
    shares = [int(rural * weight) for weight in weights]
    shares[0] += rural - sum(shares)
    names = words()
    rows = [(ROOT, f"{names['county']}供电公司", "COUNTY", "", TERRITORY, 0)]
    rows.append((CENTRE, "客户服务中心", "CENTRE", ROOT, "", urban))
    for number, (town, count) in enumerate(zip(names["townships"], shares, strict=True), start=1):
        rows.append((f"{ROOT}-{number:02d}", f"{town}供电所", "OFFICE", ROOT, "", count))
    return pl.DataFrame(rows, ["code", "name", "unit_kind", "parent", "territory", "customers"], orient="row")


def people(units: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The county's staff, and one reader, hall clerk and cell manager in every centre and office; their posts."""
    staff = [(code, name, ROOT, "是", role) for code, name, role in COUNTY_POSTS]
    for unit in units["code"].to_list()[1:]:
        staff += [(f"{code}-{unit[3:]}", f"{name}{unit[3:]}", unit, "是", role) for code, name, role in OFFICE_POSTS]
    frame = pl.DataFrame(staff, ["code", "name", "unit", "is_active", "role"], orient="row")
    posts = frame.select(
        pl.col("code").alias("person"),
        "unit",
        "role",
        pl.lit("2024-01-01").alias("valid_from"),
        pl.lit("").alias("valid_to"),
    )
    return frame.drop("role"), posts
