"""The doors: command line, jobs, later console, portal and API. Each does four things: who, what, one call, show."""
