"""What people ask of voltage."""

from wandeng.domains.voltage.queries.points import point, remedy_point
from wandeng.domains.voltage.queries.qualification import months, qualification
from wandeng.domains.voltage.queries.rows import days_rows, points_rows, remedies_rows

__all__ = ["days_rows", "months", "point", "points_rows", "qualification", "remedies_rows", "remedy_point"]
