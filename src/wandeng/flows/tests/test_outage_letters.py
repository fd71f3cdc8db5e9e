"""Paper for whom no message reached: each of them once, under their area; who delivered it and when is written down."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.organization import actions as organization
from wandeng.domains.outages.actions import telling
from wandeng.domains.outages.models import OutageTold
from wandeng.domains.outages.queries.letters import door_letters
from wandeng.domains.outages.queries.telling import telling_view
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.tests.make import NOW, PLANNER, opened, published, request
from wandeng.domains.outages.types.telling import HandWay
from wandeng.flows import outage_letters, outage_notices
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def number() -> str:
    make.town()
    made = published(request(isolation=opened("K11")))
    outage_notices.tell(number=made, at=LATER)
    return made


def text_of(pdf: bytes) -> str:
    """Without blanks: a PDF has some around figures."""
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_each_of_the_gap_once_under_their_area(number: str) -> None:
    gaps = {one.account_number for one in telling_view(EVERYWHERE, number, now=LATER).gaps}
    found = door_letters(EVERYWHERE, number)
    doors = [door[0] for area in found.areas for door in area.doors]
    assert (set(doors), len(doors)) == (gaps, len(gaps))
    assert {area.code for area in found.areas} == {"T1", "T2"}
    told = text_of(outage_letters.document(EVERYWHERE, number, hotline="95598", now=LATER))
    for said in ("停电通知送达清单", "停电通知", "2026年3月12日08:00", "95598", number, *gaps):
        assert said in told, said
    first = found.areas[0]
    other = {door[0] for area in found.areas[1:] for door in area.doors}
    one = text_of(outage_letters.document(EVERYWHERE, number, first.code, now=LATER))
    assert all(door[0] in one for door in first.doors)
    assert not any(code in one.replace(number, "") for code in other)
    again = outage_letters.document(EVERYWHERE, number, now=LATER)
    assert again == outage_letters.document(EVERYWHERE, number, now=LATER)
    with pytest.raises(NotFound):
        outage_letters.document(EVERYWHERE, number, "T9", now=LATER)
    with pytest.raises(NotFound):
        outage_letters.document(Scope("BS/BS-E/"), number, now=LATER)


def test_who_was_reached_gets_no_paper(number: str) -> None:
    NoticeRecipient.objects.update(state="DELIVERED", reached_at=LATER, due_at=None)
    with pytest.raises(Conflict):
        outage_letters.document(EVERYWHERE, number, now=LATER)


def test_who_delivered_it_and_when_is_written_down(number: str) -> None:
    organization.add_person(code="walker", name="某人", unit_code="BS-W", actor=SYSTEM, at=NOW)
    one, other = (gap.told_id for gap in telling_view(EVERYWHERE, number, now=LATER).gaps[:2])
    delivered, written = LATER + timedelta(hours=2), LATER + timedelta(days=1)
    hand = {"told": [one], "way": HandWay.DOOR, "note": "", "actor": PLANNER, "at": written}
    with pytest.raises(NotFound):
        telling.mark_by_hand(**hand, done_by="nobody", done_at=delivered)
    for impossible in (written + timedelta(minutes=1), NOW):
        with pytest.raises(InvalidInput):
            telling.mark_by_hand(**hand, done_by="walker", done_at=impossible)
    assert telling.mark_by_hand(**hand, done_by="walker", done_at=delivered) == 1
    row = OutageTold.objects.get(pk=one)
    assert (row.hand_by, row.hand_at, row.hand_way) == ("walker", delivered, "DOOR")
    assert telling.mark_by_hand(**hand | {"told": [other]}) == 1
    row = OutageTold.objects.get(pk=other)
    assert (row.hand_by, row.hand_at) == (PLANNER.code, written)
    left = {door[0] for area in door_letters(EVERYWHERE, number).areas for door in area.doors}
    assert left == {gap.account_number for gap in telling_view(EVERYWHERE, number, now=written).gaps}


def test_shortly_before_the_deadline_somebody_goes_to_the_door(number: str) -> None:
    NoticeRecipient.objects.update(state="FAILED", due_at=None)
    due = telling_view(EVERYWHERE, number, now=LATER).notice_by
    ways = [
        {one.next for one in telling_view(EVERYWHERE, number, now=due - timedelta(hours=left)).gaps}
        for left in (49, 47, -1)
    ]
    assert ways == [{"CALL"}, {"DOOR"}, {"DOOR"}]
