"""Bills as documents for people: what ``billing.queries.explain`` found, set on paper with amounts in words and a QR code."""
