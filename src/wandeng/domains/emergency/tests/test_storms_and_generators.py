"""Storm mode, generators and ratings: what is refused changes nothing, and the states are the tables'."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction
from tests.kits import storm_world as storm

from wandeng.domains.cases.models import StormGrouping
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.emergency.actions import faults, generators, storms
from wandeng.domains.emergency.models import EmergencyGenerator, StormMode, SwitchRating
from wandeng.domains.emergency.queries import announcing
from wandeng.domains.emergency.states import GENERATOR
from wandeng.domains.emergency.types import GeneratorTooSmall, NoStorm, StormRuns
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
ELSEWHERE = make.Actor("stranger", None, "zz/", frozenset({"DISPATCHER"}))


@pytest.fixture
def charter() -> Charter:
    return storm.build()


def begin(charter: Charter, **also: object) -> int:
    given = {"unit_code": "c01", "reason": "大风", "actor": make.actor("DISPATCHER")} | also
    return storms.begin(at=storm.NIGHT, library=charter.rules, **given)  # type: ignore[arg-type]


def test_storm_mode_goes_on_and_off_once(charter: Charter) -> None:
    begin(charter, announcement="抢修中", transformer_cases=3)
    with pytest.raises(StormRuns):
        begin(charter)
    row = StormMode.objects.get()
    # What is not given is the rule's: five transformers, 240 minutes.
    assert (row.transformer_cases, row.feeder_transformers, row.window_minutes) == (3, 5, 240)
    assert [one.text for one in announcing.announcements(Scope("c01/any/"))] == ["抢修中"]
    storms.announce(unit_code="c01", announcement="线路已修复", actor=make.actor("DISPATCHER"), at=storm.after(1))
    assert announcing.announcement("c01/") is not None
    assert announcing.announcement("zz/") is None
    storms.end(unit_code="c01", reason="风停", actor=make.actor("DISPATCHER"), at=storm.after(2))
    with pytest.raises(NoStorm):
        storms.end(unit_code="c01", reason="风停", actor=make.actor("DISPATCHER"), at=storm.after(3))
    with pytest.raises(NoStorm):
        storms.announce(unit_code="c01", announcement="无", actor=make.actor("DISPATCHER"), at=storm.after(3))
    assert StormGrouping.objects.filter(until__isnull=True).count() == 0
    begin(charter)


def test_storm_mode_is_refused(charter: Charter) -> None:
    with pytest.raises(InvalidInput):
        begin(charter, reason=" ")
    with pytest.raises(NotAllowed):
        begin(charter, actor=make.actor("CALL_CLERK"))
    with pytest.raises(NotFound):
        begin(charter, actor=ELSEWHERE)
    assert not StormMode.objects.exists()
    assert not StormGrouping.objects.exists()
    begin(charter)
    with pytest.raises(InvalidInput):
        storms.end(unit_code="c01", reason="", actor=make.actor("DISPATCHER"), at=storm.after(1))
    with pytest.raises(InvalidInput):
        storms.announce(unit_code="c01", announcement="", actor=make.actor("DISPATCHER"), at=storm.after(1))


def note(code: str = "FD1", kva: int = 100) -> None:
    generators.note(
        code=code, name=code, unit_code="c01", capacity_ckva=kva * 100, actor=make.actor("DISPATCHER"), at=storm.NIGHT
    )


def test_a_generator_is_sent_supplies_and_is_free_again(charter: Charter) -> None:
    told = {"actor": make.actor("DISPATCHER"), "at": storm.NIGHT}
    note()
    note("FD2", 1)
    with pytest.raises(GeneratorTooSmall):
        generators.send(code="FD2", account_number="A1-01", need_ckva=5000, **told)  # type: ignore[arg-type]
    generators.send(code="FD1", account_number="A1-01", need_ckva=5000, **told)  # type: ignore[arg-type]
    with pytest.raises(MoveRefused):
        generators.send(code="FD1", account_number="A1-02", need_ckva=5000, **told)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        generators.send(code="FD2", account_number="A1-01", need_ckva=50, **told)  # type: ignore[arg-type]
    generators.supply(code="FD1", **told)  # type: ignore[arg-type]
    generators.release(code="FD1", **told)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        generators.fail(code="FD1", note="", **told)  # type: ignore[arg-type]
    generators.fail(code="FD1", note="漏油", **told)  # type: ignore[arg-type]
    generators.mend(code="FD1", **told)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        generators.supply(code="FD1", actor=ELSEWHERE, at=storm.NIGHT)
    with pytest.raises(InvalidInput):
        generators.note_backup(account_number="A1-01", minutes=-1, need_ckva=1, **told)  # type: ignore[arg-type]


def test_what_a_switch_may_carry_has_a_document(charter: Charter) -> None:
    told = {"actor": make.actor("DISPATCHER"), "at": storm.NIGHT}
    faults.rate_switch(code="KA1", may_ckva=1000, document="整定单 12", **told)  # type: ignore[arg-type]
    faults.rate_switch(code="KA1", may_ckva=2000, document="整定单 13", **told)  # type: ignore[arg-type]
    assert SwitchRating.objects.get().may_ckva == 2000
    with pytest.raises(InvalidInput):
        faults.rate_switch(code="KA1", may_ckva=1000, document="", **told)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        faults.rate_switch(code="KA1", may_ckva=1000, document="x", actor=ELSEWHERE, at=storm.NIGHT)


@pytest.mark.parametrize(("state", "verb"), list(itertools.product(GENERATOR.states, GENERATOR.moves)))
def test_a_generator_moves_as_its_table_says(charter: Charter, state: str, verb: str) -> None:
    note()
    EmergencyGenerator.objects.update(state=state)
    told = {"code": "FD1", "actor": make.actor("DISPATCHER"), "at": storm.NIGHT}
    more = {"send": {"account_number": "A1-01", "need_ckva": 100}, "fail": {"note": "坏"}}.get(verb, {})
    do = lambda: getattr(generators, verb)(**told, **more)  # noqa: E731
    if state in GENERATOR.origins(verb):
        do()
        assert EmergencyGenerator.objects.get().state == GENERATOR.moves[verb][1]
    else:
        with pytest.raises(MoveRefused):
            do()


def test_the_database_knows_the_same_states(charter: Charter) -> None:
    note()
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyGenerator.objects.update(state="LOST")
