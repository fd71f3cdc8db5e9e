"""Pure values shared by every layer: money, units, periods, calendars, ids, errors. Knows no Django."""
