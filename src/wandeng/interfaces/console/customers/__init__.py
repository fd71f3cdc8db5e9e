"""Customers: finding anything, lists, the page of one account with its agreements and contacts."""
