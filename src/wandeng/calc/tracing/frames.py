"""The columns a network is built from. Ids are the stores' own and need not be dense or ordered.

``NODES`` are the connectivity nodes (连接点) of medium voltage only. A line without a switch is always
closed; a switch is an edge of its own between two nodes, so a line with a switch at each end has two nodes
inside it. Each feeder starts at its own head node (馈线首端): two feeders of one busbar have two heads.
``SUPPLIES`` holds what a customer has beyond the transformer in ``CUSTOMERS`` (双电源): such a customer is
out only when all of its transformers are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from wandeng.kernel.errors import InvalidInput

NODES = pa.schema([("node_id", pa.int64())])
LINES = pa.schema([("from_node_id", pa.int64()), ("to_node_id", pa.int64())])
SWITCHES = pa.schema(
    [
        ("switch_id", pa.int64()),
        ("from_node_id", pa.int64()),
        ("to_node_id", pa.int64()),
        ("is_open", pa.bool_()),
    ]
)
FEEDERS = pa.schema([("feeder_id", pa.int64()), ("head_node_id", pa.int64())])
TRANSFORMERS = pa.schema([("transformer_id", pa.int64()), ("node_id", pa.int64())])
CUSTOMERS = pa.schema([("customer_id", pa.int64()), ("transformer_id", pa.int64())])
SUPPLIES = CUSTOMERS


@dataclass(frozen=True, slots=True)
class NetworkFrames:
    """The seven tables, each with exactly the columns of its schema and no nulls.

    Raises :class:`InvalidInput` for a missing column, another type, or a null.
    """

    nodes: pa.Table
    lines: pa.Table
    switches: pa.Table
    feeders: pa.Table
    transformers: pa.Table
    customers: pa.Table
    supplies: pa.Table

    def __post_init__(self) -> None:
        for name, schema in SCHEMAS.items():
            table = getattr(self, name)
            if not table.schema.equals(schema):
                raise InvalidInput(f"{name}: expected the columns {_columns(schema)}, got {_columns(table.schema)}")
            for column in schema.names:
                if table[column].null_count:
                    raise InvalidInput(f"{name}: {column} is empty in {table[column].null_count} rows")


SCHEMAS: Mapping[str, pa.Schema] = {
    "nodes": NODES,
    "lines": LINES,
    "switches": SWITCHES,
    "feeders": FEEDERS,
    "transformers": TRANSFORMERS,
    "customers": CUSTOMERS,
    "supplies": SUPPLIES,
}


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {field.type}" for field in schema)
