"""What the utility has settled of connections, as this domain reads it."""

from __future__ import annotations

from datetime import date

from wandeng.domains.connections.siting import Shares
from wandeng.domains.organization import queries as organization

HIGHEST = "connection.load_share"
TOGETHER = "connection.together"
"""Parameters: how far a public transformer may be loaded, and the share of contract capacities that runs at one time."""


def shares(on: date) -> Shares:
    """Both shares as they hold on a day, percent."""
    return Shares(organization.parameter_int(HIGHEST, on), organization.parameter_int(TOGETHER, on))
