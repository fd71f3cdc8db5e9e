"""What switches may carry, by a file: known afterwards to the check of ties; brought again it changes nothing; what cannot be waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.kits import storm_world as storm

from wandeng.calc.resupply import TieVerdict
from wandeng.domains.cases.tests import make
from wandeng.domains.emergency.actions import faults
from wandeng.domains.emergency.models import SwitchRating
from wandeng.domains.emergency.queries import resupplying
from wandeng.domains.network.models import ConnectivityNode, Feeder, Switch, UsagePoint
from wandeng.domains.network.tests import make as network
from wandeng.flows.imports import intake
from wandeng.infra import ids, pii
from wandeng.infra.imports.outcome import Counts
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db(transaction=True)
SCOPE = Scope("c01/")
HEAD = "开关编码,允许负荷,依据\n"


def bring(folder: Path, text: str, minute: int, actor: Actor = SYSTEM) -> Counts:
    pii.create_key()
    path = folder / f"{minute}.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return intake.take_in(
        "switch-ratings",
        path,
        actor=actor,
        clock=lambda: storm.NIGHT + timedelta(minutes=minute),
    ).counts


def tie() -> None:
    """A normally open switch between the ends of lines A and B, and a capacity at every household."""
    ends = [ConnectivityNode.objects.get(code=f"N{letter}2") for letter in "AB"]
    Switch.objects.create(
        id=ids.reserve(Switch, 1), code="KAB", name="联络开关", kind="LOAD_BREAK_SWITCH",
        feeder=Feeder.objects.get(code="FA"), node_a=ends[0], node_b=ends[1], normal_open=True,
    )  # fmt: skip
    UsagePoint.objects.update(contract_capacity_ckva=800)
    network.mark_written()


def verdict() -> TieVerdict:
    (one,) = resupplying.what_if(SCOPE, switch="KA1", now=storm.after(10)).ties
    assert one.switch_code == "KAB"
    return one.verdict


def test_unknown_becomes_known(tmp_path: Path) -> None:
    storm.build()
    tie()
    assert verdict() is TieVerdict.UNKNOWN
    assert set(resupplying.ratings_rows(SCOPE).filter(is_rated=True)) == set()
    told = bring(tmp_path, "KB1,8000,整定单 1\nKB2,4000.5,整定单 1\nKAB,4000,整定单 2\n", 1)
    assert (told.created, told.parked) == (3, 0)
    assert verdict() is TieVerdict.FITS
    assert SwitchRating.objects.get(switch__code="KB2").may_ckva == 400_050
    missing = set(resupplying.ratings_rows(SCOPE).filter(is_rated=False).values_list("code", flat=True))
    assert "KA1" in missing
    assert not missing & {"KB1", "KB2", "KAB"}
    # Beside a rating that somebody noted by hand: the table numbers both.
    faults.rate_switch(code="KA1", may_ckva=1000, document="x", actor=make.actor("DISPATCHER"), at=storm.after(2))

    told = bring(tmp_path, "KB1,8000,整定单 1\nKB2,4000.50,整定单 1\nKAB,100,整定单 9\n", 3)
    assert (told.created, told.changed, told.unchanged, told.parked) == (0, 1, 2, 0)
    assert SwitchRating.objects.get(switch__code="KB1").noted_at == storm.after(1)
    row = SwitchRating.objects.get(switch__code="KAB")
    assert (row.may_ckva, row.document, row.noted_at) == (10_000, "整定单 9", storm.after(3))
    assert verdict() is TieVerdict.OVERLOADED


def test_what_cannot_be_is_parked_and_only_dispatchers_bring_it(tmp_path: Path) -> None:
    storm.build()
    told = bring(tmp_path, "KB1,8000,整定单 1\nKX9,8000,整定单 1\nKB2,0,整定单 1\nKA1,5000,\n", 1)
    assert (told.created, told.parked) == (1, 3)
    assert list(SwitchRating.objects.values_list("switch__code", flat=True)) == ["KB1"]
    with pytest.raises(NotAllowed):
        bring(tmp_path, "KB1,9000,整定单 1\n", 2, make.actor("CALL_CLERK"))
    elsewhere = Actor("stranger", None, "zz/", frozenset({"DISPATCHER"}))
    assert bring(tmp_path, "KB1,9000,整定单 3\n", 4, elsewhere).parked == 1
    assert SwitchRating.objects.get().may_ckva == 800_000
