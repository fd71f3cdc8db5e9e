"""Checks of the dated rules and processes: readable, in force today where units are, with a calendar for this year and the
next."""

from __future__ import annotations

from datetime import date

from wandeng.domains.organization.queries import gaps
from wandeng.flows.doctor.findings import Finding, Patient, fault, fine, warning
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.problems import RuleFilesInvalid, TerritoryUnknown
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.topics import TOPICS
from wandeng.infra.effective.topics.calendars import WorkingDays
from wandeng.infra.processes.coverage import without_limit
from wandeng.infra.processes.library import ProcessLibrary
from wandeng.infra.processes.roots import roots
from wandeng.kernel.errors import NotFound, Refused

CALENDAR_DUE_MONTH = 12
"""The State Council publishes the holidays of a year in October or November of the year before."""
SHOWN = 5


def rules(_: Patient) -> Finding:
    """Whether every rule file can be read and fits the others."""
    try:
        library = RuleLibrary.load(default_root())
    except RuleFilesInvalid as invalid:
        shown = "; ".join(str(problem) for problem in invalid.problems[:SHOWN])
        count = len(invalid.problems)
        return fault(
            "RULES",
            (f"规则文件有 {count} 处问题：{shown}", f"{count} problems in the rule files: {shown}"),
            (
                "按所列文件和键修改，或恢复发布的规则文件",
                "mend the files at the keys named, or restore those that ship",
            ),
        )
    except NotFound:
        return fault(
            "RULES",
            ("没有找到规则文件", "there are no rule files"),
            ("重新安装本产品", "install the product again"),
        )
    versions = sum(len(found) for found in library.shelf.values())
    return fine(
        "RULES",
        f"规则文件完好：{len(library.territories)} 个地区，{versions} 个版本",
        f"the rule files are sound: {len(library.territories)} territories, {versions} versions",
    )


def coverage(patient: Patient) -> Finding:
    """Whether every topic that ever had a rule for a unit's territory has one today."""
    try:
        library = RuleLibrary.load(default_root())
    except Refused:
        return fine("COVERAGE", "规则文件有问题时不检查", "not looked at while the rule files have problems")
    territories = gaps.territories()
    lapsed, unknown = [], []
    for territory in territories:
        try:
            lapsed += [f"{territory}/{topic}" for topic in TOPICS if _has_lapsed(library, territory, topic, patient.on)]
        except TerritoryUnknown:
            unknown.append(territory)
    if unknown:
        return fault(
            "COVERAGE",
            (
                f"单位的执行地区没有规则：{'、'.join(unknown)}",
                f"units follow territories without rules: {', '.join(unknown)}",
            ),
            ("改正单位的执行地区，或补充该地区的规则文件", "correct the units' territory, or add its rule files"),
        )
    if lapsed:
        return warning(
            "COVERAGE",
            (
                f"{patient.on} 没有生效的规则：{'、'.join(lapsed[:SHOWN])}",
                f"no rule is in force on {patient.on}: {', '.join(lapsed[:SHOWN])}",
            ),
            (
                "补充新版规则文件；在此之前相关计费会停下等待",
                "add the new versions; until then what needs them is parked",
            ),
        )
    shown = ", ".join(territories)
    return fine(
        "COVERAGE", f"今日规则齐备：{shown or '尚无单位'}", f"rules are in force today: {shown or 'no units yet'}"
    )


def _has_lapsed(library: RuleLibrary, territory: str, topic: str, on: date) -> bool:
    versions = library.shelf.get((library.home(topic, territory), topic), ())
    return bool(versions) and topic != WorkingDays.topic_name and not any(one.covers(on) for one in versions)


def calendar(patient: Patient) -> Finding:
    """Whether this year's working days are published and known, and the next one's in time."""
    try:
        library = RuleLibrary.load(default_root())
    except Refused:
        return fine("CALENDAR", "规则文件有问题时不检查", "not looked at while the rule files have problems")
    year = patient.on.year
    if not _is_confirmed(library, year):
        return fault(
            "CALENDAR",
            (f"{year} 年工作日历缺失或未经公布确认", f"the working calendar of {year} is missing or not confirmed"),
            (
                f"补充 rules/national/working_days/{year}-01-01.toml",
                f"add rules/national/working_days/{year}-01-01.toml",
            ),
        )
    if not _is_confirmed(library, year + 1):
        said = warning if patient.on.month >= CALENDAR_DUE_MONTH else None
        sentence = (f"{year + 1} 年工作日历尚未确认", f"the working calendar of {year + 1} is not confirmed yet")
        if said is None:
            return fine("CALENDAR", f"{sentence[0]}（国务院一般在 11 月前后公布）", f"{sentence[1]} (due in November)")
        return said(
            "CALENDAR",
            sentence,
            (
                f"按国务院办公厅通知补充 rules/national/working_days/{year + 1}-01-01.toml",
                f"add rules/national/working_days/{year + 1}-01-01.toml from the State Council's notice",
            ),
        )
    return fine(
        "CALENDAR", f"{year}、{year + 1} 年工作日历已确认", f"the calendars of {year} and {year + 1} are confirmed"
    )


def _is_confirmed(library: RuleLibrary, year: int) -> bool:
    try:
        return library.version(WorkingDays, on=date(year, 1, 1), territory="national").body.confirmed
    except Refused:
        return False


def processes(patient: Patient) -> Finding:
    """Whether every process file, the utility's own among them, can be read."""
    try:
        found = ProcessLibrary.load(roots(patient.home), RuleLibrary.load(default_root()))
    except RuleFilesInvalid as invalid:
        shown = "; ".join(str(problem) for problem in invalid.problems[:SHOWN])
        count = len(invalid.problems)
        return fault(
            "PROCESSES",
            (
                f"流程文件或规则文件有 {count} 处问题：{shown}",
                f"{count} problems in the process or rule files: {shown}",
            ),
            ("按所列文件和键修改", "mend the files at the keys named"),
        )
    except NotFound:
        return fault(
            "PROCESSES",
            ("没有找到流程文件或规则文件", "there are no process files or no rule files"),
            ("重新安装本产品", "install the product again"),
        )
    kinds = len(found.in_force(patient.on))
    return fine("PROCESSES", f"流程文件完好：{kinds} 类工单", f"the process files are sound: {kinds} kinds of cases")


def limits(patient: Patient) -> Finding:
    """Whether every time limit the processes name is in force where units are."""
    try:
        library = RuleLibrary.load(default_root())
        found = ProcessLibrary.load(roots(patient.home), library)
        missing = [
            f"{territory}: {one}"
            for territory in gaps.territories()
            for one in without_limit(found, library, on=patient.on, territory=territory)
        ]
    except Refused:
        return fine("LIMITS", "规则或流程文件有问题时不检查", "not looked at while rules or processes have problems")
    if missing:
        shown = "; ".join(missing[:SHOWN])
        return warning(
            "LIMITS",
            (f"{len(missing)} 项服务时限没有生效的规则：{shown}", f"{len(missing)} time limits have no rule: {shown}"),
            (
                "在 rules/ 中补充 service_limits，或在 territory.toml 中写明 commitments",
                "add service_limits to the rules, or name commitments in territory.toml",
            ),
        )
    return fine("LIMITS", "各类工单的时限均有规则", "every time limit of the processes has its rule")
