"""The same rating inside Spark, for a utility whose month no longer fits one machine.

Spark brings the rows of a shard together and calls :func:`wandeng.calc.rating.shard.rate` on them as Arrow tables; not a
line of pricing is written twice. Needs the optional extra ``spark`` (PySpark 4, Java 17). The executors must be able to
import ``wandeng``: install it there, or ship it with ``spark.submit.pyFiles``.

A cogroup has two sides and rating has three tables in and four out, so each side and the result are tagged unions:
points and terms share the left side, heads, lines, measured and findings share the result.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as column
from pyspark.sql.pandas.types import from_arrow_schema

from wandeng.calc.rating.frames import FINDINGS, HEADS, LINES, MEASURED, POINTS, READS, TERMS, Book, Rated, Shard
from wandeng.calc.rating.shard import rate

SHARD_ID = "shard_id"
"""Column of every input that says which shard a row belongs to: whole accounts, some 100,000 to a shard."""
TABLE = "table"
RESULTS = {"heads": HEADS, "lines": LINES, "measured": MEASURED, "findings": FINDINGS}


def _union(schemas: Mapping[str, pa.Schema]) -> pa.Schema:
    """A tag and every column of the tables; a column of the same name has the same type in all of them."""
    fields = {field.name: field for schema in schemas.values() for field in schema}
    return pa.schema([(TABLE, pa.string()), *fields.values()])


RESULT = _union(RESULTS)


def rate_shards(points: DataFrame, terms: DataFrame, reads: DataFrame, book: Book) -> DataFrame:
    """Rate all shards of three Spark frames (``frames.POINTS``, ``TERMS``, ``READS``, each with ``shard_id``).

    Returns one frame of tagged rows with the columns of all results; :func:`table` picks one of the four tables.
    The book travels with the function to the executors.
    """
    tagged = points.withColumn(TABLE, column.lit("points")).unionByName(
        terms.withColumn(TABLE, column.lit("terms")), allowMissingColumns=True
    )

    def rate_group(left: pa.Table, right: pa.Table) -> pa.Table:
        return pack(rate(Shard(_rows(left, "points", POINTS), _rows(left, "terms", TERMS), _cast(right, READS)), book))

    return (
        tagged.groupBy(SHARD_ID)
        .cogroup(reads.groupBy(SHARD_ID))
        .applyInArrow(rate_group, schema=from_arrow_schema(RESULT))
    )


def table(rated: DataFrame, name: str) -> DataFrame:
    """One of ``heads``, ``lines``, ``measured``, ``findings`` out of the tagged rows."""
    return rated.where(column.col(TABLE) == name).select(*RESULTS[name].names)


def pack(rated: Rated) -> pa.Table:
    """The four tables of a shard as one table of tagged rows."""
    tables = []
    for name in RESULTS:
        part: pa.Table = getattr(rated, name)
        columns = [
            pa.array([name] * part.num_rows, pa.string())
            if field.name == TABLE
            else part[field.name]
            if field.name in part.column_names
            else pa.nulls(part.num_rows, field.type)
            for field in RESULT
        ]
        tables.append(pa.Table.from_arrays(columns, schema=RESULT))
    return pa.concat_tables(tables)


def _rows(left: pa.Table, name: str, schema: pa.Schema) -> pa.Table:
    return _cast(left.filter(pc.equal(left[TABLE], name)), schema)


def _cast(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    return rows.select(schema.names).cast(schema).combine_chunks()
