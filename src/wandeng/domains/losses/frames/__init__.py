"""Columns of losses: ``computing`` writes the days, ``odd`` tells which areas stand out, ``series`` reads quarter hours."""
