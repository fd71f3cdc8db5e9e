"""Appointments in columns, on the importer's connection."""
