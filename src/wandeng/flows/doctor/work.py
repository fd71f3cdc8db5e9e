"""Checks of the work: somebody does it, nothing lies parked."""

from __future__ import annotations

from datetime import timedelta

from wandeng.domains.cases.actions import telling
from wandeng.flows import housekeeping
from wandeng.flows import timetable as timed
from wandeng.flows.doctor.findings import Finding, Patient, fault, fine, warning
from wandeng.flows.supply_status import publishing
from wandeng.infra import waiting, webhook_log
from wandeng.infra.imports import reports
from wandeng.infra.scope import Scope

TOO_LATE = timedelta(minutes=10)


def supply_status(patient: Patient) -> Finding:
    """Whether what everybody reads of outages is looked at: how old the published files are."""
    at = publishing.made_at()
    remedy = (
        "启动 wandeng serve 或 wandeng worker，或运行 wandeng status publish --watch",
        "start 'wandeng serve' or 'wandeng worker', or run 'wandeng status publish --watch'",
    )
    if at is None:
        return warning(
            "SUPPLY_STATUS",
            (
                "停电状态还没有发布，“何时来电”没有答案",
                "supply status was never published: 'When is my power back?' has no answers",
            ),
            remedy,
        )
    age = max(timedelta(0), patient.now - at)
    if age <= timedelta(seconds=publishing.OLD_SECONDS):
        seconds = int(age.total_seconds())
        return fine(
            "SUPPLY_STATUS", f"停电状态 {seconds} 秒前核对过", f"supply status was looked at {seconds} seconds ago"
        )
    minutes = max(1, age // timedelta(minutes=1))
    said = fault if age > TOO_LATE else warning
    return said(
        "SUPPLY_STATUS",
        (
            f"停电状态已 {minutes} 分钟没有更新，“何时来电”显示的是旧情况",
            f"supply status was looked at {minutes} minutes ago: 'When is my power back?' tells what was then",
        ),
        remedy,
    )


def worker(patient: Patient) -> Finding:
    """Whether somebody does the work that is due."""
    depths = waiting.depths(patient.now)
    overdue = [lease for lease in depths.leases if lease.is_overdue]
    working = [lease for lease in depths.leases if not lease.is_overdue]
    if depths.oldest_due is not None and patient.now - depths.oldest_due > TOO_LATE and not working:
        minutes = (patient.now - depths.oldest_due) // timedelta(minutes=1)
        return fault(
            "WORKER",
            (f"后台任务已等待 {minutes} 分钟，没有工作进程", f"work has waited for {minutes} minutes: no worker runs"),
            (
                "启动 wandeng worker，或用 wandeng serve 一并启动",
                "start 'wandeng worker', or 'wandeng serve', which does",
            ),
        )
    if overdue:
        return warning(
            "WORKER",
            (f"{len(overdue)} 个任务的工作进程失去联系", f"the workers of {len(overdue)} jobs are not heard of"),
            ("确认 wandeng worker 在运行，任务会由其他进程接手", "see that 'wandeng worker' runs: it takes them over"),
        )
    if working:
        return fine("WORKER", f"工作进程在运行：{working[0].owner}", f"a worker is at it: {working[0].owner}")
    return fine("WORKER", "没有积压的后台任务", "no work is overdue")


def timetable(patient: Patient) -> Finding:
    """Whether somebody looks at what is due by the clock, and whether the nightly check of the books found them in order."""
    last = timed.last_turn()
    if last is None or patient.now - last > timed.SILENT_AFTER:
        hours = None if last is None else (patient.now - last) // timedelta(hours=1)
        return warning(
            "TIMETABLE",
            (
                "定时任务从未有工作进程查看" if hours is None else f"定时任务已有 {hours} 小时没有工作进程查看",
                "no worker ever looked at the timetable" if hours is None
                else f"no worker has looked at the timetable for {hours} hours",
            ),
            (
                "启动 wandeng worker，或用 wandeng serve 一并启动；停机期间的工作会补办一次",
                "start 'wandeng worker', or 'wandeng serve', which does: what was missed is made up once",
            ),
        )  # fmt: skip
    lines = timed.shown(Scope.everywhere(), now=patient.now)
    faults = sum(
        sum(line.last.result.values()) for line in lines if line.kind == housekeeping.CHECK_BOOKS and line.last
    )
    if faults:
        return fault(
            "TIMETABLE",
            (f"夜间账务核查发现 {faults} 个问题", f"the nightly check of the books found {faults} faults"),
            ("用 wandeng ledger check 和 wandeng bill check 查看，不要手工改库", "see them by 'wandeng ledger check' and 'wandeng bill check'; mend nothing by hand"),
        )  # fmt: skip
    off = [line for line in lines if not line.is_on]
    names = "、".join(line.name_zh for line in off), ", ".join(line.name_en for line in off)
    if off:
        return fine(
            "TIMETABLE", f"定时任务按时办理；已停用：{names[0]}", f"timed work is done; switched off: {names[1]}"
        )
    return fine("TIMETABLE", "定时任务按时办理", "timed work is done in time")


def case_warnings(patient: Patient) -> Finding:
    """Whether those are told who are to know that a limit of a case runs out."""
    waiting_long = len(telling.due_clocks(now=patient.now - timedelta(minutes=15), most=_COUNTED))
    if waiting_long:
        more = "+" if waiting_long == _COUNTED else ""
        return warning(
            "CASE_WARNINGS",
            (
                f"工单时限预警有 {waiting_long}{more} 条迟发超过 15 分钟",
                f"{waiting_long}{more} warnings of limits of cases are more than 15 minutes late",
            ),
            (
                "确认 wandeng worker 在运行且定时任务 case_clocks 已启用；流程文件缺失的见 wandeng case kinds",
                "see that 'wandeng worker' runs and timed work case_clocks is on; definitions: 'wandeng case kinds'",
            ),
        )
    return fine("CASE_WARNINGS", "工单时限预警及时", "warnings of limits of cases are told in time")


_COUNTED = 1_000


def parked_work(patient: Patient) -> Finding:
    """Whether jobs or deliveries of events lie parked."""
    depths = waiting.depths(patient.now)
    jobs, deliveries = depths.jobs.get("PARKED", 0), depths.deliveries.get("PARKED", 0)
    if jobs or deliveries:
        return warning(
            "PARKED_WORK",
            (f"搁置的任务 {jobs} 个，事件投递 {deliveries} 个", f"{jobs} jobs and {deliveries} deliveries are parked"),
            (
                "wandeng jobs list --parked 查看原因，处理后 wandeng jobs retry",
                "see why by 'wandeng jobs list --parked', then 'wandeng jobs retry'",
            ),
        )
    return fine("PARKED_WORK", "没有搁置的任务和投递", "no jobs and no deliveries are parked")


def parked_rows(_: Patient) -> Finding:
    """Whether rows of import files wait for somebody."""
    waiting_rows = reports.waiting_rows()
    if waiting_rows:
        return warning(
            "PARKED_ROWS",
            (f"导入文件中有 {waiting_rows:,} 行待处理", f"{waiting_rows:,} rows of import files are parked"),
            ("在“数据导入”中修改后重试，或 wandeng import parked", "mend and retry them, see 'wandeng import parked'"),
        )
    return fine("PARKED_ROWS", "没有待处理的导入行", "no rows of import files are parked")


def webhooks(_: Patient) -> Finding:
    """Whether other systems are told what they asked for."""
    scope = Scope.everywhere()
    off = [row["name"] for row in webhook_log.endpoint_rows(scope) if row["disabled_why"] in ("FAILING", "GONE")]
    parked = webhook_log.delivery_rows(scope).filter(state="PARKED").count()
    if off or parked:
        names = ", ".join(off) or "–"
        return warning(
            "WEBHOOKS",
            (
                f"事件推送：已自动停用 {names}，搁置 {parked} 条",
                f"webhooks: turned off {names}, {parked} deliveries parked",
            ),
            ("联系接收方，修复后启用并重放", "talk to the receiver, then turn it on and replay"),
        )
    return fine("WEBHOOKS", "事件推送正常", "webhooks are delivered")
