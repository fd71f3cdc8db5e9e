"""One conversation: whichever channel a customer comes by, it is one case, one timeline, and whoever was asked first answers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from wandeng.domains.cases.actions import contact, work
from wandeng.domains.cases.models import Case, CaseEntry
from wandeng.domains.cases.queries import rows
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, NotYours
from wandeng.domains.conversations.models import Conversation, Turn
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.types import Verdict
from wandeng.domains.halls.models import HallDay, HallWork, QueueTicket
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.organization.models import Unit
from wandeng.domains.outlets.tests import make as outlets
from wandeng.flows import contacts, customer_timeline, fault_reports, housekeeping, text_service, voice
from wandeng.flows.tests.test_text_service import Carrier
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "13812345678"
PORTAL = Actor("portal", roles=frozenset({"ADMINISTRATOR"}))
SCOPE = Scope("c01/")


@pytest.fixture(autouse=True)
def county(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    pii.create_key()
    make.county()
    clerk = make.actor("CALL_CLERK")
    number = customers.add_contact(account_number=make.ACCOUNT, phone=PHONE, actor=clerk, at=make.NOW)
    customers.verify_contact(contact_id=number, verdict=Verdict.RIGHT, actor=clerk, at=make.NOW, reason="核实")


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def texted(library: RuleLibrary, text: str, at: datetime) -> None:
    text_service.receive(
        outside_id=f"{text}{at}", phone=PHONE, text=text, at=at, library=library, gateway=Carrier()
    )  # fmt: skip


def by_portal(at: datetime) -> fault_reports.Reported:
    return fault_reports.report(
        account=make.ACCOUNT, phone=PHONE, channel="PORTAL", situation="还没来电", actor=PORTAL, at=at,
        charter=Charter.current(),
    )  # fmt: skip


def called(library: RuleLibrary, at: datetime) -> None:
    for number, digits in enumerate(("", "4", f"{make.ACCOUNT}#", "2", "*")):
        voice.take(call="K-1", number=number, phone=PHONE, digits=digits, at=at, library=library)


def told(template: str) -> list[str]:
    found = NoticeRecipient.objects.filter(notice__version__template__code=template)
    return list(found.order_by("id").values_list("person__code", flat=True))


def test_by_whichever_channel_it_is_one_case_and_its_first_contact_answers(library: RuleLibrary) -> None:
    texted(library, "BX", make.NOW)
    case = Case.objects.get()
    assert (case.channel, case.owner, case.asked_again_at) == ("SMS", "sms", None)

    # Nobody was asked yet: whoever takes it is the first who was, and stays it whoever has it later.
    work.assign(
        number=case.number,
        handler="dispatcher",
        actor=make.actor("DISPATCHER"),
        at=make.after(1),
        charter=Charter.current(),
    )
    work.assign(
        number=case.number,
        handler="cell_manager",
        actor=make.actor("DISPATCHER"),
        at=make.after(2),
        charter=Charter.current(),
    )
    case.refresh_from_db()
    assert (case.owner, case.handler) == ("dispatcher", "cell_manager")

    assert by_portal(make.after(10)) == fault_reports.Reported(case.number, False)
    called(library, make.after(20))
    case.refresh_from_db()
    assert (Case.objects.count(), case.asked_again_at) == (1, make.after(10))
    assert told("case_contacted") == ["dispatcher", "dispatcher"]
    joined = CaseEntry.objects.filter(case=case, kind="JOINED").order_by("place")
    assert [one.facts for one in joined if "PORTAL" in one.facts or "PHONE_95598" in one.facts] == [
        one.facts for one in joined
    ]
    counts = rows.counts(SCOPE, now=make.after(21), soon=make.after(80), person="dispatcher")
    assert (counts.owned, counts.waiting) == (1, 1)

    # The case knows its conversations, and they know it.
    found = contacts.of_case(SCOPE, case.number)
    assert [(one.what, one.about, one.case_number) for one in found] == [
        ("PHONE", "REPORT", case.number), ("SMS", "REPORTED", case.number),
    ]  # fmt: skip
    assert {one.link[1] for one in found} == {str(pk) for pk in Conversation.objects.values_list("pk", flat=True)}
    assert "12345678" not in str(found)
    assert set(
        Turn.objects.filter(direction="IN", case_number=case.number).values_list("conversation__medium", flat=True)
    ) == {"SMS", "PHONE"}


def test_only_the_first_contact_answers_and_hands_over_for_a_reason() -> None:
    number = make.open_fault(Charter.current()).number
    clerk, hall, charter = make.actor("CALL_CLERK"), make.actor("HALL_CLERK"), Charter.current()
    with pytest.raises(Conflict):
        contact.answer(number=number, words="已答复", actor=clerk, at=make.after(1))
    # Asked of the owner again: nobody waits for anybody else.
    contact.join(
        number=number, words="催", phone_index="", channel="PHONE_95598", actor=clerk, at=make.after(1), charter=charter
    )
    assert Case.objects.get().asked_again_at is None
    contact.join(
        number=number, words="来厅询问", phone_index="", channel="HALL", actor=hall, at=make.after(2), charter=charter
    )
    assert told("case_contacted") == ["call_clerk"]

    with pytest.raises(NotYours):
        contact.answer(number=number, words="好的", actor=hall, at=make.after(3))
    with pytest.raises(NotYours):
        contact.hand_over(number=number, to="hall_clerk", reason="我来", actor=hall, at=make.after(3), charter=charter)
    with pytest.raises(InvalidInput):
        contact.hand_over(number=number, to="hall_clerk", reason=" ", actor=clerk, at=make.after(3), charter=charter)
    with pytest.raises(NotFound):
        contact.hand_over(number=number, to="nobody", reason="休假", actor=clerk, at=make.after(3), charter=charter)
    contact.hand_over(number=number, to="hall_clerk", reason="调离岗位", actor=clerk, at=make.after(3), charter=charter)
    assert told("case_owned") == ["hall_clerk"]
    assert Case.objects.get().asked_again_at == make.after(2)  # what waits goes with it
    contact.answer(number=number, words="已电话说明抢修进度", actor=hall, at=make.after(4))
    row = Case.objects.get()
    assert (row.owner, row.asked_again_at) == ("hall_clerk", None)
    assert list(CaseEntry.objects.filter(kind__in=["OWNED", "ANSWERED"]).order_by("place").values_list("kind", "actor")) == [
        ("OWNED", "call_clerk"), ("ANSWERED", "hall_clerk"),
    ]  # fmt: skip


def test_the_timeline_of_an_account_has_every_contact_and_opens_only_ones_own(library: RuleLibrary) -> None:
    texted(library, "YE", make.NOW)
    unit = Unit.objects.get(code="c01")
    hall = outlets.outlet("H1", unit, 0, "BUSINESS")
    day = HallDay.objects.create(outlet=hall, on=date(2026, 10, 12))
    account = Turn.objects.filter(direction="IN").values_list("account_id", flat=True).get()
    ticket = QueueTicket.objects.create(
        day=day, unit=unit, purpose="BUSINESS", number=7, account_id=account, taken_at=make.after(5), limit_s=600
    )
    HallWork.objects.create(ticket=ticket, kind="CASE", number="C-7")
    Conversation.objects.update(
        unit=Unit.objects.create(id=99, code="w", name="西", kind="COUNTY", path="w/", territory="hunan")
    )
    found = customer_timeline.timeline(SCOPE, make.ACCOUNT, on=date(2026, 10, 12), kinds=frozenset({"conversation"}))
    assert [(one.what, one.facts["about"], one.link) for one in found] == [
        ("HALL", "BUSINESS", ("ticket", str(ticket.pk))),
        ("SMS", "BALANCE", ("", "")),  # of another unit: that it was is told, what was said is not
    ]
    with pytest.raises(NotFound):
        contacts.of_case(SCOPE, "C-7")


def test_words_go_when_their_time_is_over_and_the_turn_stays(library: RuleLibrary) -> None:
    texted(library, "YE", make.NOW)
    texted(library, "CX", make.after(60))
    over = make.NOW + timedelta(days=730)
    assert contacts.preview(now=over, library=library).turns == 0
    past = over + timedelta(microseconds=1)
    asked = contacts.preview(now=past, library=library)
    assert (asked.turns, asked.conversations, asked.oldest_at) == (2, 1, make.NOW)
    assert housekeeping.clear(now=past)["words"] == 2
    assert list(Turn.objects.order_by("at", "id").values_list("asked", "text", "emptied_at")) == [
        ("BALANCE", "", past), ("BALANCE", "", past),
        ("NO_BILL", "CX", None), ("NO_BILL", Turn.objects.order_by("id").last().text, None),  # type: ignore[union-attr]
    ]  # fmt: skip
    assert contacts.preview(now=past, library=library).turns == 0
