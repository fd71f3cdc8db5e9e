"""``wandeng notices``: what waits is delivered, looked at and decided from a shell."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from wandeng.domains.notices.models import NoticeRecipient, OptOut
from wandeng.domains.notices.tests import make
from wandeng.interfaces.cli.notices import app

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _people(settings: Any, tmp_path: Any) -> None:
    make.people()


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.output


def test_a_notice_is_delivered_listed_and_shown() -> None:
    row = make.paid("1001")
    run("deliver")
    (listed,) = json.loads(run("list", "--state", "DELIVERED", "--account", "1001", "--json"))
    assert listed["template_code"] == "payment_received"
    shown = json.loads(run("show", str(row.pk)))
    assert shown["attempts"][0]["outcome"] == "DELIVERED"
    assert "no notices" in run("list", "--state", "FAILED")


def test_templates_are_listed_and_one_is_shown_with_its_texts() -> None:
    assert "payment_received" in {row["code"] for row in json.loads(run("templates", "--json"))}
    assert json.loads(run("templates", "payment_received"))["versions"][0]["texts"]["SMS"]["reduced"]
    assert "installed 0" in run("install")


def test_an_opt_out_is_written_down_and_taken_back() -> None:
    run("opt-out", "1001", "BILL", "--source", "PHONE")
    assert OptOut.objects.get().until_at is None
    run("opt-in", "1001", "BILL")
    assert OptOut.objects.get().until_at is not None


def test_what_an_account_prefers_is_written_down_with_a_reason_and_shown() -> None:
    run("opt-out", "1001", "BILL", "--source", "PHONE")
    run("prefer", "1001", "--channel", "VOICE", "--quiet", "21:00-07:00", "--reason", "客户来电")
    told = run("preference", "1001")
    assert all(one in told for one in ("VOICE", "21:00-07:00", "BILL           已退订", "OUTAGE         法定"))
    with pytest.raises(AssertionError):
        run("prefer", "1001", "--channel", "SMS")


def test_what_failed_is_cancelled_or_sent_again_and_what_is_unknown_is_settled() -> None:
    row = make.paid("1003")
    run("deliver")
    run("send-again", str(row.pk), "--reason", "号码已更正")
    run("cancel", str(row.pk), "--reason", "不用了")
    run("send-again", str(row.pk), "--reason", "还是要发")
    NoticeRecipient.objects.filter(pk=row.pk).update(state="UNKNOWN")
    run("settle", str(row.pk), "--not-reached", "--reason", "问过客户")
    row.refresh_from_db()
    assert (row.state, row.why) == ("FAILED", "UNDELIVERED")


def test_letters_are_printed_as_one_file(tmp_path: Any) -> None:
    path = tmp_path / "letters.pdf"
    assert "no letters wait" in run("letters", "--unit", "BS", "-o", str(path))
    row = make.reminded("1003")
    NoticeRecipient.objects.filter(pk=row.pk).update(state="FAILED")
    assert not path.exists()


def test_nobody_is_told_of_a_month_without_bills() -> None:
    assert json.loads(run("bills", "--unit", "BS", "--month", "2026-09", "--json")) == {"notice": 0, "recipients": 0}
