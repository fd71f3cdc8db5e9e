"""Checks of the machine: home folder, disk, keys, fonts, typesetting, the pages' assets, the time zone."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.staticfiles import finders

from wandeng.flows.doctor.findings import Finding, Patient, fault, fine, warning
from wandeng.infra import pii, typesetting
from wandeng.kernel.errors import Refused

GB = 1_000_000_000
DISK_WARNING, DISK_FAULT = 5 * GB, GB
PII_KEY_BYTES = 32
LEAST_SECRET = 40
TEMPLATE = '#set text(font: "WenQuanYi Micro Hei")\n万灯'


def home(patient: Patient) -> Finding:
    """Whether files can be written below WANDENG_HOME."""
    shown = str(patient.home)
    try:
        patient.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=patient.home) as file:
            file.write(b"wandeng")
    except OSError as error:
        return fault(
            "HOME",
            (
                f"数据目录 {shown} 不可写：{error.strerror}",
                f"the home folder {shown} cannot be written: {error.strerror}",
            ),
            ("检查目录的属主和权限，或另设 WANDENG_HOME", "check owner and mode, or set WANDENG_HOME"),
        )
    return fine("HOME", f"数据目录可写：{shown}", f"the home folder can be written: {shown}")


def disk(patient: Patient) -> Finding:
    """How much room is left for data."""
    free = shutil.disk_usage(patient.home if patient.home.exists() else patient.home.anchor).free
    shown = f"{free / GB:.1f} GB"
    if free >= DISK_WARNING:
        return fine("DISK", f"磁盘剩余 {shown}", f"{shown} of disk are free")
    said = fault if free < DISK_FAULT else warning
    return said(
        "DISK",
        (f"磁盘只剩 {shown}", f"only {shown} of disk are free"),
        ("清理或扩容数据目录所在的磁盘", "make room on the disk of the home folder"),
    )


def personal_data_key(_: Patient) -> Finding:
    """Whether personal data can be read, by us and nobody else."""
    path = pii.key_path()
    if not path.exists():
        return fault(
            "PII_KEY",
            (f"缺少个人信息密钥 {path}", f"there is no key for personal data at {path}"),
            (
                "新装：运行 wandeng init；已有数据：从备份恢复原密钥，否则电话、证件号读不出",
                "new: run 'wandeng init'; with data: restore the key from the backup, nothing else opens it",
            ),
        )
    if path.stat().st_size < PII_KEY_BYTES:
        return fault(
            "PII_KEY",
            (f"个人信息密钥 {path} 不完整", f"the key for personal data at {path} is cut off"),
            ("从备份恢复原密钥", "restore the key from the backup"),
        )
    return _private(path, "PII_KEY", "个人信息密钥", "the key for personal data")


def secret_key(patient: Patient) -> Finding:
    """Whether sessions are signed by a secret that stays the same and that nobody else can read."""
    path = patient.home / "secret.key"
    if os.environ.get("WANDENG_SECRET_KEY"):
        if len(settings.SECRET_KEY) < LEAST_SECRET:
            return fault(
                "SECRET_KEY",
                ("WANDENG_SECRET_KEY 太短", "WANDENG_SECRET_KEY is too short"),
                (f"换成 {LEAST_SECRET} 位以上的随机字符", f"take at least {LEAST_SECRET} random characters"),
            )
        return fine("SECRET_KEY", "会话密钥来自环境变量", "the secret of sessions comes from the environment")
    if not path.exists():
        return fault(
            "SECRET_KEY",
            ("没有会话密钥，重启后所有人要重新登录", "there is no secret for sessions: a restart logs everybody out"),
            ("运行 wandeng init", "run 'wandeng init'"),
        )
    return _private(path, "SECRET_KEY", "会话密钥", "the secret of sessions")


def _private(path: Path, code: str, zh: str, en: str) -> Finding:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return fault(
            code,
            (f"{zh} {path} 的权限为 {mode:o}，其他用户可读", f"{en} {path} has mode {mode:o}: others can read it"),
            (f"运行 chmod 600 {path}", f"run chmod 600 {path}"),
        )
    return fine(code, f"{zh}齐备，仅属主可读", f"{en} is there, and only its owner reads it")


def fonts(_: Patient) -> Finding:
    """Whether documents can be set in Chinese."""
    try:
        typesetting.require_font()
    except Refused as refusal:
        return fault(
            "FONTS",
            ("缺少中文字体，电费单等 PDF 无法生成", refusal.message),
            ("安装软件包 fontconfig 和 fonts-wqy-microhei", "install the packages fontconfig and fonts-wqy-microhei"),
        )
    return fine("FONTS", f"中文字体齐备：{typesetting.FONT}", f"the Chinese font is there: {typesetting.FONT}")


def typst(patient: Patient) -> Finding:
    """Whether a page can be set at all."""
    try:
        made = typesetting.Typesetter(TEMPLATE).pdf({}, made_on=patient.on)
        works = made.startswith(b"%PDF")
    except Refused:
        works = True  # The font is missing: that is said already.
    except Exception:  # whatever the compiler raises, documents cannot be made
        works = False
    if not works:
        return fault(
            "TYPST",
            ("排版程序 typst 不能生成 PDF", "typst makes no PDF"),
            ("重新安装：pip install --force-reinstall typst", "reinstall it: pip install --force-reinstall typst"),
        )
    return fine("TYPST", "PDF 排版正常", "PDF documents can be made")


def assets(_: Patient) -> Finding:
    """Whether the pages have their scripts and styles."""
    missing = [name for name in ("dist/app.js", "dist/app.css") if finders.find(name) is None]
    if missing:
        return fault(
            "ASSETS",
            (f"网页资源未生成：{'、'.join(missing)}", f"the pages' assets are not built: {', '.join(missing)}"),
            ("运行 make assets", "run 'make assets'"),
        )
    return fine("ASSETS", "网页资源齐备", "the pages' assets are built")


def time_zone(_: Patient) -> Finding:
    """Whether days begin when they begin in China."""
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        return fault(
            "TIME_ZONE",
            ("缺少时区数据", "the time zone data are missing"),
            ("安装 tzdata：pip install tzdata", "install them: pip install tzdata"),
        )
    if settings.TIME_ZONE != "Asia/Shanghai" or not settings.USE_TZ:
        return fault(
            "TIME_ZONE",
            (f"时区设置为 {settings.TIME_ZONE}", f"the time zone is {settings.TIME_ZONE}"),
            ("恢复为 Asia/Shanghai", "set it back to Asia/Shanghai"),
        )
    return fine("TIME_ZONE", "时区为 Asia/Shanghai", "the time zone is Asia/Shanghai")
