"""Customers, their contacts and agreements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wandeng.domains.customers import actions, queries
from wandeng.flows import customer_overview, customer_timeline
from wandeng.interfaces.api.operations import read, write

_ACCOUNT = "/accounts/{account_number}"


def _read(address: str, query: Callable[..., Any], name: str, like: str, about: str, **more: Any) -> None:
    read(address, query, name=name, like=f"console:customers-{like}", tag="customers", about=about, **more)


def _write(address: str, action: Callable[..., Any], name: str, like: str, about: str, **more: Any) -> None:
    write(address, action, name=name, like=f"console:customers-{like}", tag="customers", about=about, **more)


# fmt: off
_read(_ACCOUNT, customer_overview.overview, "account", "detail", "用电户全貌 an account")
_read(f"{_ACCOUNT}/usage", customer_overview.usage, "account-usage", "detail", "用电量 usage by month")
_read(f"{_ACCOUNT}/bills", customer_overview.bills, "account-bills", "detail", "账单 bills of an account", of=queries.account)
_read(f"{_ACCOUNT}/readings", customer_overview.readings, "account-readings", "detail", "抄表记录 readings of an account", of=queries.account)
_read(f"{_ACCOUNT}/timeline", customer_timeline.timeline, "account-timeline", "detail", "时间线 everything about an account in order of time")
_read(f"{_ACCOUNT}/contacts", queries.contacts_of, "account-contacts", "detail", "联系人（号码遮盖） contacts, numbers masked", of=queries.account)
_read(f"{_ACCOUNT}/agreements", queries.agreements_of, "account-agreements", "detail", "供用电合同 agreements of an account", of=queries.account)
_write(f"{_ACCOUNT}/contacts/add", actions.add_contact, "contact-add", "contact-add", "增加联系人 add a contact")
_write("/contacts/{int:contact_id}/check", actions.verify_contact, "contact-check", "contact-check", "核实号码 check a number")
_write("/contacts/{int:contact_id}/correct", actions.correct_contact, "contact-correct", "contact-correct", "更正号码 correct a number")
_write("/contacts/{int:contact_id}/reveal", actions.reveal_phone, "contact-reveal", "contact-reveal", "查看完整号码（记入日志） show a number, logged")
_write("/agreements/draft", actions.draft_agreement, "agreement-draft", "agreement-draft", "起草合同 draft an agreement")
_write("/agreements/{number}/sign", actions.sign_agreement, "agreement-sign", "agreement-sign", "签订 sign")
_write("/agreements/{number}/renew", actions.renew_agreement, "agreement-renew", "agreement-renew", "续签 renew")
_write("/agreements/{number}/terminate", actions.terminate_agreement, "agreement-terminate", "agreement-end", "终止 terminate")
_write("/agreements/{number}/withdraw", actions.withdraw_agreement, "agreement-withdraw", "agreement-end", "撤回 withdraw a draft")
