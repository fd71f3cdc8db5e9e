"""Reliability: indices of a period, who stands out, interruptions and their corrections."""
