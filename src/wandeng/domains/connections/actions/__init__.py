"""What people do with a connection, one module a subject: ``projects`` (who and by which price), ``schemes`` (from where),
``needs`` (what the network lacks)."""
