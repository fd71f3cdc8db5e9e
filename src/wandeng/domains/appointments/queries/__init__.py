"""What people ask of appointments, one module a subject: ``rows`` (lists), ``one`` (one appointment), ``days`` (slots of a
day, the day board), ``register`` (places, vehicles, routes), ``runs`` (the sheet of a run), ``figures``, ``agreed``."""
