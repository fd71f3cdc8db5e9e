"""Cases for tests: a unit with people of every role in them, an account, and cases brought as far as a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tests.kits import bill_world as world

from wandeng.domains.cases.actions import intake, work
from wandeng.domains.cases.types import Charter, Done, Opened, Place, Proof, Request
from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.infra import ids
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import PersonId
from wandeng.kernel.periods import FAR_FUTURE

NOW = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
"""A Monday, 11:00 of the utility."""
ACCOUNT = "1000000001"
HERE = Proof("PLACE", place=Place(112_000_000, 26_000_000))
PHOTO = Proof("PHOTO", file_name="pole.jpg", content=b"\xff\xd8\xff\xe0pole")
RECORDING = Proof("RECORDING", label="R-20261012-1")
PAPER = Proof("PAPER", label="调查记录")
SIGNATURE = Proof("SIGNATURE", label="手写签名")
FAULT = {"SITUATION": "整栋楼没电", "PLACE": "幸福路1号", "PHONE": "13812345678", "DANGER": "NO"}
REPAIRED = {"CAUSE": "接户线断", "RESTORED": "2026-10-12T12:00:00+08:00"}


def county(territory: str = "hunan") -> None:
    """One unit in a territory with rules, one account, and a person ``role`` in small letters for each role."""
    world.found(territory)
    world.add_account(ACCOUNT, total={})
    unit = Unit.objects.get(code=world.UNIT)
    for role in ("CALL_CLERK", "HALL_CLERK", "DISPATCHER", "CELL_MANAGER", "AUDITOR", "COUNTY_MANAGER", "METER_READER"):
        person(role.lower(), role, unit)


def person(code: str, role: str, unit: Unit) -> Actor:
    """A further person with one post."""
    row = Person.objects.create(id=ids.reserve(Person, 1), code=code, name=code, unit=unit)
    Post.objects.create(
        id=ids.reserve(Post, 1), person=row, unit=unit, role=role, valid_from=world.OPENED, valid_to=FAR_FUTURE
    )
    return Actor(code, PersonId(row.pk), unit.path, frozenset({role}))


def actor(role: str) -> Actor:
    """The person of a role whom :func:`county` made."""
    return Actor(role.lower(), PersonId(Person.objects.get(code=role.lower()).pk), f"{world.UNIT}/", frozenset({role}))


def after(minutes: int) -> datetime:
    """So many minutes after :data:`NOW`."""
    return NOW + timedelta(minutes=minutes)


def open_fault(charter: Charter, *, answers: Mapping[str, str] = FAULT, at: datetime = NOW, **also: object) -> Opened:
    """A fault of the account, taken by the call clerk."""
    request = Request("fault_repair", "PHONE_95598", answers, **{"account_number": ACCOUNT, **also})  # type: ignore[arg-type]
    return intake.open_case(request=request, actor=actor("CALL_CLERK"), at=at, charter=charter)


def repair(charter: Charter, number: str, *, until: str = "RESTORE", minutes: int = 1) -> Done:
    """Take a fault through its steps up to one, ``minutes`` after :data:`NOW` the first, one minute each."""
    steps = {
        "DISPATCH": ("DISPATCHER", {}, ()),
        "ACCEPT": ("CELL_MANAGER", {}, ()),
        "ARRIVE": ("CELL_MANAGER", {"EXPECTED": "2026-10-12T13:00:00+08:00"}, (HERE,)),
        "RESTORE": ("CELL_MANAGER", REPAIRED, (HERE, PHOTO)),
    }
    done = None
    for place, (step, (role, answers, proofs)) in enumerate(steps.items()):
        done = work.finish(
            number=number, step=step, actor=actor(role), at=after(minutes + place), charter=charter, answers=answers,
            proofs=proofs, result="REPAIRED" if step == "RESTORE" else "",
        )  # fmt: skip
        if step == until:
            break
    assert done
    return done


def repair_by(charter: Charter, number: str, leader: Actor, *, at: datetime) -> Done:
    """A crew's leader takes a dispatched fault to its end, a minute a step."""
    expected = {"EXPECTED": (at + timedelta(hours=2)).isoformat()}
    repaired = {"CAUSE": "接户线断", "RESTORED": (at + timedelta(minutes=2)).isoformat()}
    work.finish(number=number, step="ACCEPT", actor=leader, at=at, charter=charter)
    work.finish(number=number, step="ARRIVE", actor=leader, at=at + timedelta(minutes=1), charter=charter,
                answers=expected, proofs=(HERE,))  # fmt: skip
    return work.finish(number=number, step="RESTORE", actor=leader, at=at + timedelta(minutes=2), charter=charter,
                       answers=repaired, proofs=(HERE, PHOTO), result="REPAIRED")  # fmt: skip
