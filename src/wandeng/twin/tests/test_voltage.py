"""The county's voltage: the same for the same seed, with low and high ends and readings that are none."""

from __future__ import annotations

from wandeng.twin import customers, network, organization, voltage
from wandeng.twin.county import Plan


def test_points_and_readings_that_an_importer_takes() -> None:
    plan = Plan(customers=1_500)
    units = organization.units(plan)
    people = customers.draw(plan, units)
    sections = network.build(plan, units, customers.private_transformers(people))
    points = voltage.points(plan, sections)
    assert points["code"].is_unique().all()
    assert set(points["voltage_class"]) == {"A类", "D类"}
    rows = voltage.readings(plan, points)
    assert rows.equals(voltage.readings(plan, points))
    assert rows.height == points.height * voltage.DAYS
    assert rows["day"].max() < plan.freezes[-1].isoformat()
    ends = rows.filter(rows["point"].is_in(points.filter(points["voltage_class"] == "D类")["code"].to_list()))
    evening = ends.select("point", low=ends["v80"].cast(float, strict=False))
    assert evening.group_by("point").mean()["low"].min() < 198
    assert (ends.select("^v.*$") == "").to_numpy().any()
