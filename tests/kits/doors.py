"""People at two doors of the product at a chosen time: commands say who acts, programs come with a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from typer.testing import CliRunner

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.types import Role
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.main import app
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM


@dataclass
class Doors:
    """The command ``command``, and what time it is behind every door."""

    command: str
    now: datetime

    def run(self, *words: str, by: str = "dis") -> str:
        """What a command says. Raises what it refuses."""
        answer = CliRunner().invoke(app, [self.command, *words, "--as", by], env={"COLUMNS": "220"})
        if answer.exception is not None:
            raise answer.exception
        return answer.stdout

    def program(self, code: str) -> Client:
        """A program of a person, that may write for a day."""
        token = actions.issue_token(
            label="测试", may_write=True, expires_at=self.now + timedelta(days=1), at=self.now,
            actor=queries.actor_for(code, self.now.date()),
        )  # fmt: skip
        return Client(headers={"Authorization": f"Bearer {token.secret}"})


def open_doors(
    command: str, now: datetime, people: Sequence[tuple[str, str, Role]], *, settings: object, monkeypatch: pytest.MonkeyPatch
) -> Doors:  # fmt: skip
    """Doors at a time, with people (code, unit, role) who have their post since the beginning of 2026. The units must be there."""
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    doors = Doors(command, now)
    for door in (middleware, terminal):
        monkeypatch.setattr(door, "now", lambda: doors.now)
    monkeypatch.setattr(terminal, "today", lambda: doors.now.date())
    for code, unit, role in people:
        actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=now)
        actions.appoint(person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=now)
    return doors
