"""What people do with appointments, one module a subject: ``booking``, ``outcome`` (kept or missed), ``slots``, ``places``,
``routes`` (vehicles and their routes), ``running`` (a day's run), ``reminding``, ``revealing``."""
