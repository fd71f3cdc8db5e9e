"""Ledger 总账: double entry guarded by the database, append-only, posted by idempotency key."""
