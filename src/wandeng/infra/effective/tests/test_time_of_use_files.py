"""Schedules must tile the day and the year, and price every period a meter may record."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from wandeng.infra.effective.topics.residential import ResidentialTimeOfUse
from wandeng.infra.effective.topics.time_of_use import Schedule, point

SOURCE = {"citation": "a test", "status": "self-made"}


def schedule(spans, months=tuple(range(1, 13))):
    rows = [{"start": start, "end": end, "period": period} for start, end, period in spans]
    day = {"months": list(months), "spans": rows, **SOURCE}
    return {"code": "test", "name_zh": "试", "kind": "industrial", "days": [day], **SOURCE}


def test_spans_that_tile_the_day_are_accepted():
    read = Schedule.model_validate(schedule([("00:00", "08:15", "valley"), ("08:15", "24:00", "peak")]))
    assert [(point(span.start), point(span.end)) for span in read.days[0].spans] == [(0, 33), (33, 96)]


@pytest.mark.parametrize(
    ("spans", "word"),
    [
        ([("00:00", "08:00", "valley"), ("09:00", "24:00", "peak")], "09:00 comes after 08:00"),
        ([("00:00", "08:00", "valley"), ("07:00", "24:00", "peak")], "07:00 comes after 08:00"),
        ([("00:00", "08:00", "valley"), ("08:00", "23:00", "peak")], "it ends at 23:00"),
        ([("00:00", "00:00", "valley"), ("00:00", "24:00", "peak")], "must end after it starts"),
        ([("00:00", "08:10", "valley"), ("08:10", "24:00", "peak")], "String should match"),
    ],
)
def test_a_day_with_a_hole_an_overlap_or_odd_minutes_is_refused(spans, word):
    with pytest.raises(ValidationError, match=word):
        Schedule.model_validate(schedule(spans))


def test_a_year_with_a_month_missing_is_refused():
    with pytest.raises(ValidationError, match=r"missing \[12\]"):
        Schedule.model_validate(schedule([("00:00", "24:00", "flat")], months=range(1, 12)))


def test_unequal_steps_cannot_be_called_a_surcharge():
    # Shanghai's valley steps (0.03, 0.15) differ from its peak steps (0.06, 0.30).
    plan = {
        "manner": "surcharge",
        "schedule": "residential",
        "periods": [
            {"period": "peak", "tiers": ["0.617", "0.677", "0.977"]},
            {"period": "valley", "tiers": ["0.307", "0.337", "0.487"]},
        ],
        "read_as": [
            {"period": "sharp", "price_of": "peak"},
            {"period": "flat", "price_of": "peak"},
            {"period": "deep", "price_of": "valley"},
        ],
        **SOURCE,
    }
    with pytest.raises(ValidationError, match="write proportional"):
        ResidentialTimeOfUse.model_validate(plan)
    accepted = ResidentialTimeOfUse.model_validate(plan | {"manner": "proportional"})
    assert accepted.periods[1].tiers == (Decimal("0.307"), Decimal("0.337"), Decimal("0.487"))
    with pytest.raises(ValidationError, match="each of the five periods"):
        ResidentialTimeOfUse.model_validate(plan | {"manner": "proportional", "read_as": []})
