"""What people and channels do with money: take it; later corrections are actions of their own."""

from wandeng.domains.payments.actions.receiving import PaymentKeyUsed, debit_account, receive

__all__ = ["PaymentKeyUsed", "debit_account", "receive"]
