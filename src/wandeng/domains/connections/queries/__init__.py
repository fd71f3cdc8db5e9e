"""What people ask of connections, one module a subject: ``projects`` (one connection), ``board`` (all that are under way, and
what the network lacks)."""
