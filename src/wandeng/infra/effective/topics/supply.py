"""Cutting off for arrears (欠费停电) and giving supply back (复电): who approves, how many, and how soon power is back."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Count, Group, Price, Rows, TopicModel

UnitKind = Literal["PROVINCE", "CITY", "COUNTY", "CENTRE", "OFFICE"]


class ApprovalLevel(Group):
    """For which accounts an approver of which kinds of units is needed. ``important`` and ``high_voltage`` accounts are
    told apart by their importance and class; ``ordinary`` are all others."""

    accounts: Literal["ordinary", "high_voltage", "important"]
    unit_kinds: Rows[UnitKind]


class Approvals(Group):
    """An approval not used within ``valid_days`` is void."""

    valid_days: Annotated[int, Field(ge=1, le=90)]
    levels: Rows[ApprovalLevel]

    @model_validator(mode="after")
    def _each_once(self) -> Approvals:
        named = sorted(level.accounts for level in self.levels)
        if named != ["high_voltage", "important", "ordinary"]:
            raise ValueError(f"each kind of account needs one level; found {named}")
        return self


class BlastRadius(Group):
    """``per_hour``: orders a unit may send within sixty minutes unless it keeps a lower quota of its own; ``bulk``: beyond
    so many approved for a unit in a day each further one needs a second approver."""

    per_hour: Count
    bulk: Count


class InstructionLife(Group):
    """How long an instruction to cut may be carried out after it was signed."""

    valid_hours: Annotated[int, Field(ge=1, le=24)]


class Disconnection(TopicModel):
    """Who approves a cut and how far an error can reach. When a cut is allowed at all is said by the topic ``dunning``."""

    topic_name: ClassVar[str] = "disconnection"

    approval: Approvals
    radius: BlastRadius
    instruction: InstructionLife


class BackWithin(Group):
    """From the payment to power, in clock hours, by the locality of the account."""

    urban_hours: Count
    rural_hours: Count
    remote_hours: Count


class Demand(Group):
    """What must be paid before supply is due again: every bill past its due date, or only those the order names; less than
    ``least_yuan`` of it may stay open."""

    paid: Literal["overdue", "demanded"]
    least_yuan: Price


class Reconnection(TopicModel):
    """The promised time from payment to power."""

    topic_name: ClassVar[str] = "reconnection"

    within: BackWithin
    demand: Demand
