"""The doctor finds every gap that is planted, says how to mend it, and never breaks on one."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection

from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.domains.organization.tests import make
from wandeng.flows import housekeeping, timetable
from wandeng.flows.doctor import examination, home, law, safety, store, work
from wandeng.flows.doctor.findings import Finding, Patient, Severity
from wandeng.infra import pii, typesetting, webhooks
from wandeng.infra.models import Delivery, Event, ImportBatch, Job, ParkedRow, TimedWork
from wandeng.infra.webhook_models import WebhookEndpoint
from wandeng.kernel.actors import SYSTEM

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RULES = Path(__file__).parents[5] / "rules"


@pytest.fixture
def patient(tmp_path: Path, settings: Any) -> Patient:
    settings.HOME = tmp_path
    return Patient(tmp_path, NOW, NOW.date())


def gap(finding: Finding) -> Severity:
    """The severity; whatever is not fine says in both languages what to do."""
    assert finding.sentence.zh
    assert finding.sentence.en
    if finding.severity is not Severity.FINE:
        assert re.search(r"[\u4e00-\u9fff]", finding.remedy.zh)
        assert finding.remedy.en
    return finding.severity


@pytest.mark.django_db
def test_every_check_answers_and_has_its_own_code() -> None:
    groups = examination.examine(NOW)
    codes = [finding.code for _, _, found in groups for finding in found]
    assert len(codes) == len(set(codes)) == sum(len(checks) for _, _, checks in examination.CHECKS)
    assert examination.worst(groups) in set(Severity)
    for _, _, found in groups:
        for finding in found:
            gap(finding)


@pytest.mark.django_db
def test_a_sound_installation_has_sound_tables(patient: Patient) -> None:
    for check in (store.database, store.migrations, store.clock):
        assert gap(check(patient)) is Severity.FINE


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_the_end_of_what_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent() -> None:
        raise DatabaseError("connection refused\nmore")

    monkeypatch.setattr(connection, "ensure_connection", silent)
    groups = examination.examine(NOW)
    first = groups[0][2][0]
    assert (first.code, first.severity) == ("DATABASE", Severity.FAULT)
    assert "connection refused" in first.sentence.en
    codes = {finding.code for _, _, found in groups for finding in found}
    assert codes >= {"DATABASE", "HOME", "DEBUG"}
    assert not codes & {"MIGRATIONS", "WORKER", "ACCOUNTS", "COVERAGE"}


@pytest.mark.django_db
def test_an_old_database_is_a_fault(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LEAST_SQLITE", (99, 0))
    monkeypatch.setattr(store, "LEAST_POSTGRESQL", 99)
    assert gap(store.database(patient)) is Severity.FAULT


@pytest.mark.django_db
def test_waiting_migrations_are_a_fault(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store.MigrationExecutor, "migration_plan", lambda self, nodes: [1, 2])
    finding = store.migrations(patient)
    assert gap(finding) is Severity.FAULT
    assert "2" in finding.sentence.zh


@pytest.mark.django_db
def test_a_database_that_may_lose_what_it_confirmed_is_a_fault(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys")
            before = cursor.fetchone()[0]
        assert before == 1
        monkeypatch.setattr(
            store, "connection", _Pragmas({"journal_mode": "delete", "synchronous": 2, "foreign_keys": 1})
        )
    else:
        monkeypatch.setattr(store, "_setting", lambda name: "off" if name == "fsync" else "on")
    assert gap(store.durability(patient)) is Severity.FAULT


class _Pragmas:
    """A connection that answers PRAGMA questions as it is told."""

    vendor = "sqlite"

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers, self.asked = answers, ""

    def cursor(self) -> _Pragmas:
        return self

    def __enter__(self) -> _Pragmas:
        return self

    def __exit__(self, *_: object) -> None:
        self.asked = ""

    def execute(self, sql: str) -> None:
        self.asked = sql.removeprefix("PRAGMA ")

    def fetchone(self) -> tuple[object]:
        return (self.answers[self.asked],)


def test_keys_that_are_missing_open_or_cut_off_are_faults(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WANDENG_SECRET_KEY", raising=False)
    for check, name in ((home.personal_data_key, "pii.key"), (home.secret_key, "secret.key")):
        path = patient.home / name
        assert gap(check(patient)) is Severity.FAULT
        path.write_bytes(b"k" * 64)
        path.chmod(0o644)
        finding = check(patient)
        assert gap(finding) is Severity.FAULT
        assert "chmod 600" in finding.remedy.zh
        path.chmod(0o600)
        assert gap(check(patient)) is Severity.FINE
    (patient.home / "pii.key").write_bytes(b"short")
    assert gap(home.personal_data_key(patient)) is Severity.FAULT


def test_a_short_secret_from_the_environment_is_a_fault(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv("WANDENG_SECRET_KEY", "x")
    settings.SECRET_KEY = "short"
    assert gap(home.secret_key(patient)) is Severity.FAULT
    settings.SECRET_KEY = "l" * 50
    assert gap(home.secret_key(patient)) is Severity.FINE


def test_a_home_that_cannot_be_written_is_a_fault(patient: Patient, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert gap(home.home(Patient(tmp_path / "file", NOW, NOW.date()))) is Severity.FAULT
    assert gap(home.home(patient)) is Severity.FINE


def test_a_disk_that_fills_up_is_a_warning_and_then_a_fault(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    def left(free: int) -> None:
        monkeypatch.setattr(home.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12 - free, free))

    for free, expected in ((10**10, Severity.FINE), (2 * 10**9, Severity.WARNING), (10**8, Severity.FAULT)):
        left(free)
        assert gap(home.disk(patient)) is expected


def test_missing_fonts_and_a_broken_typesetter_are_faults(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise typesetting.FontMissing("the font is not installed")

    monkeypatch.setattr(typesetting, "require_font", missing)
    assert gap(home.fonts(patient)) is Severity.FAULT
    assert gap(home.typst(patient)) is Severity.FINE

    class Broken:
        def __init__(self, template: str) -> None:
            raise OSError("no library")

    monkeypatch.setattr(typesetting, "Typesetter", Broken)
    assert gap(home.typst(patient)) is Severity.FAULT


def test_pages_without_their_assets_are_a_fault(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home.finders, "find", lambda name: None)
    assert gap(home.assets(patient)) is Severity.FAULT
    monkeypatch.setattr(home.finders, "find", lambda name: f"/{name}")
    assert gap(home.assets(patient)) is Severity.FINE


def test_another_time_zone_is_a_fault(patient: Patient, settings: Any) -> None:
    assert gap(home.time_zone(patient)) is Severity.FINE
    settings.TIME_ZONE = "UTC"
    assert gap(home.time_zone(patient)) is Severity.FAULT


def test_a_broken_rule_file_is_a_fault_that_names_it(
    patient: Patient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gap(law.rules(patient)) is Severity.FINE
    copied = tmp_path / "rules"
    shutil.copytree(RULES, copied)
    (copied / "national" / "working_days" / "2026-01-01.toml").write_text("broken")
    monkeypatch.setattr(law, "default_root", lambda: copied)
    finding = law.rules(patient)
    assert gap(finding) is Severity.FAULT
    assert "working_days/2026-01-01.toml" in finding.sentence.zh


def test_the_calendar_is_a_fault_this_year_and_a_warning_for_the_next(tmp_path: Path) -> None:
    def on(day: date) -> Finding:
        return law.calendar(Patient(tmp_path, NOW, day))

    assert gap(on(date(2026, 3, 2))) is Severity.FINE
    assert gap(on(date(2026, 12, 1))) is Severity.WARNING
    assert gap(on(date(2031, 3, 2))) is Severity.FAULT


def test_a_broken_process_file_of_the_utility_is_a_fault_that_names_it(patient: Patient) -> None:
    assert gap(law.processes(patient)) is Severity.FINE
    own = patient.home / "processes" / "praise"
    own.mkdir(parents=True)
    (own / "2026-01-01.toml").write_text("broken")
    finding = law.processes(patient)
    assert gap(finding) is Severity.FAULT
    assert "praise/2026-01-01.toml" in finding.sentence.zh


def test_time_limits_without_a_rule_are_named(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law.gaps, "territories", lambda: ("hunan", "guangdong"))
    assert gap(law.limits(patient)) is Severity.FINE
    monkeypatch.setattr(law.gaps, "territories", lambda: ("regulator",))
    finding = law.limits(patient)
    assert gap(finding) is Severity.WARNING
    assert "regulator: account_closing/request_other/ALL" in finding.sentence.zh
    monkeypatch.setattr(law.gaps, "territories", lambda: ("nowhere",))
    assert "没有" not in law.limits(patient).sentence.zh


@pytest.mark.django_db
def test_units_without_rules_or_with_lapsed_ones_are_named(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law.gaps, "territories", lambda: ("nowhere",))
    assert gap(law.coverage(patient)) is Severity.FAULT
    monkeypatch.setattr(law.gaps, "territories", lambda: ("hunan",))
    assert gap(law.coverage(Patient(patient.home, NOW, date(1999, 1, 1)))) is Severity.WARNING


@pytest.mark.django_db
def test_work_that_nobody_does_is_a_fault(patient: Patient) -> None:
    assert gap(work.worker(patient)) is Severity.FINE
    job = Job.objects.create(kind="k", dedup_key="a", run_at=NOW - timedelta(minutes=11), created_at=NOW)
    assert gap(work.worker(patient)) is Severity.FAULT
    Job.objects.filter(pk=job.pk).update(state="RUNNING", lease_owner="w:1", lease_until=NOW + timedelta(minutes=1))
    assert "w:1" in work.worker(patient).sentence.zh
    Job.objects.filter(pk=job.pk).update(lease_until=NOW - timedelta(minutes=1))
    assert gap(work.worker(patient)) is Severity.WARNING


@pytest.mark.django_db
def test_whatever_lies_parked_is_a_warning(patient: Patient, settings: Any) -> None:
    settings.WANDENG_OUTGOING = "hooks.example.com"
    pii.create_key()
    for check in (work.parked_work, work.parked_rows, work.webhooks):
        assert gap(check(patient)) is Severity.FINE
    Job.objects.create(kind="k", dedup_key="a", run_at=NOW, created_at=NOW, state="PARKED")
    event = Event.objects.create(name="e", key="k", body="{}", occurred_at=NOW)
    Delivery.objects.create(event=event, subscriber="s", next_at=NOW, state="PARKED")
    batch = ImportBatch.objects.create(kind="meters", file_name="a", content_hash="h", actor="a", started_at=NOW)
    ParkedRow.objects.create(batch=batch, line=2, cells="{}", findings="[]")
    webhooks.register(name="erp", url="https://hooks.example.com/", kinds=(), unit_path="", actor=SYSTEM, at=NOW)
    WebhookEndpoint.objects.update(active=False, disabled_why="FAILING")
    for check in (work.parked_work, work.parked_rows, work.webhooks):
        assert gap(check(patient)) is Severity.WARNING
    assert "erp" in work.webhooks(patient).sentence.zh


def test_open_doors_are_faults(patient: Patient, settings: Any) -> None:
    settings.DEBUG = True
    assert gap(safety.debug(patient)) is Severity.FAULT
    settings.ALLOWED_HOSTS = ["*"]
    assert gap(safety.hosts(patient)) is Severity.FAULT
    settings.ALLOWED_HOSTS = ["wandeng.example.com"]
    assert gap(safety.hosts(patient)) is Severity.FINE
    settings.SESSION_COOKIE_SECURE = False
    assert gap(safety.https(patient)) is Severity.FAULT
    settings.ALLOWED_HOSTS = ["localhost"]
    assert gap(safety.https(patient)) is Severity.FINE
    settings.WANDENG_OUTGOING = "not a name"
    assert gap(safety.outgoing_calls(patient)) is Severity.FAULT


def root_administrator() -> Person:
    """The one person of an installation with one unit."""
    make.county()
    unit = Unit.objects.get(parent=None)
    person = Person.objects.create(id=901, code="adm", name="管理员", unit=unit)
    Post.objects.create(
        id=901, person=person, unit=unit, role="ADMINISTRATOR", valid_from=date(2026, 1, 1), valid_to=date(9999, 1, 1)
    )
    return person


@pytest.mark.django_db
def test_accounts_that_lie_open_are_told(patient: Patient, settings: Any) -> None:
    settings.DEMO = False
    assert gap(safety.administrators(patient)) is Severity.FAULT
    person = root_administrator()
    assert gap(safety.administrators(patient)) is Severity.FAULT
    person.set_password("a long enough one 7")
    person.must_change_password = True
    person.save()
    assert gap(safety.administrators(patient)) is Severity.WARNING
    assert "adm" in safety.accounts(patient).sentence.zh
    assert gap(safety.accounts(patient)) is Severity.WARNING
    person.must_change_password, person.last_login = False, NOW - timedelta(days=91)
    person.save()
    assert "90" in safety.accounts(patient).sentence.zh
    person.last_login = NOW
    person.save()
    assert gap(safety.accounts(patient)) is Severity.FINE


@pytest.mark.django_db
def test_a_demonstration_beside_real_people_is_a_fault(patient: Patient, settings: Any) -> None:
    person = root_administrator()
    person.set_password("a long enough one 7")
    person.save()
    settings.DEMO = True
    assert gap(safety.demonstration(patient)) is Severity.FAULT
    person.is_demo = True
    person.save()
    assert gap(safety.demonstration(patient)) is Severity.FINE
    settings.DEMO = False
    assert gap(safety.demonstration(patient)) is Severity.WARNING


def test_a_check_that_breaks_is_a_finding(patient: Patient) -> None:
    def breaks(_: Patient) -> Finding:
        raise OSError("disk on fire")

    finding = examination._looked(breaks, patient)
    assert gap(finding) is Severity.FAULT
    assert "disk on fire" in finding.sentence.en


@pytest.mark.django_db
def test_a_timetable_nobody_looks_at_for_an_hour_is_named(patient: Patient) -> None:
    assert gap(work.timetable(patient)) is Severity.WARNING
    timetable.enqueue_due(now=NOW - timedelta(minutes=61))
    late = work.timetable(patient)
    assert (gap(late), "1 小时" in late.sentence.zh) == (Severity.WARNING, True)
    timetable.enqueue_due(now=NOW - timedelta(minutes=59))
    assert gap(work.timetable(patient)) is Severity.FINE


@pytest.mark.django_db
def test_what_the_nightly_check_found_is_named(patient: Patient) -> None:
    timetable.enqueue_due(now=NOW)
    job = Job.objects.create(
        kind=housekeeping.CHECK_BOOKS, dedup_key="x", state="DONE", run_at=NOW, created_at=NOW, finished_at=NOW,
        payload='{"slot": "2026-03-02"}', result='{"ledger_faults": 3}',
    )  # fmt: skip
    TimedWork.objects.filter(kind=housekeeping.CHECK_BOOKS).update(first_job=job.pk)
    found = work.timetable(patient)
    assert (gap(found), "3 个问题" in found.sentence.zh) == (Severity.FAULT, True)


@pytest.mark.parametrize(
    ("age", "severity", "told"),
    [
        (None, Severity.WARNING, "还没有发布"), (5, Severity.FINE, "5 秒前"), (90, Severity.WARNING, "1 分钟没有更新"),
        (900, Severity.FAULT, "15 分钟没有更新"), (-30, Severity.FINE, "0 秒前"),
    ],
)  # fmt: skip
def test_the_age_of_what_everybody_reads_of_outages_is_told(
    patient: Patient, tmp_path: Path, age: int | None, severity: Severity, told: str
) -> None:
    if age is not None:
        (tmp_path / "status").mkdir()
        made_at = (patient.now - timedelta(seconds=age)).isoformat()
        (tmp_path / "status/heartbeat.json").write_text(json.dumps({"made_at": made_at}))
    finding = work.supply_status(patient)
    assert (finding.severity, told in finding.sentence.zh) == (severity, True)
    assert bool(finding.remedy.zh) == (severity > Severity.FINE)
