"""What people do with outage plans: ``plans`` (drafted, reviewed, changed, submitted, approved, published, canceled)."""
