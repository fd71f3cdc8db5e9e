"""Each fault of an interruption is planted, and found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wandeng.domains.reliability import queries
from wandeng.domains.reliability.models import Interruption, InterruptionStep
from wandeng.domains.reliability.tests import make
from wandeng.domains.reliability.tests.make import off, step
from wandeng.domains.reliability.types import InterruptionFault

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_fault_is_found_by_the_number_of_its_interruption() -> None:
    make.town()
    off("A", step(["T1", "T2"], "2026-03-05 08:00", "2026-03-05 10:00"))
    off("B", step(["T1"], "2026-03-06 08:00", "2026-03-06 10:00"), step(["T1"], "2026-03-06 11:00", None))
    off("L", step([], "2026-03-06 08:00", "2026-03-06 09:00", points=["P1"]))
    off("E", step(["T3"], "2026-03-07 08:00", "2026-03-07 09:00"))
    assert queries.faults() == []
    Interruption.objects.filter(number="A").update(off_at=make.local("2026-03-05 07:00"))
    later = InterruptionStep.objects.filter(interruption__number="B", on_at__isnull=True)
    later.update(off_at=make.local("2026-03-06 08:00") + timedelta(minutes=30))
    InterruptionStep.objects.filter(interruption__number="E").delete()
    Interruption.objects.filter(number="L").update(is_current=False)
    assert sorted((one.number, one.fault) for one in queries.faults()) == [
        ("A", "SUMS_DIFFER"),
        ("B", "STEPS_OVERLAP"),
        ("E", "WITHOUT_STEPS"),
        ("L", "WITHOUT_CURRENT"),
    ]
    assert isinstance(queries.faults()[0], InterruptionFault)
