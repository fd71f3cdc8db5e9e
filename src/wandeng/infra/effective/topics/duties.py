"""Duties that one person must not hold together (不相容岗位), among them the three administrators (三权分立)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, Rows, TopicModel

RoleName = Annotated[str, Field(pattern=r"^[A-Z_]+$")]


class RolePair(Group):
    """Two roles that one person may not hold on the same day, with the reason as people are told it."""

    roles: Rows[RoleName]
    reason_zh: Annotated[str, Field(min_length=1)]
    reason_en: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _two_different(self) -> RolePair:
        if len(set(self.roles)) != 2 or len(self.roles) != 2:
            raise ValueError(f"a pair names two different roles; found {list(self.roles)}")
        return self


class RoleConflicts(TopicModel):
    """The matrix of duties that are kept apart. A utility may be stricter; it writes its own version."""

    topic_name: ClassVar[str] = "role_conflicts"

    pairs: Rows[RolePair]
