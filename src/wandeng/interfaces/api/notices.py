"""Notices: one of the outbox whole, what people decide, texts, letters, opt-outs, and what gateways report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wandeng.domains.notices import actions, queries
from wandeng.domains.notices.types import (
    ChannelText,
    ContactPreferenceShown,
    Preview,
    Reached,
    RecipientShown,
    SlotShown,
    TemplateShown,
    VersionId,
)
from wandeng.flows import bill_notices, notice_letters
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import Download, read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE, Month

PDF = "application/pdf"
_P = "console:notices-"
_ONE, _TEMPLATE = "/notices/{int:recipient_id}", "/notice-templates/{str:code}"


@dataclass(frozen=True, slots=True)
class Text:
    """What one channel says; ``reduced`` goes to a number that nobody verified."""

    channel: str
    text: str
    reduced: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice that was written, and to how many; 0 and 0 when nobody is left to tell."""

    notice_id: int
    recipients: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of letters; 0 and 0 when none waits."""

    batch_id: int
    letters: int


def one(scope: Scope, recipient_id: int, *, library: RuleLibrary) -> RecipientShown:
    """A notice to one recipient with every attempt and step."""
    return queries.recipient(scope, recipient_id, library=library)


def reached(scope: Scope, recipient_id: int, *, library: RuleLibrary) -> tuple[Reached, ...]:
    """Who was told by the same notice, how and when, as far as the scope goes."""
    found = queries.recipient(scope, recipient_id, library=library)
    inside = set(queries.recipient_rows(scope, key=found.key).values_list("account_number", flat=True))
    return tuple(told for told in queries.reached(found.key) if (told.account_number or None) in inside)


def preference(scope: Scope, account_number: str, *, now: datetime, library: RuleLibrary) -> ContactPreferenceShown:
    """What an account wants to be told, by which channel first, and when not."""
    return queries.contact_preference(scope, account_number, now=now, library=library)


def template(code: str, *, now: datetime) -> TemplateShown:
    """A template with its versions, newest first."""
    return queries.template(code, on=now.astimezone(BILLING_ZONE).date())


def slots() -> tuple[SlotShown, ...]:
    """The slots that the product knows."""
    return queries.slots_explained()


def draft(*, code: str, texts: Sequence[Text], valid_from: date, reason: str, actor: Actor, at: datetime) -> VersionId:
    """Draft new texts from a day on; channels are tried in the order they stand."""
    return actions.draft_version(
        code=code, texts=_texts(texts), channels=[one.channel for one in texts], valid_from=valid_from, reason=reason,
        actor=actor, at=at,
    )  # fmt: skip


def preview(code: str, *, now: datetime) -> tuple[Preview, ...]:
    """The texts in force, filled with examples."""
    found = template(code, now=now).in_force
    return queries.preview(found.texts) if found else ()


def print_batch(*, unit_code: str, actor: Actor, at: datetime, library: RuleLibrary) -> Batch:
    """Take the letters that wait in a unit and below, at most 500, as a batch."""
    return Batch(*notice_letters.print_batch(unit_code=unit_code, actor=actor, at=at, library=library))


def letters(scope: Scope, letter_batch_id: int, *, library: RuleLibrary) -> Download:
    """The letters of a batch as PDF, one a page."""
    content = notice_letters.document(scope, letter_batch_id, library=library)
    return Download(f"letters-{letter_batch_id}.pdf", PDF, content)


def announce(*, unit_code: str, month: Month, actor: Actor, at: datetime, most: int | None = None) -> Told:
    """Tell the customers of a unit of their published bills of a month; nobody is told of a month twice."""
    sent = bill_notices.announce(unit_code=unit_code, month=month, actor=actor, at=at, most=most)
    return Told(int(sent.notice_id), sent.recipients)


def _texts(texts: Sequence[Text]) -> Mapping[str, ChannelText]:
    return {one.channel: ChannelText(one.text, one.reduced, one.title) for one in texts}


def _read(address: str, query: Any, name: str, like: str, about: str, **more: Any) -> None:
    read(address, query, name=name, like=_P + like, tag="notices", about=about, **more)


def _write(address: str, action: Any, name: str, like: str, about: str, **more: Any) -> None:
    write(address, action, name=name, like=_P + like, tag="notices", about=about, **more)


_read(_ONE, one, "notice", "detail", "一条通知 a notice to one recipient, whole")
_read(f"{_ONE}/reached", reached, "notice-reached", "detail", "同批送达情况 who was told by the same notice")
_write(f"{_ONE}/cancel", actions.cancel, "notice-cancel", "cancel", "取消 take one out of line")
_write(f"{_ONE}/send-again", actions.send_again, "notice-again", "again", "重发 send again")
_write(f"{_ONE}/settle", actions.settle_unknown, "notice-settle", "settle", "认定 what became of an unknown one")
_write("/notices/reports", actions.report, "notice-report", "settle", "网关回执 a gateway's delivery report")
_write(
    "/notices/announce-bills", announce, "notice-announce", "announce", "电费通知 tell customers of their bills",
    commits_itself=True,
)  # fmt: skip
_read("/notice-slots", slots, "notice-slots", "templates", "变量 slots of texts")
_read(_TEMPLATE, template, "notice-template", "template", "模板 a template with its versions")
_read(f"{_TEMPLATE}/preview", preview, "notice-preview", "template", "样子 the texts in force, filled")
_write(f"{_TEMPLATE}/draft", draft, "notice-draft", "template-draft", "拟定 draft new texts")
_write(
    "/notice-template-versions/{int:version_id}/approve", actions.approve_version, "notice-approve",
    "template-approve", "审批 approve a drafted text",
)  # fmt: skip
_write(
    "/notice-template-versions/{int:version_id}/withdraw", actions.withdraw_version, "notice-withdraw",
    "template-withdraw", "撤回 take a text back before its day",
)  # fmt: skip
_read(
    "/accounts/{account_number}/contact-preference", preference, "contact-preference", "opt-outs",
    "联系偏好 what an account wants to be told, by which channel, when not",
)  # fmt: skip
_write(
    "/accounts/{account_number}/contact-preference/set", actions.prefer, "contact-prefer", "preference",
    "设置联系偏好 channel first, quiet hours",
)  # fmt: skip
_write("/notice-opt-outs/add", actions.opt_out, "notice-opt-out", "opt-out", "退订 no more notices of a purpose")
_write("/notice-opt-outs/end", actions.opt_in, "notice-opt-in", "opt-in", "恢复 take an opt-out back")
_write(
    "/letter-batches/print", print_batch, "letters-print", "letters-print", "打印信函 take what waits as a batch",
    commits_itself=True,
)  # fmt: skip
_read(
    "/letter-batches/{int:letter_batch_id}/pdf",
    letters,
    "letters-file",
    "letters-file",
    "信函 a batch as PDF",
    files=(PDF,),
)
