"""Customers, their contacts and agreements."""

from __future__ import annotations

from wandeng.domains.customers import actions, queries
from wandeng.flows import customer_overview, customer_timeline
from wandeng.interfaces.api.operations import read, write

_ACCOUNT = "/accounts/{account_number}"
_DETAIL = "console:customers-detail"

read(_ACCOUNT, customer_overview.overview, name="account", like=_DETAIL, tag="customers", about="用电户全貌 an account")
read(
    f"{_ACCOUNT}/usage", customer_overview.usage, name="account-usage", like=_DETAIL, tag="customers",
    about="用电量 usage by month",
)  # fmt: skip
read(
    f"{_ACCOUNT}/bills", customer_overview.bills, name="account-bills", of=queries.account, like=_DETAIL, tag="customers",
    about="账单 bills of an account",
)  # fmt: skip
read(
    f"{_ACCOUNT}/readings", customer_overview.readings, name="account-readings", of=queries.account, like=_DETAIL, tag="customers",
    about="抄表记录 readings of an account",
)  # fmt: skip
read(
    f"{_ACCOUNT}/timeline", customer_timeline.timeline, name="account-timeline", like=_DETAIL, tag="customers",
    about="时间线 everything about an account in order of time",
)  # fmt: skip
read(
    f"{_ACCOUNT}/contacts", queries.contacts_of, name="account-contacts", of=queries.account, like=_DETAIL, tag="customers",
    about="联系人（号码遮盖） contacts, numbers masked",
)  # fmt: skip
read(
    f"{_ACCOUNT}/agreements", queries.agreements_of, name="account-agreements", of=queries.account, like=_DETAIL, tag="customers",
    about="供用电合同 agreements of an account",
)  # fmt: skip
write(
    f"{_ACCOUNT}/contacts/add", actions.add_contact, name="contact-add", like="console:customers-contact-add",
    tag="customers", about="增加联系人 add a contact",
)  # fmt: skip
write(
    "/contacts/{int:contact_id}/check", actions.verify_contact, name="contact-check",
    like="console:customers-contact-check", tag="customers", about="核实号码 check a number",
)  # fmt: skip
write(
    "/contacts/{int:contact_id}/correct", actions.correct_contact, name="contact-correct",
    like="console:customers-contact-correct", tag="customers", about="更正号码 correct a number",
)  # fmt: skip
write(
    "/contacts/{int:contact_id}/reveal", actions.reveal_phone, name="contact-reveal",
    like="console:customers-contact-reveal", tag="customers", about="查看完整号码（记入日志） show a number, logged",
)  # fmt: skip
write(
    "/agreements/draft", actions.draft_agreement, name="agreement-draft", like="console:customers-agreement-draft",
    tag="customers", about="起草合同 draft an agreement",
)  # fmt: skip
write(
    "/agreements/{number}/sign", actions.sign_agreement, name="agreement-sign", like="console:customers-agreement-sign",
    tag="customers", about="签订 sign",
)  # fmt: skip
write(
    "/agreements/{number}/renew", actions.renew_agreement, name="agreement-renew",
    like="console:customers-agreement-renew", tag="customers", about="续签 renew",
)  # fmt: skip
write(
    "/agreements/{number}/terminate", actions.terminate_agreement, name="agreement-terminate",
    like="console:customers-agreement-end", tag="customers", about="终止 terminate",
)  # fmt: skip
write(
    "/agreements/{number}/withdraw", actions.withdraw_agreement, name="agreement-withdraw",
    like="console:customers-agreement-end", tag="customers", about="撤回 withdraw a draft",
)  # fmt: skip
