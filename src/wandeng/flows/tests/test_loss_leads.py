"""A planted thief in the small town: a night finds it, opens a case that names nobody, and the inspection comes back."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from wandeng.domains.cases.actions import work
from wandeng.domains.cases.queries import one as cases
from wandeng.domains.cases.types import Charter, Proof
from wandeng.domains.losses import actions, queries
from wandeng.domains.losses.models import LossLead
from wandeng.domains.losses.tests import make
from wandeng.domains.losses.tests.make import AT, AUDITOR, DAY, SYSTEM
from wandeng.domains.losses.types import Answer, LeadMirrored
from wandeng.flows import loss_leads
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
DAYS = 10
ON = DAY + timedelta(days=DAYS)
EVERYWHERE = Scope.everywhere()


def _stealing(part: float = 0.3) -> None:
    """Ten days of quarter hours behind T2: the meter at P3 shows ``part`` less than what is used."""
    rng = np.random.default_rng(3)
    hour = np.arange(96 * DAYS) % 96 / 4
    one = 40_000 * (0.3 + np.exp(-((hour - 20) ** 2) / 8)) * rng.lognormal(0, 0.4, 96 * DAYS)
    # M4 stands behind CT × 20.
    other = 20 * (1_500 * (0.4 + np.exp(-((hour - 11) ** 2) / 12)) * rng.lognormal(0, 0.4, 96 * DAYS)).astype(np.int64)
    flow = one + other
    supply = (flow + 0.02 * flow**2 / flow.mean()) / 100
    make.curves(DAYS, {"M8": supply, "M3": one * (1 - part), "M4": other / 20})


def _night() -> loss_leads.Night:
    return loss_leads.night(unit_code="BS", on=ON, actor=SYSTEM, at=AT, charter=Charter.current())


def test_a_night_finds_the_thief_opens_a_case_and_doing_it_again_changes_nothing() -> None:
    make.town()
    _stealing()
    done = _night()
    assert (done.followed, done.leads, done.cases) == (1, 1, 1)
    again = _night()
    assert (again.written, again.followed, again.leads, again.cases) == (0, 0, 0, 0)
    lead = queries.lead(EVERYWHERE, LossLead.objects.get().pk)
    assert (lead.usage_point, lead.rank, lead.state, lead.tests) == ("P3", 1, "IN_CASE", ())
    # 0.3 / 0.7 of what is read is lost beside it.
    assert lead.coefficient_e4 == pytest.approx(4286, rel=0.1)
    case = cases.case(EVERYWHERE, lead.case_number, charter=Charter.current(), now=AT)
    assert case.is_confidential
    told = " ".join(one.value for one in case.fields)
    assert "1003" not in told
    assert "王五" not in told


def test_what_is_found_on_site_comes_back_onto_the_lead_once() -> None:
    make.town()
    _stealing()
    _night()
    number, charter = LossLead.objects.get().case_number, Charter.current()
    for step, answers, proofs in (
        ("ACCEPT", {}, ()),
        (
            "INSPECT",
            {"FINDING": "CONFIRMED", "PENALTY": "YES", "REMARK": "表前并线"},
            (Proof("PHOTO", file_name="a.jpg", content=b"\xff\xd8\xff\xe0a"),),
        ),
    ):
        work.finish(
            number=number, step=step, actor=AUDITOR, at=AT, charter=charter, answers=answers, proofs=proofs, result=""
        )
    body = {"process": "revenue_inspection", "step": "INSPECT", "number": number}
    loss_leads.take_finding(body, AT)
    loss_leads.take_finding(body, AT)
    loss_leads.take_finding(body | {"number": "none"}, AT)
    lead = queries.lead(EVERYWHERE, LossLead.objects.get().pk)
    assert (lead.state, lead.note) == ("CONFIRMED", "表前并线")
    hits = queries.hit_rate(EVERYWHERE)
    assert (hits.answered, hits.confirmed, hits.hit_e4) == (1, 1, 10_000)
    with pytest.raises(MoveRefused):
        actions.answer(case_number=number, found=Answer.WIRING, note="", actor=AUDITOR, at=AT)


def test_a_lead_whose_area_a_neighbour_mirrors_waits_for_a_person() -> None:
    make.town()
    _stealing()
    actions.compute(unit_code="BS", from_on=DAY, to_on=ON, actor=SYSTEM, at=AT)
    charter = Charter.current()
    (one,) = loss_leads.make_leads(unit_code="BS", to_on=ON, actor=AUDITOR, at=AT, charter=charter)
    LossLead.objects.filter(pk=one).update(tests="MIRRORED")
    assert queries.new_leads(EVERYWHERE) == ()
    with pytest.raises(LeadMirrored):
        loss_leads.open_case(lead_id=one, actor=AUDITOR, at=AT, charter=charter)
    assert loss_leads.open_case(lead_id=one, actor=AUDITOR, at=AT, charter=charter, despite=True)


def test_leads_are_made_and_seen_by_those_who_may_only() -> None:
    make.town()
    _stealing()
    actions.compute(unit_code="BS", from_on=DAY, to_on=ON, actor=SYSTEM, at=AT)
    reader = Actor("reader", unit_path="BS/", roles=frozenset({"METER_READER"}))
    with pytest.raises(NotAllowed):
        loss_leads.make_leads(unit_code="BS", to_on=ON, actor=reader, at=AT, charter=Charter.current())
    (one,) = loss_leads.make_leads(unit_code="BS", to_on=ON, actor=AUDITOR, at=AT, charter=Charter.current())
    with pytest.raises(NotFound):
        queries.lead(Scope("BS/BS-E/"), one)
    with pytest.raises(NotAllowed):
        actions.sent_to_case(lead_id=one, case_number="x", actor=reader, at=AT)


def test_an_honest_area_gives_no_lead() -> None:
    make.town()
    _stealing(0)
    assert _night().leads == 0
