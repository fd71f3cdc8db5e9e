"""Parameters by two persons, words, notices, name and colours; accounts switched, unlocked and reset."""

from __future__ import annotations

import struct
import zlib
from datetime import date, datetime, timedelta

import pytest

from wandeng.domains.organization import actions, branding, queries
from wandeng.domains.organization.models import Brand, LoginRecord, Person
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.types import Attempt, Role
from wandeng.infra import operations
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2026-03-05T08:00:00+00:00")
ON = date(2026, 3, 5)
IDLE = "session.idle_minutes"


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    make.staff()


def admin(code: str, unit: str = "BS", role: Role = Role.ADMINISTRATOR) -> Actor:
    actions.add_person(code=code, name=code, unit_code=unit, actor=SYSTEM, at=AT)
    actions.appoint(person_code=code, unit_code=unit, role=role, from_on=ON, actor=SYSTEM, at=AT)
    return queries.actor_for(code, ON)


def draft(actor: Actor, value: str = "20", on: date = ON) -> int:
    return actions.draft_parameter(code=IDLE, value=value, valid_from=on, reason="audit wish", actor=actor, at=AT)


def test_a_parameter_holds_from_its_day_once_a_second_person_approves() -> None:
    one, two = admin("a1"), admin("a2")
    assert queries.parameter_int(IDLE, ON) == 15
    value = draft(one, on=ON + timedelta(days=2))
    assert queries.parameter_int(IDLE, ON + timedelta(days=2)) == 15
    with pytest.raises(actions.OwnDraft):
        actions.approve_parameter(value_id=value, actor=one, at=AT)
    actions.approve_parameter(value_id=value, actor=two, at=AT)
    assert [queries.parameter_int(IDLE, ON + timedelta(days=ahead)) for ahead in (0, 1, 2, 9)] == [15, 15, 20, 20]
    shown = queries.parameter_shown(IDLE, ON)
    assert (shown.value, shown.since, [one.value for one in shown.coming]) == (15, None, [20])
    facts = {fact.name: (fact.before, fact.after) for fact in
             operations.of_subject(Scope("BS/"), subject_type="organization.ParameterValue", subject_code=str(value))[0].facts}  # fmt: skip
    assert facts["value"] == ("15", "20")


def test_what_has_been_in_force_is_not_taken_back_and_the_past_is_not_decided() -> None:
    one, two = admin("a1"), admin("a2")
    today, later = draft(one), draft(one, "30", ON + timedelta(days=1))
    for value in (today, later):
        actions.approve_parameter(value_id=value, actor=two, at=AT)
    with pytest.raises(Conflict):
        actions.withdraw_parameter(value_id=today, reason="sorry", actor=one, at=AT)
    actions.withdraw_parameter(value_id=later, reason="sorry", actor=one, at=AT)
    assert queries.parameter_int(IDLE, ON + timedelta(days=9)) == 20
    with pytest.raises(InvalidInput):
        draft(one, on=ON - timedelta(days=1))
    stale = draft(one, "25")
    with pytest.raises(InvalidInput):
        actions.approve_parameter(value_id=stale, actor=two, at=AT + timedelta(days=1))
    with pytest.raises(Conflict):
        actions.approve_parameter(value_id=stale, actor=two, at=AT)


@pytest.mark.parametrize("typed", ["4", "61", "-1", "ten", "1.5", "", "１５"])
def test_a_value_outside_the_limits_or_that_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        draft(admin("a1"), typed)


def test_parameters_are_the_root_administrators_and_only_those_that_somebody_reads() -> None:
    for actor in (admin("west", "BS-W"), queries.actor_for("head", ON)):
        with pytest.raises(NotAllowed):
            draft(actor)
    with pytest.raises(NotFound):
        queries.parameter_int("nobody.reads_this", ON)


def test_a_word_is_added_changed_and_withdrawn_but_what_ships_stays() -> None:
    one = admin("a1")
    actions.set_entry(dictionary="reveal-reason", code="VISIT", label="上门服务", actor=one, at=AT)
    assert queries.dictionary("reveal-reason")[-1].label_zh == "上门服务"
    actions.set_entry(dictionary="reveal-reason", code="VISIT", label="上门", is_offered=False, actor=one, at=AT)
    assert "VISIT" not in {entry.code for entry in queries.dictionary("reveal-reason")}
    assert "VISIT" in {entry.code for entry in queries.dictionary("reveal-reason", offered_only=False)}
    for code in ("VERIFY", "visit", ""):
        with pytest.raises(InvalidInput):
            actions.set_entry(dictionary="reveal-reason", code=code, label="x", actor=one, at=AT)


def announce(actor: Actor, unit: str = "BS", roles: tuple[Role, ...] = (), days: int = 7) -> int:
    made = actions.draft_announcement(
        title="停电演练", body="周五演练。", unit_code=unit, roles=roles, visible_from=ON,
        visible_to=ON + timedelta(days=days), actor=actor, at=AT,
    )  # fmt: skip
    actions.publish_announcement(announcement_id=made, actor=actor, at=AT)
    return made


def test_a_notice_reaches_the_roles_of_its_unit_and_below_while_it_is_shown() -> None:
    one = admin("a1")
    everybody, readers = announce(one), announce(one, "BS-W", (Role.METER_READER,))
    reader, clerk = queries.actor_for("reader-w", ON), queries.actor_for("clerk-e", ON)
    assert {shown.id for shown in queries.announcements_for(reader, on=ON)} == {everybody, readers}
    assert {shown.id for shown in queries.announcements_for(clerk, on=ON)} == {everybody}
    assert queries.announcements_for(reader, on=ON + timedelta(days=7)) == ()
    actions.mark_read(announcement_id=everybody, actor=reader, at=AT)
    actions.mark_read(announcement_id=everybody, actor=reader, at=AT)
    assert queries.readers(Scope("BS/"), everybody, on=ON)[0] == 1
    assert [shown.is_read for shown in queries.announcements_for(reader, on=ON)] == [False, True]
    actions.recall_announcement(announcement_id=readers, reason="wrong day", actor=one, at=AT)
    assert {shown.id for shown in queries.announcements_for(reader, on=ON)} == {everybody}
    with pytest.raises(MoveRefused):
        actions.publish_announcement(announcement_id=readers, actor=one, at=AT)


def test_nobody_writes_notices_for_units_that_are_not_theirs() -> None:
    with pytest.raises(NotFound):
        announce(admin("west", "BS-W"), "BS")
    with pytest.raises(NotAllowed):
        announce(queries.actor_for("reader-w", ON), "BS-W")


def test_a_logo_keeps_its_pixels_and_nothing_else() -> None:
    text = b"tEXt" + b"Comment\x00<svg onload=alert(1)>"
    extra = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    actions.set_brand(title="白水供电", colours={}, logo=make.png(extra=extra), actor=admin("a1"), at=AT)
    assert queries.logo() == branding.clean_png(make.png())
    assert b"script" not in queries.logo()
    assert b"svg" not in queries.logo()
    brand = queries.brand()
    assert (brand.title, brand.is_neutral, len(brand.logo_hash)) == ("白水供电", False, 64)


@pytest.mark.parametrize(
    "raw",
    [b"<svg/>", b"GIF89a", make.png()[:40], make.png(width=0), make.png(width=5000), make.png(pixels=b"\x00" * 10_000_000), make.png(pixels=b"")],
)  # fmt: skip
def test_what_is_no_plain_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput):
        actions.set_brand(title="x", colours={}, logo=raw, actor=admin("a1"), at=AT)
    assert not Brand.objects.exists()


def test_a_colour_that_cannot_be_read_is_refused_with_its_contrast() -> None:
    one = admin("a1")
    # White on #ffcc00: (1.05) / (0.6444 + 0.05) ≈ 1.51.
    with pytest.raises(branding.Unreadable, match=r"1\.51"):
        actions.set_brand(title="x", colours={"brand": "#ffcc00"}, actor=one, at=AT)
    actions.set_brand(title="x", colours={"brand": "#ffcc00", "on-brand": "#000000"}, actor=one, at=AT)
    assert queries.brand().colours["brand"] == "#ffcc00"
    for wrong in ({"brand": "red"}, {"brand": "#12345"}, {"shadow": "#123456"}):
        with pytest.raises(InvalidInput):
            actions.set_brand(title="x", colours=wrong, actor=one, at=AT)


def test_the_logo_stays_until_it_is_taken_away() -> None:
    one = admin("a1")
    actions.set_brand(title="x", colours={}, logo=make.png(), actor=one, at=AT)
    actions.set_brand(title="y", colours={}, actor=one, at=AT)
    assert queries.brand().logo_hash
    actions.set_brand(title="y", colours={}, remove_logo=True, actor=one, at=AT)
    with pytest.raises(NotFound):
        queries.logo()


def test_an_account_is_switched_off_for_a_reason_and_on_again() -> None:
    one = admin("a1")
    with pytest.raises(InvalidInput):
        actions.deactivate_person(person_code="reader-w", reason=" ", actor=one, at=AT)
    with pytest.raises(InvalidInput):
        actions.deactivate_person(person_code="a1", reason="tired", actor=one, at=AT)
    actions.deactivate_person(person_code="reader-w", reason="left", actor=one, at=AT)
    with pytest.raises(NotFound):
        queries.actor_for("reader-w", ON)
    with pytest.raises(Conflict):
        actions.deactivate_person(person_code="reader-w", reason="left", actor=one, at=AT)
    actions.reactivate_person(person_code="reader-w", actor=one, at=AT)
    assert queries.actor_for("reader-w", ON).has("METER_READER")


def test_a_one_time_password_works_and_must_be_changed() -> None:
    password = actions.reset_password(person_code="reader-w", actor=admin("a1"), at=AT)
    person = Person.objects.get(code="reader-w")
    assert person.check_password(password)
    assert person.must_change_password
    assert len(password) == 19
    with pytest.raises(NotFound):
        actions.reset_password(person_code="clerk-e", actor=admin("west", "BS-W"), at=AT)


def test_unlocking_lets_a_person_try_again_and_both_stay_in_the_log() -> None:
    attempt = Attempt("reader-w", "10.0.0.1")
    for _ in range(5):
        actions.record_login(attempt, outcome="WRONG", at=AT)
    with pytest.raises(actions.LockedOut):
        actions.admit(attempt, at=AT)
    shown = queries.person_shown(Scope("BS/"), "reader-w", on=ON, now=AT)
    assert shown.locked_until == AT + timedelta(minutes=15)
    actions.unlock_person(person_code="reader-w", actor=admin("a1"), at=AT)
    actions.admit(attempt, at=AT)
    assert queries.person_shown(Scope("BS/"), "reader-w", on=ON, now=AT).locked_until is None
    assert LoginRecord.objects.filter(person_code="reader-w").count() == 7


def test_accounts_nobody_uses_are_switched_off_after_the_days_that_the_parameter_says() -> None:
    # Posts since 2026-01-01, so at 2026-04-02 they are 91 days old: more than 90.
    later = datetime.fromisoformat("2026-04-02T08:00:00+00:00")
    one = admin("a1")
    Person.objects.filter(code="head").update(last_login=later - timedelta(days=89))
    assert actions.deactivate_unused(actor=one, at=later - timedelta(days=2)) == ()
    assert actions.deactivate_unused(actor=one, at=later) == ("clerk-e", "reader-w")


def test_three_administrators_kept_apart_leave_people_to_the_security_administrator() -> None:
    one, two = admin("a1"), admin("a2")
    guard = admin("s1", role=Role.SECURITY_ADMINISTRATOR)
    value = actions.draft_parameter(
        code="people.three_administrators", value="1", valid_from=ON, reason="等保", actor=one, at=AT
    )
    actions.approve_parameter(value_id=value, actor=two, at=AT)
    with pytest.raises(NotAllowed, match="security administrator"):
        actions.appoint(person_code="head", unit_code="BS", role=Role.DISPATCHER, from_on=ON, actor=one, at=AT)
    actions.appoint(person_code="head", unit_code="BS", role=Role.DISPATCHER, from_on=ON, actor=guard, at=AT)
    with pytest.raises(NotAllowed):
        actions.deactivate_person(person_code="head", reason="x", actor=one, at=AT)


def test_units_show_what_is_directly_in_them_and_posts_that_clash_are_named() -> None:
    shown = {unit.code: unit for unit in queries.units_shown(Scope("BS/"), on=ON)}
    assert (shown["BS"].people, shown["BS"].children, shown["BS-W"].posts, shown["BS-W"].depth) == (1, 2, 1, 1)
    actions.rename_unit(unit_code="BS-W", name="西供电所", actor=admin("a1"), at=AT)
    assert queries.unit(Scope("BS/"), "BS-W").name == "西供电所"
    assert queries.clashes(Scope("BS/"), on=ON) == ()
    from wandeng.domains.organization.models import Post

    Post.objects.filter(person__code="reader-w").update(role="BILLING_REVIEWER")
    Post.objects.filter(person__code="clerk-e").update(person=Person.objects.get(code="reader-w"))
    assert [(one.person_code, one.roles) for one in queries.clashes(Scope("BS/"), on=ON)] == [
        ("reader-w", ("BILLING_CLERK", "BILLING_REVIEWER"))
    ]


def test_a_person_and_the_login_log_are_seen_from_their_unit_only() -> None:
    actions.record_login(Attempt("reader-w", "10.0.0.1"), outcome="IN", at=AT)
    actions.record_login(Attempt("nobody", "10.0.0.1"), outcome="WRONG", at=AT)
    assert [row["person_code"] for row in queries.login_rows(Scope("BS/"))] == ["nobody", "reader-w"]
    assert [row["person_code"] for row in queries.login_rows(Scope("BS/BS-W/"))] == ["reader-w"]
    assert [row["code"] for row in queries.people_rows(Scope("BS/BS-E/"), on=ON)] == ["clerk-e"]
    with pytest.raises(NotFound):
        queries.person_shown(Scope("BS/BS-E/"), "reader-w", on=ON, now=AT)
    assert queries.role_counts(Scope("BS/"), on=ON)["METER_READER"] == 1
