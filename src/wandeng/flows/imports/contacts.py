"""Contacts 联系人: the phone numbers of accounts, apart from the rest: most files have many wrong ones."""

from __future__ import annotations

from dataclasses import replace

from wandeng.flows.imports import customers

COLUMNS = (
    customers.ACCOUNT_NUMBER,
    customers.CONTACT_NAME,
    replace(customers.PHONE, required=True),
)
