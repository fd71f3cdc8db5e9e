"""Voltage in columns."""
