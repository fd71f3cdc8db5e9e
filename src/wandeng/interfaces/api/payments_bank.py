"""Bank files, suspense and reconciliation: what the accountant does on the pages, for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import File, Form, Schema
from ninja.files import UploadedFile

from wandeng.domains.payments.actions import bank_agreements, reconciliation, suspense
from wandeng.domains.payments.queries import bank_files as files
from wandeng.domains.payments.queries import reconciliation as days
from wandeng.domains.payments.queries import suspense as items
from wandeng.domains.payments.queries.bank_values import Suggestion, WaitingDay
from wandeng.flows import bank_files, bank_requests
from wandeng.flows import suspense as matching
from wandeng.infra.scope import Scope
from wandeng.interfaces.api import operations
from wandeng.interfaces.api.app import api
from wandeng.interfaces.api.operations import Done, Download, read, write
from wandeng.interfaces.api.values import Code, SafeStr
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput

TEXT = "application/octet-stream"
_TAG = "bank files"
_P = "console:payments-"
_FILE, _ITEM = "/bank-files/{int:file_id}", "/suspense/{int:item_id}"


def request(*, kind: str, bank: str, unit_code: str, on: date, actor: Actor, at: datetime) -> int:
    """Make a file of what is open on a day; answers its number."""
    made = bank_requests.export(kind=kind, bank=bank, unit_code=unit_code, on=on, actor=actor, at=at)
    return made.file_id


def fetch(*, file_id: int, actor: Actor, at: datetime) -> Download:
    """The bytes of a file of ours; bank accounts stand in it, so it is logged."""
    made = bank_requests.fetch(file_id=file_id, actor=actor, at=at)
    return Download(made.file_name, TEXT, made.content)


def suggested(scope: Scope, item_id: int) -> tuple[Suggestion, ...]:
    """The accounts that an item of suspense may belong to."""
    return items.suggestions(scope, items.suspense_item(scope, item_id))


def waiting(scope: Scope, *, since: date, before: date) -> tuple[WaitingDay, ...]:
    """Days of channels with money of ours and no detail yet."""
    return days.waiting_days(scope, since=since, before=before)


def decide(*, item_id: int, move: str, reason: str, actor: Actor, at: datetime) -> None:
    """Decide a difference: to_suspense, book or reverse."""
    if move == "to_suspense":
        reconciliation.to_suspense(item_id=item_id, reason=reason, actor=actor, at=at)
    elif move == "book":
        reconciliation.book(item_id=item_id, reason=reason, actor=actor, at=at)
    elif move == "reverse":
        reconciliation.settle_reversed(item_id=item_id, reason=reason, actor=actor, at=at)
    else:
        raise InvalidInput("choose what becomes of the difference")


class Brought(Schema):
    """What comes with a file: whose it is."""

    bank: Code
    unit: SafeStr = ""


# Files come as forms, so this one is written out.
operations.guard("bank-file-bring", _P + "bank-file-new", writes=True)


@api.post(
    "/bank-files/bring", response=Done, url_name="bank-file-bring", operation_id="bank_file_bring", tags=[_TAG],
    summary="带入银行文件（后台核对） bring a bank's file; a worker judges every row and books nothing",
)  # fmt: skip
def bring(request: Request, file: File[UploadedFile], brought: Form[Brought]) -> dict[str, Any]:
    """Answers the number of the file; bytes that were brought before answer with the first one's."""
    asking = request.asking
    made = bank_files.receive(
        bank=brought.bank,
        file_name=file.name or "",
        chunks=file.chunks(),
        unit_code=brought.unit or asking.unit.code,
        actor=asking.actor,
        at=asking.now,
    )
    return {"result": made}


def _write(
    address: str, action: Any, name: str, like: str, about: str, **more: Any
) -> None:  # fmt: skip
    write(address, action, name=name, like=_P + like, tag=_TAG, about=about, **more)


_write("/bank-files/request", request, "bank-file-request", "bank-request",
       "生成代扣、托收、欠费文件 make a file for a bank", commits_itself=True)  # fmt: skip
read(_FILE, files.bank_file, name="bank-file", like=_P + "bank-file", tag=_TAG, about="银行文件 a bank file")
_write(f"{_FILE}/post", bank_files.post, "bank-file-post", "bank-file-post", "入账（后台执行） book; a worker does it")
_write(f"{_FILE}/discard", bank_files.discard, "bank-file-discard", "bank-file-discard", "放弃 throw away")
_write(f"{_FILE}/fetch", fetch, "bank-file-fetch", "bank-file-fetch", "取文件（记入日志） the bytes of a file of ours",
       files=(TEXT,))  # fmt: skip
_write("/bank-agreements/sign", bank_agreements.sign_bank_agreement, "bank-agreement-sign", "bank-agreement-new",
       "登记代扣协议 an agreement that was signed")  # fmt: skip
_write("/bank-agreements/{bank}/{number}/end", bank_agreements.end_bank_agreement, "bank-agreement-end",
       "bank-agreement-end", "终止代扣协议 end an agreement")  # fmt: skip
read(_ITEM, items.suspense_item, name="suspense-item", like=_P + "suspense-item", tag=_TAG, about="待查款 an item")
read(f"{_ITEM}/suggestions", suggested, name="suspense-suggestions", like=_P + "suspense-item", tag=_TAG,
     about="可能是谁的 whose it may be")  # fmt: skip
_write(f"{_ITEM}/match", matching.match, "suspense-match", "suspense-match", "认领 it is this account's")
_write(f"{_ITEM}/return", suspense.give_back, "suspense-return", "suspense-return", "退回 give it back")
_write(f"{_ITEM}/decide-return", suspense.decide_return, "suspense-decide", "suspense-decide",
       "复核退回 agree to giving back, or not, as the second person")  # fmt: skip
_write(f"{_ITEM}/leave", suspense.leave, "suspense-leave", "suspense-leave", "继续挂账 leave it as it is")
read("/reconciliation/waiting", waiting, name="reconciliation-waiting", like=_P + "reconciliation", tag=_TAG,
     about="等对账明细的渠道日 days without a detail")  # fmt: skip
read("/reconciliation/{int:day_id}", days.reconciled_day, name="reconciliation-day", like=_P + "reconciliation-day",
     tag=_TAG, about="对账日 a channel's day with its differences")  # fmt: skip
_write("/reconciliation/items/{int:item_id}/decide", decide, "reconciliation-decide", "reconciliation-decide",
       "处理差异 decide a difference")  # fmt: skip
