"""All checks in order. One that breaks is a finding itself, never the end of the examination."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from wandeng.flows.doctor import home, law, safety, store, work
from wandeng.flows.doctor.findings import Finding, Patient, Severity, fault
from wandeng.kernel.periods import BILLING_ZONE

Check = Callable[[Patient], Finding]

CHECKS: tuple[tuple[str, str, tuple[Check, ...]], ...] = (
    ("数据库", "database", (store.database, store.migrations, store.durability, store.clock)),
    (
        "本机",
        "machine",
        (home.home, home.disk, home.personal_data_key, home.secret_key, home.fonts, home.typst, home.assets,
         home.time_zone),
    ),
    ("规则", "rules", (law.rules, law.coverage, law.calendar, law.processes, law.limits)),
    ("后台", "work", 
        (work.worker, work.timetable, work.case_warnings, work.parked_work, work.parked_rows, work.webhooks,
         work.supply_status),
    ),
    (
        "安全",
        "safety",
        (safety.debug, safety.hosts, safety.https, safety.demonstration, safety.administrators, safety.accounts,
         safety.outgoing_calls),
    ),
)  # fmt: skip
"""(title, title in English, checks); the order in which things depend on each other."""

NEEDED = (store.database, store.migrations)

WITHOUT_TABLES = frozenset(
    {store.database, *CHECKS[1][2], law.rules, law.calendar, law.processes, safety.debug, safety.hosts, safety.https,
     safety.outgoing_calls}
)  # fmt: skip
"""Checks that need no tables: the others are left out while the database is not ready."""


def examine(now: datetime) -> list[tuple[str, str, list[Finding]]]:
    """Every check's finding, group by group: (title, title in English, findings)."""
    patient = Patient(Path(settings.HOME), now, now.astimezone(BILLING_ZONE).date())
    is_ready, groups = True, []
    for zh, en, checks in CHECKS:
        found = []
        for check in checks:
            if not is_ready and check not in WITHOUT_TABLES:
                continue
            finding = _looked(check, patient)
            found.append(finding)
            is_ready = is_ready and not (check in NEEDED and finding.severity is Severity.FAULT)
        groups.append((zh, en, found))
    return groups


def worst(groups: list[tuple[str, str, list[Finding]]]) -> Severity:
    """The worst of all findings."""
    return max((finding.severity for _, _, found in groups for finding in found), default=Severity.FINE)


def _looked(check: Check, patient: Patient) -> Finding:
    try:
        return check(patient)
    except (DatabaseError, OSError, RuntimeError, ValueError) as error:
        told = f"{type(error).__name__}: {error}"
        return fault(
            check.__name__.upper(),
            (f"检查没有完成：{told}", f"the check was not completed: {told}"),
            ("请把这句话告诉技术支持", "tell this to your support"),
        )
