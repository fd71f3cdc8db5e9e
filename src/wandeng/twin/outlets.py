"""Roads, settlements and outlets of the synthetic county: hamlets where the transformers stand, roads between neighbors, halls in
most offices, agents in some villages, terminals and banks in town."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from scipy.spatial import Delaunay, QhullError

from wandeng.twin.county import CENTRE, ROOT, Plan

ROAD_MAP = "LW2026"
SINCE = "2026-01-01"
METERS_PER_DEGREE = 111_195
DETOUR = 1.3
"""How much longer a road is than the crow flies."""
PEOPLE_A_CUSTOMER = 3
HAMLETS_A_VILLAGE = 3
LONGEST = 1.7
"""Main roads are at most so many times as long as the middling one: the rest runs along the border."""
HALL_LESS = 3
"""Every so manieth office has no hall of its own."""
OUTLET_COLUMNS = (
    "code", "name", "kind", "unit", "address", "public_phone", "longitude", "latitude", "village", "services", "hours",
    "open_on", "valid_from", "valid_to",
)  # fmt: skip
_HALL = "周一至周五 08:30-12:00、14:00-17:30；周六 09:00-12:00"


def settlements(
    plan: Plan, units: pl.DataFrame, sections: dict[str, pl.DataFrame], points: pl.DataFrame
) -> pl.DataFrame:
    """Rows of kind ``settlements``: one for each public transformer's area, three of which in a row make a village; people as
    its customers have families."""
    rng = plan.rng("settlements")
    places = sections["node"].select(node="code", longitude="longitude", latitude="latitude")
    areas = (
        sections["transformer"]
        .filter(pl.col("ownership") == "PUBLIC")
        .join(places, on="node", how="left", maintain_order="left")
        .sort("code")
    )
    counts = points.group_by("transformer").len("customers")
    counted = areas.join(counts, left_on="code", right_on="transformer", how="left", maintain_order="left")
    customers = counted["customers"].fill_null(0).to_numpy().astype(np.int64)
    people = customers * PEOPLE_A_CUSTOMER + rng.integers(0, 30, len(customers))
    towns = units.select(
        unit="code", town=pl.when(pl.col("code") == CENTRE).then(pl.lit("")).otherwise(pl.col("name").str.head(2))
    )
    numbered = counted.join(towns, on="unit", how="left", maintain_order="left").with_columns(
        place=pl.int_range(pl.len()).over("unit"), people=pl.Series(people), customers=pl.Series(customers)
    )
    return numbered.select(
        code=pl.lit("C") + pl.col("code").str.slice(1), name=pl.col("town") + pl.col("area_name") + (pl.col("place") + 1).cast(pl.String) + "组",
        unit="unit", village=pl.lit("X") + pl.col("unit").str.slice(3) + "-"
        + (pl.col("place") // HAMLETS_A_VILLAGE + 1).cast(pl.String).str.zfill(3),
        area=pl.when(pl.col("unit") == CENTRE).then(pl.lit("城市")).otherwise(pl.lit("农村")),
        longitude="longitude", latitude="latitude", people="people", customers="customers",
    )  # fmt: skip


def roads(plan: Plan, homes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Sections of kind ``road-maps``: a node at every settlement, and roads to its neighbors (the Delaunay triangulation without its
    longest edges, a few of the others missing); between the centers of offices main roads, which nobody lacks."""
    rng = plan.rng("roads")
    east, north = (homes[name].cast(pl.Float64).to_numpy() for name in ("longitude", "latitude"))
    nodes = pl.DataFrame(
        {"road_map": [ROAD_MAP] * homes.height, "code": [f"J{at + 1:05d}" for at in range(homes.height)],
         "longitude": homes["longitude"], "latitude": homes["latitude"]}
    )  # fmt: skip
    narrow = math.cos(math.radians(float(north.mean())))
    plane = np.column_stack((east * narrow, north)) * METERS_PER_DEGREE
    first = homes.with_row_index("at").group_by("unit", maintain_order=True).first()["at"].to_list()
    centers = plane[first]
    main = sorted(_neighbors(centers))
    usual = float(np.median([np.hypot(*(centers[a] - centers[b])) for a, b in main])) if main else 0.0
    pairs = [(first[a], first[b], "国省道") for a, b in main if np.hypot(*(centers[a] - centers[b])) <= LONGEST * usual]
    known = {(min(a, b), max(a, b)) for a, b, _ in pairs}
    towns = (homes["unit"] == CENTRE).to_list()
    local = [pair for pair in sorted(_neighbors(plane)) if pair not in known]
    far = np.array([np.hypot(*(plane[a] - plane[b])) for a, b in local])
    short = np.quantile(far, 0.9) if len(far) else 0
    for (a, b), length, drawn in zip(local, far, rng.random(len(local)), strict=True):
        if length <= short and drawn < 0.85:
            kind = "街道" if towns[a] and towns[b] else "县乡道" if drawn < 0.2 else "村道"
            pairs.append((a, b, kind))
    lengths = [max(10, round(float(np.hypot(*(plane[a] - plane[b]))) * DETOUR)) for a, b, _ in pairs]
    edges = pl.DataFrame(
        {"road_map": [ROAD_MAP] * len(pairs), "code": [f"R{at + 1:05d}" for at in range(len(pairs))],
         "tail": [nodes["code"][a] for a, _, _ in pairs], "head": [nodes["code"][b] for _, b, _ in pairs],
         "length_m": lengths, "road_class": [kind for *_, kind in pairs], "is_one_way": ["否"] * len(pairs)}
    )  # fmt: skip
    head = pl.DataFrame(
        [(ROAD_MAP, "全县路网2026", ROOT, SINCE, "演示数据，按台区位置生成")], ["code", "name", "unit", "valid_from", "source"],
        orient="row",
    )  # fmt: skip
    return {"map": head, "node": nodes, "edge": edges}


def outlets(plan: Plan, units: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    """Rows of kind ``outlets``: a hall where two units of three begin; agents in the first settlement of about every second village; in town
    banks and terminals at every sixth settlement."""
    rng = plan.rng("outlets")
    names = dict(units.select("code", "name").iter_rows())
    rows: list[tuple[str, ...]] = []
    for (unit,), part in homes.group_by(["unit"], maintain_order=True):
        number = str(unit)[3:]
        for at, home in enumerate(part.iter_rows(named=True)):
            place = (home["longitude"], home["latitude"], home["village"])
            chance = rng.random()
            if at == 0 and (unit == CENTRE or int(number) % HALL_LESS):
                name = "城关营业厅" if unit == CENTRE else f"{str(names[str(unit)])[:2]}营业厅"
                rows.append(
                    _row(
                        f"YYT{number}", name, "营业厅", home, place, "缴费、购电、发票、业务办理、咨询", _HALL, "工作日"
                    )
                )
            elif unit == CENTRE and at % 6 == 0:
                is_bank = at % 12 == 0
                name = f"{home['name']}{'银行网点' if is_bank else '自助终端'}"
                hours = "每天 09:00-17:00" if is_bank else "24小时"
                rows.append(
                    _row(
                        f"W{number}-{at:04d}",
                        name,
                        "银行网点" if is_bank else "自助终端",
                        home,
                        place,
                        "缴费、购电",
                        hours,
                        "每天",
                    )
                )
            elif at % HAMLETS_A_VILLAGE == 0 and chance < 0.5:
                name, kind = (
                    (f"{home['name']}便民超市", "代收点") if chance < 0.3 else (f"{home['name']}服务点", "村级服务点")
                )
                rows.append(
                    _row(f"D{number}-{at:04d}", name, kind, home, place, "缴费、购电", "每天 07:00-21:00", "每天")
                )
    return pl.DataFrame(rows, list(OUTLET_COLUMNS), orient="row")


def _row(
    code: str, name: str, kind: str, home: dict[str, str], place: tuple[str, str, str], services: str, hours: str, open_on: str
) -> tuple[str, ...]:  # fmt: skip
    return (
        code,
        name,
        kind,
        home["unit"],
        f"{home['name']}路口",
        "",
        *place,
        services,
        hours,
        open_on,
        "2025-01-01",
        "",
    )


def _neighbors(plane: np.ndarray) -> set[tuple[int, int]]:
    """Pairs that lie beside each other: the edges of the Delaunay triangulation; of places that span no plane, one after another."""
    if len(plane) < 4:
        return {(a, a + 1) for a in range(len(plane) - 1)}
    try:
        corners = Delaunay(plane).simplices
    except QhullError:
        return {(a, a + 1) for a in range(len(plane) - 1)}
    return {
        (int(min(a, b)), int(max(a, b)))
        for triangle in corners
        for a, b in ((triangle[0], triangle[1]), (triangle[1], triangle[2]), (triangle[0], triangle[2]))
    }
