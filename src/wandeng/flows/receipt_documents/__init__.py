"""Receipts of the cash desk as documents."""
