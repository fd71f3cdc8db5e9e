"""Customers of the synthetic county: one row per usage point, with the account, agreement and contact it belongs to."""

from __future__ import annotations

import numpy as np
import polars as pl

from wandeng.twin.county import CENTRE, CLASSES, Plan, words

ACCOUNT_PREFIX = "4304"
SUPPLY_ACCOUNT = "43049"


def account_number(serial: int) -> str:
    """户号 of the customer with this serial: thirteen digits."""
    return f"{ACCOUNT_PREFIX}{serial:09d}"


def draw(plan: Plan, units: pl.DataFrame) -> pl.DataFrame:
    """Who lives where: ``serial``, ``unit``, ``klass`` (index into CLASSES), ``capacity_kva``, ``hours``, ``seat``.

    ``seat`` is the customer's place in its unit, which decides its transformer. Every class has at least one customer.
    """
    rng = plan.rng("customers")
    n = plan.customers
    shares = np.array([c.share for c in CLASSES])
    klass = rng.choice(len(CLASSES), size=n, p=shares / shares.sum())
    klass[rng.permutation(n)[: len(CLASSES)]] = np.arange(len(CLASSES))
    low = np.array([c.capacity_kva[0] for c in CLASSES])[klass]
    high = np.array([c.capacity_kva[1] for c in CLASSES])[klass]
    hours_low = np.array([c.hours[0] for c in CLASSES])[klass]
    hours_high = np.array([c.hours[1] for c in CLASSES])[klass]
    own = np.array([c.own_transformer for c in CLASSES])[klass]
    unit = np.repeat(units["code"].to_numpy(), units["customers"].to_numpy())
    frame = pl.DataFrame(
        {
            "serial": np.arange(1, n + 1),
            "unit": unit,
            "klass": klass.astype(np.int16),
            "capacity_kva": rng.integers(low, high + 1),
            "hours": hours_low + (hours_high - hours_low) * rng.beta(2, 3, n),
            "own": own,
        }
    )
    seat = pl.int_range(pl.len()).over("unit", pl.col("own"))
    return frame.with_columns(seat.alias("seat")).with_columns(capacity_kva=_standard_sizes(pl.col("own")))


def _standard_sizes(own: pl.Expr) -> pl.Expr:
    """A customer's own transformer has a standard rating; other capacities are what was applied for."""
    sizes = [100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500]
    rounded = pl.col("capacity_kva")
    for size in reversed(sizes):
        rounded = pl.when(pl.col("capacity_kva") <= size).then(pl.lit(size, pl.Int64)).otherwise(rounded)
    return pl.when(own).then(rounded).otherwise(pl.col("capacity_kva"))


def private_transformers(drawn: pl.DataFrame) -> pl.DataFrame:
    """The customers' own transformers: ``unit``, ``code``, ``name``, ``capacity_kva``."""
    return drawn.filter("own").select(
        "unit",
        pl.format("P{}-{}", pl.col("unit").str.slice(3), (pl.col("seat") + 1).cast(pl.String).str.zfill(4)).alias(
            "code"
        ),
        pl.format("专变{}", pl.col("serial")).alias("name"),
        "capacity_kva",
    )


def _classes() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "klass": pl.Series(range(len(CLASSES)), dtype=pl.Int16),
            "class_name": [c.name for c in CLASSES],
            "customer_class": [c.customer_class for c in CLASSES],
            "voltage": [c.voltage for c in CLASSES],
            "pf_standard": [c.pf_standard for c in CLASSES],
        }
    )


def points(plan: Plan, drawn: pl.DataFrame, transformers: pl.DataFrame) -> pl.DataFrame:
    """Usage points in the columns of the customers file, plus ``serial``, ``klass``, ``hours``, ``own``."""
    rng = plan.rng("people")
    n = drawn.height
    public = transformers.filter(pl.col("ownership") == "PUBLIC")
    per_unit = public.group_by("unit").len("areas")
    area = pl.col("seat") * pl.col("areas") // pl.len().over("unit", "own")
    word = words()
    given = np.array(list(word["given"]))
    surname = np.array(list(word["surnames"]))
    person = np.char.add(np.char.add(surname[rng.integers(0, len(surname), n)], given[rng.integers(0, len(given), n)]),
                         np.where(rng.random(n) < 0.7, given[rng.integers(0, len(given), n)], ""))  # fmt: skip
    trade = np.where(
        drawn["own"].to_numpy(),
        np.array(word["works"])[rng.integers(0, len(word["works"]), n)],
        np.array(word["shops"])[rng.integers(0, len(word["shops"]), n)],
    )
    home = pl.col("customer_class") == "RESIDENTIAL"
    urban = pl.col("unit") == CENTRE
    frame = (
        drawn.with_columns(person=pl.Series(person), trade=pl.Series(trade), house=pl.Series(rng.integers(1, 200, n)))
        .with_columns(mobile=pl.Series(_mobiles(rng, n)), opened=pl.Series(rng.integers(2005, 2024, n)))
        .with_columns(people=pl.Series(rng.integers(1, 5, n)), street=pl.Series(np.array(word["streets"])[rng.integers(0, 8, n)]))
        .join(_classes(), on="klass", maintain_order="left")
        .join(per_unit, on="unit", how="left", maintain_order="left")
        .with_columns(
            transformer=pl.when("own")
            .then(pl.format("P{}-{}", pl.col("unit").str.slice(3), (pl.col("seat") + 1).cast(pl.String).str.zfill(4)))
            .otherwise(pl.format("T{}-{}", pl.col("unit").str.slice(3), (area + 1).cast(pl.String).str.zfill(4)))
        )
        .join(public.select(pl.col("code").alias("transformer"), "area_name"), on="transformer", how="left", maintain_order="left")
    )  # fmt: skip
    number = pl.lit(ACCOUNT_PREFIX) + pl.col("serial").cast(pl.String).str.zfill(9)
    opened = pl.format("{}-06-01", pl.col("opened"))
    place = pl.when(urban).then(pl.col("street")).otherwise(pl.col("area_name").fill_null("工业小区"))
    return frame.select(
        "serial", "klass", "class_name", "hours", "own", "pf_standard",
        number.alias("account_number"),
        pl.when(home).then("person").otherwise(_business_name(place)).alias("name"),
        "unit",
        pl.format("{}{}号", place, "house").alias("address"),
        pl.when(home).then(pl.lit("个人")).otherwise(pl.lit("单位")).alias("customer_kind"),
        "customer_class",
        pl.when(urban).then(pl.lit("URBAN")).otherwise(pl.lit("RURAL")).alias("locality"),
        pl.when(pl.col("own") & (pl.col("serial") % 9 == 0)).then(pl.lit("二级")).otherwise(pl.lit("")).alias("importance"),
        pl.when(pl.col("class_name") == "home_large").then(pl.lit(6)).when(home).then("people").otherwise(0)
        .alias("household_size"),
        opened.alias("opened_on"),
        (pl.lit("HT") + pl.col("serial").cast(pl.String).str.zfill(9)).alias("agreement_number"),
        opened.alias("agreement_from"),
        pl.when(pl.col("serial") % 17 == 0).then(pl.lit("2026-12-01")).otherwise(pl.lit("")).alias("agreement_to"),
        pl.when(pl.col("serial") % 5 == 0).then(pl.lit("")).otherwise(opened).alias("agreement_signed_on"),
        pl.col("person").alias("contact_name"),
        pl.col("mobile").alias("phone"),
        (pl.lit("J") + number).alias("usage_point"),
        "transformer",
        pl.lit("LOAD").alias("usage_point_kind"),
        pl.lit("").alias("deducts_from"),
        "voltage",
        pl.when(pl.col("own") & (pl.col("capacity_kva") >= 400)).then(pl.lit("HIGH")).otherwise(pl.lit("LOW"))
        .alias("metered_side"),
        pl.col("capacity_kva").alias("contract_capacity_kva"),
        opened.alias("connected_on"),
    )  # fmt: skip


PUBLIC_NAMES = {
    "school": "小学", "lights": "路灯管理所", "farm": "种养合作社", "ev": "充电站", "irrigation": "排灌站",
    "temporary": "建筑工地",
}  # fmt: skip


def _business_name(place: pl.Expr) -> pl.Expr:
    """A shop is named after its owner, a school after its place."""
    public = pl.col("class_name").replace_strict(PUBLIC_NAMES, default=None, return_dtype=pl.String)
    return (
        pl.when(public.is_not_null())
        .then(place + public)
        .otherwise(pl.col("person").str.slice(0, 1) + "记" + pl.col("trade"))
    )


def _mobiles(rng: np.random.Generator, n: int) -> np.ndarray:
    """Mobile numbers; three in a hundred are as badly written as in real files."""
    digits = rng.integers(10**8, 10**9, n)
    number = np.char.add("13", digits.astype(str))
    return np.where(rng.random(n) < 0.03, np.where(rng.random(n) < 0.5, "", "不详"), number)


def extra_points(plan: Plan, rows: pl.DataFrame, transformers: pl.DataFrame) -> pl.DataFrame:
    """Roof panels that feed in, dormitories behind a works' meter, and the check meter of each public transformer."""
    roofs = rows.filter((pl.col("class_name") == "home") & (pl.col("serial") % 97 == 0)).with_columns(
        usage_point=pl.col("usage_point") + "G",
        usage_point_kind=pl.lit("FEED_IN"),
        class_name=pl.lit("roof"),
        contract_capacity_kva=pl.lit(10, pl.Int64),
    )
    dormitories = rows.filter(pl.col("class_name").str.starts_with("works") & (pl.col("serial") % 2 == 0)).with_columns(
        deducts_from=pl.col("usage_point"),
        usage_point=pl.col("usage_point") + "S",
        usage_point_kind=pl.lit("SUBMETER"),
        class_name=pl.lit("dormitory"),
        contract_capacity_kva=pl.lit(50, pl.Int64),
        hours=pl.lit(60.0),
        pf_standard=pl.lit(0, pl.Int64),
        metered_side=pl.lit("LOW"),
    )
    checks = (
        transformers.filter(pl.col("ownership") == "PUBLIC")
        .select("unit", pl.col("code").alias("transformer"), pl.col("capacity_kva").cast(pl.Int64).alias("capacity"))
        .join(rows.group_by("unit").first(), on="unit", suffix="_any")
        .select(
            *[
                pl.col(name)
                for name in rows.columns
                if name in {"serial", "klass", "hours", "own", "locality", "unit", "transformer"}
            ],
            class_name=pl.lit("check"),
            pf_standard=pl.lit(0, pl.Int64),
            account_number=pl.lit(SUPPLY_ACCOUNT) + pl.col("unit").str.slice(3).str.zfill(8),
            name=pl.lit("供电公司台区考核"),
            address=pl.lit("台区考核"),
            customer_kind=pl.lit("单位"),
            customer_class=pl.lit("LOW_VOLTAGE"),
            importance=pl.lit(""),
            household_size=pl.lit(0, pl.Int64),
            opened_on=pl.lit("2005-01-01"),
            agreement_number=pl.lit(""), agreement_from=pl.lit(""), agreement_to=pl.lit(""), agreement_signed_on=pl.lit(""),
            contact_name=pl.lit(""), phone=pl.lit(""),
            usage_point=pl.lit("C") + pl.col("transformer"),
            usage_point_kind=pl.lit("SUPPLY"),
            deducts_from=pl.lit(""),
            voltage=pl.lit("AC03802"),
            metered_side=pl.lit("LOW"),
            contract_capacity_kva=pl.col("capacity"),
            connected_on=pl.lit("2005-01-01"),
        )
        .select(rows.columns)
        .sort("usage_point")
    )  # fmt: skip
    parts = [rows, roofs, dormitories, checks]
    return pl.concat([part.cast(rows.schema) for part in parts])
