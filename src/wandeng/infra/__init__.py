"""Django glue without business: columns, ids, transitions, jobs, events, rules loading, imports, audit, scope."""
