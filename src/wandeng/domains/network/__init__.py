"""Network 配网: substations, feeders, switches, transformer areas and usage points; normal and current state."""
