"""``wandeng resident``: who holds an account, seen and ended by command."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from wandeng.domains.customers.tests import make
from wandeng.domains.residents.models import AccountBinding, ResidentSession
from wandeng.domains.residents.tests import make as residents
from wandeng.infra import pii
from wandeng.interfaces.cli.main import app

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


def run(*words: str) -> str:
    answer = CliRunner().invoke(app, ["resident", *words], env={"COLUMNS": "200"})
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_staff_see_and_end_bindings_by_command(settings, tmp_path) -> None:
    settings.HOME = tmp_path
    make.accounts()
    make.contact("1001", PHONE)
    opened = residents.holding(PHONE, "1001", at=make.AT)
    number, binding = str(opened.resident_id), AccountBinding.objects.get()
    assert "1001" in run("list", "--account", "1001")
    assert "没有" in run("list", "--account", "1002")
    assert pii.mask_phone(PHONE) in run("show", number)
    run("unbind", str(binding.pk), "--reason", "搬走")
    assert not AccountBinding.objects.filter(ended_at__isnull=True).exists()
    run("bind", number, "1001", "--reason", "出示证件")
    assert AccountBinding.objects.filter(ended_at__isnull=True).count() == 1
    ResidentSession.objects.update(ends_at="2099-01-01T00:00:00Z")
    assert "1" in run("sessions", "end", number, "--reason", "手机丢失")
    assert ResidentSession.objects.get().ended_at is not None
