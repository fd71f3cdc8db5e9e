"""What people do with cases, one module a subject: ``intake``, ``work``, ``steering``, ``ending``, ``telling``."""
