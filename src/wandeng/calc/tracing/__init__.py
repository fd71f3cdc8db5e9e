"""Who is fed from where (拓扑追踪): labels per feeder of medium voltage that follow every switching.

The only truth is which switches are closed. Everything else — islands, feeder of a node, the customers
behind a switch — is derived from it and derived again for the one or two feeders a switching touches. Low
voltage is static and radial and therefore no part of the graph: a transformer carries its customers as one
range.

``frames`` names the columns, ``network`` holds what does not change, ``islands`` labels what one source
feeds, ``topology`` is a switching state that answers, ``changes`` compares two states.
"""

from wandeng.calc.tracing.changes import Changes, compare
from wandeng.calc.tracing.islands import Island, Reach
from wandeng.calc.tracing.network import Network
from wandeng.calc.tracing.topology import Switching, Topology

__all__ = ["Changes", "Island", "Network", "Reach", "Switching", "Topology", "compare"]
