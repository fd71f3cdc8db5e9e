"""Writes of billing: ``runs`` the life of a bill run, ``exceptions`` what people decide about parked accounts,
``corrections`` cancelling, re-billing and adjusting, ``months`` putting together what the ledger did to each month."""
