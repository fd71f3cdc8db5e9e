"""Columns of payments: open items, batches of payments, credit laid on new bills."""
