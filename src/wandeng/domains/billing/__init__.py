"""Billing 核算: bill runs, bills and lines, exceptions, corrections, explanations."""
