"""What is done to a case: worked on, steered, ended."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ninja import File, Form, Schema
from ninja.files import UploadedFile

from wandeng.domains.cases.actions import contact, ending, revealing, steering, tracking, work
from wandeng.domains.cases.queries import known
from wandeng.domains.cases.queries import retention as retention_queries
from wandeng.domains.cases.types import Charter, Done, Opened, Place, Proof
from wandeng.flows import contacts
from wandeng.flows.connections import finishing, withdrawing
from wandeng.infra.scope import Scope
from wandeng.interfaces.api import operations
from wandeng.interfaces.api.app import api
from wandeng.interfaces.api.cases import TAG, asked
from wandeng.interfaces.api.json import plain
from wandeng.interfaces.api.operations import Done as Answer
from wandeng.interfaces.api.operations import read, write
from wandeng.interfaces.api.values import Base64, BigInt, Code, SafeStr
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class ProofGiven:
    """A document or proof: ``kind`` DOCUMENT, PHOTO, PLACE, SIGNATURE, RECORDING or PAPER; ``content`` the file's bytes in
    base64; ``place`` in degrees × 10⁶; ``document`` the code of the definition's document."""

    kind: str
    label: str = ""
    file_name: str = ""
    content: Base64 | None = None
    place: Place | None = None
    document: str = ""


def finish(
    *, number: str, step: str, answers: dict[str, str] | None = None, proofs: tuple[ProofGiven, ...] = (),
    handler: str = "", result: str = "", note: str = "", happened_at: datetime | None = None, key: str = "",
    actor: Actor, at: datetime, charter: Charter,
) -> Done:  # fmt: skip
    """Finish the step the case stands at. ``key``: a telephone without signal tells the same twice and it is done once."""
    return finishing.finish(
        number=number, step=step, answers=answers, proofs=proofs_of(proofs), handler=handler, result=result, note=note,
        happened_at=happened_at, key=key, actor=actor, at=at, charter=charter,
    )  # fmt: skip


def assign(
    *, number: str, handler: str = "", note: str = "", actor: Actor, at: datetime, charter: Charter
) -> Done:  # fmt: skip
    """Put the case into somebody's hands; without ``handler`` into your own."""
    return work.assign(
        number=number, handler=handler or actor.code, note=note, actor=actor, at=at, charter=charter
    )  # fmt: skip


def pause(
    *, number: str, pause: str, reason: str, proofs: tuple[ProofGiven, ...] = (), actor: Actor, at: datetime,
    charter: Charter,
) -> Done:  # fmt: skip
    """Stop the clocks for a reason that the definition knows, with what proves it."""
    return work.pause(
        number=number, pause=pause, reason=reason, proofs=proofs_of(proofs), actor=actor, at=at, charter=charter
    )  # fmt: skip


def fill(*, number: str, answers: dict[str, str], actor: Actor, at: datetime, charter: Charter) -> Done:
    """Fill in fields between steps; an empty answer takes the old one away."""
    return work.fill(number=number, answers=answers, actor=actor, at=at, charter=charter)


def hand_in(
    *, number: str, proofs: tuple[ProofGiven, ...], key: str = "", actor: Actor, at: datetime, charter: Charter
) -> Done:  # fmt: skip
    """Add documents or proofs; larger files come as a form, one each."""
    return work.hand_in(number=number, proofs=proofs_of(proofs), key=key, actor=actor, at=at, charter=charter)


def reclassify(
    *, number: str, first_class: str = "", second_class: str = "", grade: str = "", urgency: str = "", reason: str,
    actor: Actor, at: datetime, charter: Charter,
) -> Done:  # fmt: skip
    """Correct class, grade or urgency; what is empty stays."""
    return steering.reclassify(
        number=number, first_class=first_class, second_class=second_class, grade=grade, urgency=urgency, reason=reason,
        actor=actor, at=at, charter=charter,
    )  # fmt: skip


def join(
    *, number: str, words: str = "", phone: str = "", channel: str = "", actor: Actor, at: datetime, charter: Charter
) -> Done:
    """A further contact about the same thing, by whichever channel; of the number only a trace is kept. The first-contact owner is told."""
    index = known.caller_index(phone) if phone else ""
    return contact.join(
        number=number, words=words, phone_index=index, channel=channel, actor=actor, at=at, charter=charter
    )  # fmt: skip


def split(
    *, number: str, process: str, channel: str, answers: dict[str, str] | None = None, unit_code: str = "",
    account_number: str = "", transformer_code: str = "", first_class: str = "", second_class: str = "",
    actor: Actor, at: datetime, charter: Charter,
) -> Opened:  # fmt: skip
    """A second matter becomes a case of its own; account and unit are those of the first unless named."""
    request = asked(
        process=process, channel=channel, answers=answers, unit_code=unit_code, account_number=account_number,
        transformer_code=transformer_code, first_class=first_class, second_class=second_class,
    )  # fmt: skip
    return steering.split(number=number, request=request, actor=actor, at=at, charter=charter)


def call_back(
    *, number: str, score: int, remark: str = "", channel: str = "PHONE", actor: Actor, at: datetime, charter: Charter
) -> Done:  # fmt: skip
    """What the customer said, 1 to 5: satisfied closes the case, dissatisfied opens it again."""
    return ending.call_back(
        number=number, score=score, remark=remark, channel=channel, actor=actor, at=at, charter=charter
    )  # fmt: skip


def not_reached(*, number: str, remark: str = "", actor: Actor, at: datetime, charter: Charter) -> Done:
    """Nobody answered; after the last attempt the case closes as not reached."""
    return ending.not_reached(number=number, remark=remark, actor=actor, at=at, charter=charter)


class Handed(Schema):
    """What comes with a file."""

    kind: Code
    document: SafeStr = ""
    label: SafeStr = ""
    longitude_e6: BigInt | None = None
    latitude_e6: BigInt | None = None
    key: SafeStr = ""


@api.post(
    "/cases/{number}/hand-in-file", response=Answer, url_name="case-hand-in-file", operation_id="case_hand_in_file",
    tags=[TAG], summary="上传资料 hand in a file as a form",
)  # fmt: skip
def hand_in_file(request: Request, number: Code, file: File[UploadedFile], handed: Form[Handed]) -> dict[str, Any]:
    """One document or proof with its file."""
    asking = request.asking
    place = None
    if handed.longitude_e6 is not None and handed.latitude_e6 is not None:
        place = Place(handed.longitude_e6, handed.latitude_e6)
    proof = Proof(handed.kind, handed.label, file.name or "", file.read(), place, handed.document)
    done = work.hand_in(
        number=number, proofs=[proof], key=handed.key, actor=asking.actor, at=asking.now, charter=rulebook.charter()
    )  # fmt: skip
    return {"result": plain(done)}


def proofs_of(given: tuple[ProofGiven, ...]) -> tuple[Proof, ...]:
    """Proofs from a body. Raises :class:`InvalidInput` for content that is not base64."""
    return tuple(
        Proof(one.kind, one.label, one.file_name, _bytes(one.content), one.place, one.document) for one in given
    )  # fmt: skip


def _bytes(text: str | None) -> bytes:
    try:
        return base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput("the content of a file is not base64") from None


def take(*, number: str, note: str = "", actor: Actor, at: datetime, charter: Charter) -> Done:
    """Take the case into your own hands."""
    return work.assign(number=number, handler=actor.code, note=note, actor=actor, at=at, charter=charter)


def evidence_record(*, scope: Scope, number: str) -> list[dict[str, Any]]:
    """What was destroyed of a case: reason, who proposed and who approved it, and each file's kind, step and hash."""
    return retention_queries.destroyed(scope, number)


def _write(
    verb: str, action: Any, about: str, *, like: str = "", address: str = "", commits_itself: bool = False
) -> None:
    write(
        address or f"/cases/{{number}}/{verb}", action, name=f"case-{verb}", like=f"{_P}{like or verb}", tag=TAG,
        about=about, commits_itself=commits_itself,
    )  # fmt: skip


_P = "console:cases-"
operations.guard("case-hand-in-file", f"{_P}hand-in", writes=True)
_write("assign", assign, "指派 put into somebody's hands")
_write("take", take, "接手 take into your own hands")
_write("finish", finish, "完成环节 finish the step", commits_itself=True)  # a step may bill
_write(
    "done", finish, "现场完成环节 finish a step in the field", like="field-case", address="/field-cases/{number}/finish",
    commits_itself=True,
)  # fmt: skip
_write("send-back", work.send_back, "退单 send back to an earlier step", like="back")
_write("pause", pause, "暂停计时 stop the clocks")
_write("resume", work.resume, "恢复计时 let the clocks run again")
_write("fill", fill, "补填 fill in fields")
_write("hand-in", hand_in, "补交资料 add documents or proofs")
_write("press", steering.press, "催办 the customer asks how it goes")
_write("supervise", steering.supervise, "督办 put under supervision")
_write("transfer", steering.transfer, "转办 give to another unit")
_write("reclassify", reclassify, "改类 correct class, grade or urgency")
_write("note", steering.note, "备注 write on the timeline")
_write("join", join, "合并来电 a further caller about the same", like="intake")
_write("answer-contact", contact.answer, "首问答复 the customer who came again was answered")
_write("hand-over", contact.hand_over, "移交首问 give first-contact ownership to a colleague")
_write("merge", steering.merge, "合并工单 end it in another case")
_write("split", split, "拆分 make a case of a second matter", like="intake")
_write("withdraw-link", tracking.withdraw_link, "停用进度链接 the customer's link opens nothing any more")
_write("withdraw", withdrawing.withdraw, "撤回 the customer takes it back; left: bills to be mended")
_write("reveal", revealing.reveal, "查看完整信息 show a personal field, logged")
_write("call-back", call_back, "回访 what the customer said")
_write("answer", call_back, "回访登记 what the customer said, from the list", like="callback",
       address="/call-backs/{number}/answer")  # fmt: skip
_write("not-reached", not_reached, "未接通 nobody answered")
_write("reopen", ending.reopen, "重启 open again")
read(
    "/cases/{number}/contacts", contacts.of_case, name="case-contacts", like=f"{_P}contacts", tag=TAG,
    about="会话与来访 messages, calls and visits about a case",
)  # fmt: skip
read(
    "/cases/{number}/evidence-record", evidence_record, name="case-evidence-record", like=f"{_P}evidence", tag=TAG,
    about="销毁记录 what was destroyed of a case",
)  # fmt: skip
