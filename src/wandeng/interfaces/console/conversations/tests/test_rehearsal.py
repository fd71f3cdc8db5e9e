"""Listening to the telephone menu: administrators only; what is said, with its recordings where all are there; nothing is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from tests.kits import chinese_left, in_english

from wandeng.domains.conversations.models import Conversation
from wandeng.domains.network.tests import make as drawing
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.infra import pii
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.tests.test_spoken import tone

pytestmark = pytest.mark.django_db
PAGE = "/console/conversations/rehearsal/"


def person(code: str, role: Role, unit: str = "BS") -> Client:
    at = datetime.now(UTC)
    organization_actions.add_person(code=code, name="A", unit_code=unit, actor=SYSTEM, at=at)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=at
    )
    found = Client(headers={"accept-language": "zh-hans"})
    found.force_login(organization.login_user(code))
    return found


@pytest.fixture
def administrator(settings, tmp_path: Path) -> Client:
    settings.SECURE_SSL_REDIRECT = False
    settings.HOME = tmp_path
    pii.create_key()
    drawing.offices()
    return person("admin", Role.ADMINISTRATOR)


def test_keys_are_pressed_one_after_another_and_nothing_is_kept(
    administrator: Client, django_assert_max_num_queries
) -> None:
    assert administrator.get(PAGE).status_code == 200
    with django_assert_max_num_queries(40):
        told = administrator.post(PAGE, {"phone": "13800000001", "keys": ""}).content.decode()
    assert "您好，这里是供电服务热线。" in told
    assert "<audio" not in told
    told = administrator.post(PAGE, {"phone": "13800000001", "keys": "9", "press": "0"}).content.decode()
    assert 'value="9 0"' in told
    assert "转人工" in told
    assert administrator.post(PAGE, {"phone": "me"}).status_code == 422
    assert administrator.post(PAGE, {"phone": "13800000001", "keys": "1" * 33}).status_code == 422
    assert not Conversation.objects.exists()


def test_what_is_recorded_is_heard(administrator: Client, tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    for name in ("welcome-0", "main-0"):
        (tmp_path / "prompts" / f"{name}.wav").write_bytes(tone(800))
    told = administrator.post(PAGE, {"phone": "13800000001"}).content.decode()
    assert f'src="{PAGE}sound/?f=welcome-0%2Cmain-0"' in told
    heard = administrator.get(f"{PAGE}sound/?f=welcome-0,main-0")
    assert (heard.headers["Content-Type"], heard.content[:4]) == ("audio/wav", b"RIFF")
    for odd in ("agent-0", "../keys/ivr", "", "welcome-0,"):
        assert administrator.get(f"{PAGE}sound/", {"f": odd}).status_code == 404


def test_nobody_else_may_call_as_anybody(administrator: Client) -> None:
    head = person("head", Role.COUNTY_MANAGER)
    assert [head.get(one).status_code for one in (PAGE, f"{PAGE}sound/?f=main-0")] == [403, 403]
    assert head.post(PAGE, {"phone": "13800000001"}).status_code == 403
    west = person("admin-w", Role.ADMINISTRATOR, "BS-W")  # the line tells of every unit
    refused = west.post(PAGE, {"phone": "13800000001"})
    assert refused.status_code == 422
    assert "供电服务热线" not in refused.content.decode()


def test_in_english(administrator: Client, settings, tmp_path: Path) -> None:
    in_english.latin()
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]
    english = Client(headers={"accept-language": "en"})
    english.force_login(organization.login_user("admin"))
    told = english.get(PAGE).content.decode()
    assert [one for one in chinese_left.left(told) if one not in ("国家电网", "南方电网", "中文")] == []
