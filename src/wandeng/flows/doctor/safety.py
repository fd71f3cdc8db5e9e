"""Checks of what keeps strangers out: debug mode, hosts, cookies, the demonstration, accounts."""

from __future__ import annotations

from django.conf import settings

from wandeng.domains.organization.queries import gaps
from wandeng.flows.doctor.findings import Finding, Patient, fault, fine, warning
from wandeng.infra import outgoing

LOCAL = {"localhost", "127.0.0.1", "[::1]"}
SHOWN = 5


def debug(_: Patient) -> Finding:
    """Whether faults show the inside of the program to everybody."""
    if settings.DEBUG:
        return fault(
            "DEBUG",
            ("调试模式已打开，出错时会泄露内部信息", "debug mode is on: faults show the inside"),
            ("关闭 DEBUG", "turn DEBUG off"),
        )
    return fine("DEBUG", "调试模式已关闭", "debug mode is off")


def hosts(_: Patient) -> Finding:
    """Whether the pages answer to their own names only."""
    if "*" in settings.ALLOWED_HOSTS:
        return fault(
            "HOSTS",
            ("任何主机名都能访问（WANDENG_HOSTS 含 *）", "any host name is answered (WANDENG_HOSTS has *)"),
            ("在 WANDENG_HOSTS 中列出正式域名", "name the real hosts in WANDENG_HOSTS"),
        )
    if set(settings.ALLOWED_HOSTS) <= LOCAL:
        return fine("HOSTS", "只能从本机访问", "the pages answer on this machine only")
    shown = ", ".join(settings.ALLOWED_HOSTS)
    return fine("HOSTS", f"允许的主机名：{shown}", f"hosts: {shown}")


def https(_: Patient) -> Finding:
    """Whether passwords and sessions travel in the clear."""
    if settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE:
        return fine("HTTPS", "会话仅通过 HTTPS 传输", "sessions travel by HTTPS only")
    if set(settings.ALLOWED_HOSTS) <= LOCAL:
        return fine("HTTPS", "明文 HTTP，仅限本机", "plain HTTP, on this machine only")
    return fault(
        "HTTPS",
        ("会话和密码以明文 HTTP 传输", "sessions and passwords travel in the clear"),
        (
            "前置 HTTPS 反向代理，以 wandeng serve --tls 启动，并设 WANDENG_BEHIND_PROXY=1",
            "put an HTTPS proxy in front, serve with --tls and set WANDENG_BEHIND_PROXY=1",
        ),
    )


def demonstration(patient: Patient) -> Finding:
    """Whether the accounts without password of a demonstration stand beside real people."""
    found = gaps.account_gaps(on=patient.on, now=patient.now)
    if settings.DEMO and found.people:
        return fault(
            "DEMO",
            ("演示模式已打开，而系统中有真实账号", "the demonstration mode is on beside real accounts"),
            ("去掉 WANDENG_DEMO 或 --demo 后重新启动", "start again without WANDENG_DEMO and --demo"),
        )
    if found.demo and not settings.DEMO:
        return warning(
            "DEMO",
            (f"正式环境中有 {len(found.demo)} 个演示账号", f"{len(found.demo)} accounts of a demonstration are here"),
            ("停用演示账号，或改用新的数据目录", "switch them off, or start with a new home folder"),
        )
    return fine(
        "DEMO", "演示模式" if settings.DEMO else "不是演示", "a demonstration" if settings.DEMO else "no demonstration"
    )


def administrators(patient: Patient) -> Finding:
    """Whether somebody can administer, and more than one."""
    found = gaps.account_gaps(on=patient.on, now=patient.now).administrators
    if not found and not settings.DEMO:
        return fault(
            "ADMINISTRATORS",
            ("没有能登录的系统管理员", "no administrator can log in"),
            (
                "导入人员岗位后，用 wandeng people password 设置初始密码",
                "import people and posts, then 'wandeng people password' gives a first one",
            ),
        )
    if len(found) == 1:
        return warning(
            "ADMINISTRATORS",
            (f"只有一个系统管理员：{found[0]}", f"there is one administrator only: {found[0]}"),
            ("再设一名，以免无人可替", "appoint a second one"),
        )
    return fine("ADMINISTRATORS", f"系统管理员 {len(found)} 名", f"{len(found)} administrators")


def accounts(patient: Patient) -> Finding:
    """Whether accounts lie open or unused."""
    found = gaps.account_gaps(on=patient.on, now=patient.now)
    parts = [
        (found.first_password, "初始密码未改", "still with the first password"),
        (found.stale, "90 天未登录", "not used for 90 days"),
    ]
    told = [(codes, zh, en) for codes, zh, en in parts if codes]
    if told and not settings.DEMO:
        zh = "；".join(f"{len(codes)} 个账号{word}（{'、'.join(codes[:SHOWN])}）" for codes, word, _ in told)
        en = "; ".join(f"{len(codes)} accounts {word} ({', '.join(codes[:SHOWN])})" for codes, _, word in told)
        return warning(
            "ACCOUNTS",
            (zh, en),
            ("通知本人修改密码，停用不再使用的账号", "have them change it, and switch off what nobody uses"),
        )
    count = len(found.without_password)
    return fine(
        "ACCOUNTS", f"账号正常；{count} 人有岗位但未开通登录", f"accounts are in use; {count} people have no password"
    )


def outgoing_calls(_: Patient) -> Finding:
    """Whether the list of what may be called can be read."""
    try:
        allowed = outgoing.Allowed.parse(settings.WANDENG_OUTGOING)
    except ValueError as error:
        return fault(
            "OUTGOING",
            (f"WANDENG_OUTGOING 写法有误：{error}", f"WANDENG_OUTGOING cannot be read: {error}"),
            ("写成域名或网段，用逗号分隔", "write names and networks with commas between"),
        )
    count = len(allowed.names) + len(allowed.networks)
    return fine("OUTGOING", f"允许外呼的地址 {count} 项", f"{count} entries may be called from here")
