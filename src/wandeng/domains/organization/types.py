"""Roles of the trade and the frozen shapes that organization's queries return."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from wandeng.kernel.errors import Conflict
from wandeng.kernel.ids import PersonId, UnitId

LoginOutcome = Literal["IN", "OUT", "WRONG", "LOCKED", "NO_POST", "UNLOCKED"]


class Role(StrEnum):
    """What a post lets its holder do; ``name_zh`` is the word on the door."""

    CALL_CLERK = "CALL_CLERK"
    HALL_CLERK = "HALL_CLERK"
    DISPATCHER = "DISPATCHER"
    CELL_MANAGER = "CELL_MANAGER"
    ACCOUNT_MANAGER = "ACCOUNT_MANAGER"
    METER_READER = "METER_READER"
    BILLING_CLERK = "BILLING_CLERK"
    BILLING_REVIEWER = "BILLING_REVIEWER"
    ACCOUNTANT = "ACCOUNTANT"
    AUDITOR = "AUDITOR"
    COUNTY_MANAGER = "COUNTY_MANAGER"
    PROVINCIAL_MANAGER = "PROVINCIAL_MANAGER"
    ADMINISTRATOR = "ADMINISTRATOR"
    SECURITY_ADMINISTRATOR = "SECURITY_ADMINISTRATOR"
    AUDIT_ADMINISTRATOR = "AUDIT_ADMINISTRATOR"

    @property
    def name_zh(self) -> str:
        return _ROLE_NAMES[self]


_ROLE_NAMES = {
    Role.CALL_CLERK: "95598 坐席",
    Role.HALL_CLERK: "营业厅营业员",
    Role.DISPATCHER: "抢修调度员",
    Role.CELL_MANAGER: "网格（台区）经理",
    Role.ACCOUNT_MANAGER: "大客户经理",
    Role.METER_READER: "抄表员",
    Role.BILLING_CLERK: "电费核算员",
    Role.BILLING_REVIEWER: "电费复核员",
    Role.ACCOUNTANT: "电费账务员",
    Role.AUDITOR: "营销稽查员",
    Role.COUNTY_MANAGER: "县公司经理",
    Role.PROVINCIAL_MANAGER: "省公司经理",
    Role.ADMINISTRATOR: "系统管理员",
    Role.SECURITY_ADMINISTRATOR: "安全管理员",
    Role.AUDIT_ADMINISTRATOR: "审计管理员",
}


class UnitInUse(Conflict):
    """Something still belongs to a unit that is to be closed."""

    code = "UNIT_IN_USE"


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit in its tree; ``depth`` 0 is the root of the installation, ``closed_on`` the first day without it."""

    code: str
    name: str
    kind: str
    path: str
    territory: str
    depth: int
    unit_id: UnitId
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A role of a person over a unit; ``valid_to`` is the first day without it."""

    person_code: str
    unit_code: str
    unit_path: str
    role: Role
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who knocks: code as typed, address, and the code of the browser (empty: never seen)."""

    person_code: str
    address: str
    device: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Whom a token stands for; ``unit_code`` is empty unless it is narrowed to a unit."""

    person_code: str
    unit_code: str
    may_write: bool
    token_id: int


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as its owner sees it: never the token itself."""

    token_id: int
    person_code: str
    label: str
    hint: str
    may_write: bool
    unit_code: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as a door greets them."""

    code: str
    name: str
    unit_code: str
    unit_name: str
    must_change_password: bool
    person_id: PersonId | None = None


@dataclass(frozen=True, slots=True)
class AtDoor:
    """A person as a door meets them: ``posts`` of all days by unit path and role, the ``units`` of those, and the
    mark of the brand that holds (empty: none), so that a process knows whether the one it keeps is still good."""

    person: PersonCard
    posts: tuple[PostHeld, ...]
    units: tuple[UnitNode, ...]
    brand_mark: str


@dataclass(frozen=True, slots=True)
class View:
    """A saved view of a list."""

    view_id: int
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that a demonstration offers on its login page."""

    person_code: str
    name: str
    role: Role
    unit_name: str

    @property
    def role_name(self) -> str:
        return self.role.name_zh
