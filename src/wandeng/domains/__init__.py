"""The business, one folder a domain. The order of who may import whom stands in ARCHITECTURE.md."""
