"""When supply is back: what the domains know becomes files; numbers and places lead to them; nobody is told apart from nobody."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from tests.kits import storm_world as storm

from wandeng.domains.cases.actions import incidents
from wandeng.domains.cases.models import RepairIncident
from wandeng.domains.cases.queries import crews as ranked
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.customers.tests import make as people
from wandeng.domains.network.models import Feeder, PowerTransformer
from wandeng.domains.reliability.tests import make as off
from wandeng.domains.reliability.types import InterruptionKind
from wandeng.flows.supply_status import answers, finding, publishing, tokens
from wandeng.flows.supply_status.answers import Answer
from wandeng.flows.supply_status.planned import PlannedNotice
from wandeng.infra import events, pii
from wandeng.infra.effective import current
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()


def say_planned(one: PlannedNotice) -> dict[str, list[str]]:
    return {"zh-hans": [one.number]}


def say(answer: Answer, now: datetime) -> dict[str, list[str]]:
    return {"zh-hans": [answer.standing]}


@pytest.fixture
def charter(settings, tmp_path) -> Charter:
    settings.HOME = tmp_path
    pii.create_key()
    found = storm.build()
    PowerTransformer.objects.filter(code="TA1").update(area_name="新华村")
    return found


@pytest.fixture
def publisher(charter: Charter) -> publishing.Publisher:
    made = publishing.Publisher(say, say_planned)
    yield made
    made.close()


def asked(account: str, at: datetime = storm.NIGHT) -> Answer:
    (one,) = answers.supply_status(EVERYWHERE, account, now=at, library=current.library())
    return one.answer


def in_files(account: str) -> Answer:
    (one,) = finding.by_number(account)
    standing = publishing.published(one.feeder, one.area)
    assert standing is not None
    return standing.answer


def storm_on_line_a(charter: Charter) -> str:
    for area in (1, 2, 3):
        for house in (1, 2):
            storm.call(charter, f"A{area}-{house:02d}")
    return RepairIncident.objects.get(level="FEEDER").number


def test_a_call_alone_is_told_as_not_confirmed_and_many_are_a_fault(charter: Charter) -> None:
    assert asked("A1-01") == answers.NOTHING_KNOWN
    storm.call(charter, "A1-01")
    alone = asked("A1-05")
    assert (alone.standing, alone.since, alone.until) == ("REPORTED", storm.NIGHT, None)
    storm_on_line_a(charter)
    assert {asked(account).standing for account in ("A1-01", "A6-12")} == {"FAULT"}
    assert asked("B1-01").standing == "NONE"


def test_what_the_crew_says_at_the_place_is_told_with_who_says_it(charter: Charter) -> None:
    number = storm_on_line_a(charter)
    storm.put_crews(charter)
    crew = ranked.ranking_for_incident(EVERYWHERE, number, charter=charter, now=storm.NIGHT)[0].code
    dispatcher = make.actor("DISPATCHER")
    incidents.send(number=number, code=crew, actor=dispatcher, at=storm.after(2), charter=charter)
    incidents.expect(
        number=number, expected_at=storm.after(240), reason="", actor=dispatcher, at=storm.after(3), charter=charter
    )
    said = asked("A4-01")
    assert (said.stage, said.source, said.confidence, said.until) == ("SENT", "DISPATCHER", "MEDIUM", storm.after(240))
    incidents.accept(number=number, actor=storm.leader(crew), at=storm.after(4), charter=charter)
    assert asked("A4-01").stage == "ON_THE_WAY"
    incidents.arrive(
        number=number, proofs=(make.HERE,), expected_at=storm.after(180), actor=storm.leader(crew), at=storm.after(30),
        charter=charter,
    )  # fmt: skip
    events.deliver_due(now=storm.after(31))
    said = asked("A4-01")
    assert (said.stage, said.source, said.confidence, said.until) == ("ON_SITE", "CREW", "HIGH", storm.after(180))
    assert not said.is_late
    assert asked("A4-01", storm.after(181)).is_late
    (one,) = answers.supply_status(EVERYWHERE, "A4-01", now=storm.NIGHT, library=current.library())
    assert one.incident == number


def test_an_interruption_without_an_end_is_off_and_one_of_an_incident_is_the_incident(charter: Charter) -> None:
    when, desk = "2026-10-12 20:30", make.actor("DISPATCHER")
    planned = off.facts(InterruptionKind.PLANNED_OVERHAUL, unit="c01")
    off.off("T-1", off.step(["TB1"], when, None), about=off.facts(unit="c01"), actor=desk)
    assert (asked("B1-01").standing, asked("B1-01").since) == ("FAULT", off.local(when))
    off.off("T-2", off.step(["TB2"], when, None), about=planned, actor=desk)
    assert asked("B2-01").standing == "PLANNED"
    off.off("T-3", off.step(["TB3"], when, "2026-10-12 20:50"), about=off.facts(unit="c01"), actor=desk)
    assert asked("B3-01").standing == "NONE"


def test_files_say_what_pages_say_and_are_written_when_something_changed(
    charter: Charter, publisher: publishing.Publisher
) -> None:
    first = publisher.publish(storm.NIGHT)
    assert first is not None
    assert (first.feeders, first.off) == (Feeder.objects.count(), 0)
    assert in_files("A1-01") == answers.NOTHING_KNOWN
    number = storm_on_line_a(charter)
    second = publisher.publish(storm.after(1))
    assert second is not None
    assert (second.written, second.off) == (1, 6)
    assert in_files("A6-03") == asked("A6-03", storm.after(1))
    assert in_files("B1-01").standing == "NONE"
    third = publisher.publish(storm.after(2))
    assert third is not None
    assert third.written == 0
    heart = json.loads((publishing.folder() / publishing.HEARTBEAT).read_text())
    assert heart["made_at"] == storm.after(2).isoformat(timespec="seconds")
    text = "".join(path.read_text() for path in publishing.folder().glob("*.json"))
    assert number not in text
    assert "A1-01" not in text


def test_a_publisher_that_begins_anew_writes_nothing_that_is_there(charter: Charter, publisher) -> None:
    storm_on_line_a(charter)
    publisher.publish(storm.NIGHT)
    publisher.close()
    again = publishing.Publisher(say, say_planned)
    done = again.publish(storm.NIGHT)
    again.close()
    assert done is not None
    assert done.written == 0


def test_only_one_publishes_and_another_takes_over_when_it_ends(charter: Charter, publisher) -> None:
    assert publisher.publish(storm.NIGHT) is not None
    other = publishing.Publisher(say, say_planned)
    assert other.publish(storm.after(1)) is None
    publisher.close()
    assert other.publish(storm.after(2)) is not None
    other.close()


def test_files_of_feeders_that_are_gone_go(charter: Charter, publisher: publishing.Publisher) -> None:
    publishing.folder().mkdir(parents=True)
    stray = publishing.folder() / f"{'0' * tokens.LENGTH}.json"
    stray.write_text("{}")
    publisher.publish(storm.NIGHT)
    assert not stray.exists()


def test_places_are_listed_by_name_with_tokens_of_their_own(charter: Charter, publisher) -> None:
    publisher.publish(storm.NIGHT)
    (by_place,), (by_number,) = finding.by_place("新华"), finding.by_number("A1-01")
    assert by_place.name == "新华村 A线1号配变"
    assert (by_place.feeder, by_place.area == by_number.area) == (by_number.feeder, False)
    index = json.loads((publishing.folder() / publishing.INDEX).read_text())
    listed = finding.of_unit(index["units"][0]["file"])
    assert by_place in listed
    assert by_number.area not in (publishing.folder() / index["units"][0]["file"]).read_text()
    storm_on_line_a(charter)
    publisher.publish(storm.NIGHT)
    same = {publishing.published(one.feeder, one.area).answer.standing for one in (by_place, by_number)}
    assert same == {"FAULT"}
    assert finding.of_unit("places-../../secret.key") == ()


def test_a_number_that_nobody_has_is_answered_like_one_without_an_outage(charter: Charter, publisher) -> None:
    with pytest.raises(NotFound):
        finding.by_number("9999999999999")
    publisher.publish(storm.NIGHT)
    (nobody,), (somebody,) = finding.by_number("9999999999999"), finding.by_number("B1-01")
    assert finding.by_number("9999999999999") == (nobody,)
    assert publishing.published(nobody.feeder, nobody.area) == publishing.published(somebody.feeder, somebody.area)
    lists = "".join(path.read_text() for path in publishing.folder().glob("places-*.json"))
    assert nobody.area not in lists
    assert somebody.area not in lists


def test_a_telephone_leads_to_areas_and_to_no_name(charter: Charter, publisher) -> None:
    people.contact("B1-01", "13800138000")
    publisher.publish(storm.NIGHT)
    (found,) = finding.by_number("13800138000")
    assert found == finding.by_number("B1-01")[0]
    assert (found.name, found.unit_name) == ("", "")


@pytest.mark.parametrize(("typed", "meant"), [("138 0013-8000", "13800138000"), ("+86 13800138000", "13800138000"),
                                              (" 新华村 ", "新华村"), ("A1-01", "A1-01")])  # fmt: skip
def test_what_is_typed_is_read_as_people_write_it(typed: str, meant: str) -> None:
    assert finding.cleaned(typed) == meant
    assert finding.is_number(meant) == (meant != "新华村")


@pytest.mark.parametrize("typed", ["", "  ", "村" * 65])
def test_nothing_and_too_much_are_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        finding.cleaned(typed)


def test_an_answer_is_read_back_as_it_was_written() -> None:
    whole = Answer("FAULT", storm.NIGHT, storm.after(60), "CREW", "HIGH", "ON_SITE", "", True,
                   storm.NIGHT + timedelta(days=2), None, "CUSTOMER")  # fmt: skip
    assert publishing.read_back(json.loads(json.dumps(publishing.shown(whole)))) == whole
