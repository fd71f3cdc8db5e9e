"""What people ask of rationing: ``schemes``, ``orders``, ``telling``, ``saved``, ``burdens`` (hours and fairness), ``rows`` (lists),
``announced`` (for everybody)."""

from wandeng.domains.rationing.queries.announced import announced
from wandeng.domains.rationing.queries.burdens import burdens, limited
from wandeng.domains.rationing.queries.orders import moment, order, scheme, years
from wandeng.domains.rationing.queries.rows import call_rows, gap_rows, orders_rows, schemes_rows
from wandeng.domains.rationing.queries.saved import saved
from wandeng.domains.rationing.queries.telling import call_number, telling_view

__all__ = [
    "announced",
    "burdens",
    "call_number",
    "call_rows",
    "gap_rows",
    "limited",
    "moment",
    "order",
    "orders_rows",
    "saved",
    "scheme",
    "schemes_rows",
    "telling_view",
    "years",
]
