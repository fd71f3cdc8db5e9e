"""Checks of the database: reachable, new enough, migrated, durable, with the same time as this machine."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from wandeng.flows.doctor.findings import Finding, Patient, fault, fine, warning

LEAST_SQLITE = (3, 38, 0)
LEAST_POSTGRESQL = 15
SKEW_WARNING, SKEW_FAULT = 5, 60


def database(_: Patient) -> Finding:
    """Whether the database answers, and its version."""
    try:
        connection.ensure_connection()
        is_sqlite = connection.vendor == "sqlite"
        version = sqlite3.sqlite_version_info if is_sqlite else _postgresql_version()
    except DatabaseError as error:
        return fault(
            "DATABASE",
            (f"数据库连接不上：{_first_line(error)}", f"the database does not answer: {_first_line(error)}"),
            ("检查 WANDENG_DATABASE_URL 与数据库服务", "check WANDENG_DATABASE_URL and the database server"),
        )
    shown = ".".join(map(str, version))
    name = "SQLite" if is_sqlite else "PostgreSQL"
    if version < (LEAST_SQLITE if is_sqlite else (LEAST_POSTGRESQL,)):
        return fault(
            "DATABASE",
            (f"{name} {shown} 版本过低", f"{name} {shown} is too old"),
            (f"升级到 SQLite 3.38 或 PostgreSQL {LEAST_POSTGRESQL} 以上", "upgrade to SQLite 3.38 or PostgreSQL 15"),
        )
    return fine("DATABASE", f"数据库正常：{name} {shown}", f"the database answers: {name} {shown}")


def _postgresql_version() -> tuple[int, ...]:
    number = int(_setting("server_version_num"))
    return number // 10_000, number % 10_000


def _setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def migrations(_: Patient) -> Finding:
    """Whether every table is as this version of the product expects it."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return fault(
            "MIGRATIONS",
            (f"有 {len(waiting)} 个数据库变更未执行", f"{len(waiting)} migrations have not been applied"),
            ("运行 wandeng init", "run 'wandeng init'"),
        )
    return fine("MIGRATIONS", "数据库结构为最新", "the tables are up to date")


def durability(_: Patient) -> Finding:
    """Whether what was committed survives a power cut."""
    return _sqlite_durability() if connection.vendor == "sqlite" else _postgresql_durability()


def _sqlite_durability() -> Finding:
    with connection.cursor() as cursor:
        found = {}
        for name in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = str(cursor.fetchone()[0]).lower()
    wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
    odd = [f"{name} = {found[name]}" for name in wanted if found[name] != wanted[name]]
    if odd:
        return fault(
            "DURABILITY",
            (f"SQLite 设置有误：{'、'.join(odd)}", f"SQLite is set wrongly: {', '.join(odd)}"),
            (
                "数据库文件须放在本机磁盘（不能是网络盘），并用本产品的连接设置",
                "keep the file on a local disk (no network share) and use the settings of the product",
            ),
        )
    return fine(
        "DURABILITY", "SQLite 为 WAL 模式，写入落盘", "SQLite writes ahead (WAL) and to the disk before it answers"
    )


def _postgresql_durability() -> Finding:
    odd = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if _setting(name) == "off"]
    if odd:
        return fault(
            "DURABILITY",
            (f"PostgreSQL 关闭了 {'、'.join(odd)}，断电可能丢数据", f"PostgreSQL runs with {', '.join(odd)} off"),
            ("在 postgresql.conf 中打开", "turn them on in postgresql.conf"),
        )
    return fine("DURABILITY", "PostgreSQL 写入落盘", "PostgreSQL writes to the disk before it answers")


def clock(patient: Patient) -> Finding:
    """Whether the database's clock and ours agree."""
    if connection.vendor == "sqlite":
        return fine("CLOCK", "数据库与程序同机，时钟一致", "the database is on this machine: one clock")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    skew = round(abs((theirs - datetime.now(UTC)).total_seconds()))
    if skew < SKEW_WARNING:
        return fine("CLOCK", "数据库时钟与本机一致", "the clocks of database and program agree")
    said = fault if skew >= SKEW_FAULT else warning
    return said(
        "CLOCK",
        (f"数据库时钟与本机相差 {skew} 秒", f"the clocks of database and program differ by {skew} seconds"),
        ("两台机器都启用 NTP 对时", "let both machines follow an NTP server"),
    )
