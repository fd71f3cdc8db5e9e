"""Cases: taken in, looked up, counted; the kinds of cases there are. What is done to one stands in ``cases_work``."""

from __future__ import annotations

import mimetypes
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from wandeng.domains.cases.actions import intake
from wandeng.domains.cases.queries import kinds, known, one, rows, tracking
from wandeng.domains.cases.queries.kinds import KindGlance, KindShown
from wandeng.domains.cases.queries.rows import Counts
from wandeng.domains.cases.types import CaseGlance, CaseShown, Charter, Opened, Request
from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import Download, read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

TAG = "cases"
FILES = ("image/jpeg", "image/png", "image/webp", "application/pdf", "audio/mpeg", "audio/mp4", "audio/x-wav")
SOON = timedelta(minutes=30)


def asked(
    *, process: str, channel: str, answers: dict[str, str] | None = None, unit_code: str = "", account_number: str = "",
    transformer_code: str = "", locality: str = "", first_class: str = "", second_class: str = "", grade: str = "",
    urgency: str = "", is_anonymous: bool = False, is_confidential: bool = False, outside_number: str = "",
    documents: tuple[str, ...] = (),
) -> Request:  # fmt: skip
    """What a customer asks, from the fields of a body."""
    return Request(
        process, channel, answers or {}, unit_code, account_number, transformer_code, locality, first_class,
        second_class, grade, urgency, is_anonymous, is_confidential, outside_number, documents,
    )  # fmt: skip


def open_case(
    *, process: str, channel: str, answers: dict[str, str] | None = None, unit_code: str = "", account_number: str = "",
    transformer_code: str = "", locality: str = "", first_class: str = "", second_class: str = "", grade: str = "",
    urgency: str = "", is_anonymous: bool = False, is_confidential: bool = False, outside_number: str = "",
    documents: tuple[str, ...] = (), asked_at: datetime | None = None, actor: Actor, at: datetime, charter: Charter,
) -> Opened:  # fmt: skip
    """Open a case: its number, its first step, when the first of its limits ends. Empty fields are filled with what is known
    of the account."""
    request = asked(
        process=process, channel=channel, answers=answers, unit_code=unit_code, account_number=account_number,
        transformer_code=transformer_code, locality=locality, first_class=first_class, second_class=second_class,
        grade=grade, urgency=urgency, is_anonymous=is_anonymous, is_confidential=is_confidential,
        outside_number=outside_number, documents=documents,
    )  # fmt: skip
    return intake.open_case(request=request, actor=actor, at=at, charter=charter, asked_at=asked_at)


def duplicates(
    *, process: str, answers: dict[str, str] | None = None, unit_code: str = "", account_number: str = "",
    transformer_code: str = "", scope: Scope, now: datetime, charter: Charter,
) -> tuple[CaseGlance, ...]:  # fmt: skip
    """Open cases that are probably about the same; nothing is written. The place stays out of the address."""
    request = asked(
        process=process, channel="", answers=answers, unit_code=unit_code, account_number=account_number,
        transformer_code=transformer_code,
    )  # fmt: skip
    return known.duplicates(scope, request=request, charter=charter, now=now)


def prefilled(
    *, process: str, unit_code: str = "", account_number: str = "", transformer_code: str = "", scope: Scope,
    now: datetime, charter: Charter,
) -> dict[str, str]:  # fmt: skip
    """Field → what the form takes over by itself, numbers masked; nothing is written."""
    request = asked(
        process=process, channel="", unit_code=unit_code, account_number=account_number,
        transformer_code=transformer_code,
    )  # fmt: skip
    return known.prefilled(scope, request=request, charter=charter, on=now)


def by_phone(*, phone: str, scope: Scope, charter: Charter) -> tuple[CaseGlance, ...]:
    """The newest cases a telephone number is named in; nothing is written, and the number stays out of the address."""
    return known.cases_by_phone(scope, phone, charter=charter)


def of_account(scope: Scope, account_number: str, *, charter: Charter) -> tuple[CaseGlance, ...]:
    """The cases of an account, open ones first. Nothing for one outside the scope is no empty list."""
    return known.cases_of(scope, account_number, charter=charter)


def case(scope: Scope, number: str, *, charter: Charter, now: datetime) -> CaseShown:
    """One case with its course, clocks, form, papers and timeline."""
    return one.case(scope, number, charter=charter, now=now)


def paper(scope: Scope, paper_id: int) -> Download:
    """The file of a paper or proof."""
    name, content = one.paper(scope, paper_id)
    return Download(name, mimetypes.guess_type(name)[0] or "application/octet-stream", content)


def counts(scope: Scope, *, now: datetime) -> Counts:
    """How much there is to do; ``soon``: within half an hour."""
    return rows.counts(scope, now=now, soon=now + SOON)


def track_link(scope: Scope, number: str) -> dict[str, str]:
    """The link by which the customer follows the case without logging in: its token, and the address below this server."""
    token = tracking.link_token(scope, number)
    return {"token": token, "path": reverse("portal:track", args=[token])}


def processes(*, charter: Charter, now: datetime, on: date | None = None) -> tuple[KindGlance, ...]:
    """The kinds of cases that can be opened on a day."""
    return kinds.kinds(charter=charter, on=on or now.astimezone(BILLING_ZONE).date())


def process(
    scope: Scope, process: str, *, charter: Charter, now: datetime, on: date | None = None, territory: str = ""
) -> KindShown:  # fmt: skip
    """A definition in force with the promises of the territories of your units, or of the one named."""
    territories = (territory,) if territory else [unit.territory for unit in organization.unit_tree(scope)]
    return kinds.kind(
        process, charter=charter, on=on or now.astimezone(BILLING_ZONE).date(), territories=territories
    )  # fmt: skip


def _read(address: str, query: Any, name: str, like: str, about: str, **more: Any) -> None:
    read(address, query, name=name, like=like, tag=TAG, about=about, **more)


def _write(address: str, action: Any, name: str, like: str, about: str) -> None:
    write(address, action, name=name, like=like, tag=TAG, about=about)


_CASE = "console:cases-detail"
_OPEN = "console:cases-intake"
_write("/cases/open", open_case, "case-open", _OPEN, "受理 open a case")
_write("/cases/duplicates", duplicates, "case-duplicates", _OPEN, "重复诉求 open cases probably about the same")
_write("/cases/prefilled", prefilled, "case-prefilled", _OPEN, "免填单 what the form takes over by itself")
_write("/cases/by-phone", by_phone, "cases-by-phone", _OPEN, "来电号码的工单 cases a number is named in")
_read("/cases/{number}", case, "case", _CASE, "工单 a case with everything about it")
_read("/cases/{number}/track-link", track_link, "case-track-link", _CASE, "进度链接 the customer's link to the case")
_read("/accounts/{account_number}/cases", of_account, "cases-of", _CASE, "某户的工单 the cases of an account",
      of=customers.account)  # fmt: skip
_read("/case-papers/{int:paper_id}", paper, "case-paper", _CASE, "资料文件 the file of a paper", files=FILES)
_read("/case-counts", counts, "case-counts", _CASE, "工单数量 how much there is to do")
_read("/processes", processes, "processes", _CASE, "工单类型 the kinds of cases")
_read("/processes/{process}", process, "process", _CASE, "流程定义 a definition in force with its promises")
