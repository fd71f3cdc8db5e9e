"""The history of interruptions as columns."""
