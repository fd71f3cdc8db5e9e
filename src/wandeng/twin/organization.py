"""Units, people and posts of the synthetic county."""

from __future__ import annotations

import polars as pl

from wandeng.twin.county import CENTRE, OFFICES, ROOT, TERRITORY, Plan, words

COUNTY_POSTS = (
    ("billing1", "周核算", "BILLING_CLERK"),
    ("billing2", "何复核", "BILLING_REVIEWER"),
    ("auditor1", "唐稽查", "AUDITOR"),
    ("manager1", "罗经理", "COUNTY_MANAGER"),
    ("admin1", "蒋管理", "ADMINISTRATOR"),
)
"""Staff codes the demonstration acts under; the billing clerk and the reviewer are two persons."""


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
    """The county's staff and one reader and one hall clerk in every centre and office; and the posts they hold."""
    staff = [(code, name, ROOT, "是", role) for code, name, role in COUNTY_POSTS]
    for unit in units["code"].to_list()[1:]:
        staff.append((f"reader-{unit[3:]}", f"抄表员{unit[3:]}", unit, "是", "METER_READER"))
        staff.append((f"hall-{unit[3:]}", f"营业员{unit[3:]}", unit, "是", "HALL_CLERK"))
    frame = pl.DataFrame(staff, ["code", "name", "unit", "is_active", "role"], orient="row")
    posts = frame.select(
        pl.col("code").alias("person"),
        "unit",
        "role",
        pl.lit("2024-01-01").alias("valid_from"),
        pl.lit("").alias("valid_to"),
    )
    return frame.drop("role"), posts
