"""The cash desk: tills, sessions, money over the counter, receipts."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.payments.actions import tills
from wandeng.domains.payments.queries import tills as queries
from wandeng.flows import cash_desk
from wandeng.flows.receipt_documents import pages
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import Download, read, write
from wandeng.kernel.actors import Actor

PDF = "application/pdf"
_TAG = "cash desk"
_SESSION = "/till-sessions/{session_number}"
_RECEIPT = "/receipts/{receipt_number}"


def verified(scope: Scope, receipt_number: str, *, code: str) -> bool:
    """Whether the code on a paper is the receipt's own."""
    return cash_desk.is_proved(cash_desk.receipt(scope, receipt_number), code)


def pdf(scope: Scope, receipt_number: str) -> Download:
    """The receipt as a document."""
    return Download(f"{receipt_number}.pdf", PDF, pages.pdf(cash_desk.receipt(scope, receipt_number)))


def session(scope: Scope, session_number: str) -> queries.SessionShown:
    """A session with its balance by tender and its steps."""
    return queries.session(scope, session_number)


def use(*, code: str, is_active: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Take a till out of use, or bring it back."""
    tills.set_active(code=code, is_active=is_active, reason=reason, actor=actor, at=at)


read("/till-places", queries.tills, name="till-places", like="console:payments-tills", tag=_TAG, about="收费台 tills")
write("/tills/add", tills.add_till, name="till-add", like="console:payments-till-new", tag=_TAG,
      about="建立收费台 set up a till")  # fmt: skip
write("/tills/use", use, name="till-use", like="console:payments-tills", tag=_TAG, about="启停收费台 in or out of use")
write("/till-sessions/open", tills.open_session, name="till-session-open", like="console:payments-till-open", tag=_TAG,
      about="开班 open a till with a float")  # fmt: skip
read(_SESSION, session, name="till-session", like="console:payments-session", tag=_TAG, about="班次 a session")
write(f"{_SESSION}/take", cash_desk.take, name="till-take", like="console:payments-desk", tag=_TAG,
      about="收费 take money, once by client_key")  # fmt: skip
write(f"{_SESSION}/count", tills.count_session, name="till-session-count", like="console:payments-session-count",
      tag=_TAG, about="日结 count the drawer")  # fmt: skip
write(f"{_SESSION}/confirm", tills.confirm_session, name="till-session-confirm",
      like="console:payments-session-confirm", tag=_TAG, about="复核长短款 confirm, by a second person")  # fmt: skip
write(f"{_SESSION}/send-back", tills.send_back, name="till-session-send-back",
      like="console:payments-session-send-back", tag=_TAG, about="退回重点 have it counted again")  # fmt: skip
read(_RECEIPT, cash_desk.receipt, name="till-receipt", like="console:payments-receipt", tag=_TAG,
     about="收据 a receipt")  # fmt: skip
read(f"{_RECEIPT}/verify", verified, name="till-receipt-verify", like="console:payments-receipt", tag=_TAG,
     about="核验 is the code on a paper the receipt's own")  # fmt: skip
read(f"{_RECEIPT}/pdf", pdf, name="till-receipt-pdf", like="console:payments-receipt-pdf", tag=_TAG, files=(PDF,),
     about="收据 PDF a receipt as a document")  # fmt: skip
write(f"{_RECEIPT}/void", cash_desk.void, name="till-receipt-void", like="console:payments-receipt-void", tag=_TAG,
      about="作废 void a receipt of one's own open session")  # fmt: skip
read("/accounts/{account_number}/desk-standing", cash_desk.standing, name="till-standing", like="console:payments-desk",
     tag=_TAG, about="应交 what an account owes and has")  # fmt: skip
