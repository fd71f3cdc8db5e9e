"""What the ledger does to the months of bills (账期应收变动), written down by the database as it happens.

Whenever an entry is posted, by whatever way, its receivables are summed by the month of their bills and the unit of their
accounts into :class:`~wandeng.domains.billing.models.MonthMove`. What is billed and still open of a month is then the sum of a
few rows instead of that of every bill and payment. A posted entry never changes, so neither does what was summed; an account
that comes to another unit takes what its bills came to and what is open of them along.

The triggers stand on tables of the ledger and of customers. A migration that SQLite carries out by making such a table anew
drops them: it has to call :func:`install` afterwards.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_COLUMNS = "(month_index, unit_id, posted_fen, billed_fen, open_fen)"
_OWED = """
  FROM ledger_entryline l
  JOIN ledger_entry e ON e.id = l.entry_id AND e.is_posted
  JOIN billing_bill b ON b.id = l.source AND b.account_id = l.account_id
  JOIN customers_customeraccount a ON a.id = l.account_id
 WHERE l.ledger_account = 'RECEIVABLE'"""
_BILLED = "SUM(CASE WHEN e.kind LIKE 'BILL%' THEN l.amount_fen ELSE 0 END)"

_POSTED = f"""INSERT INTO billing_monthmove {_COLUMNS}
SELECT month_index, unit_id, billed, billed, total
  FROM (SELECT b.month_index, a.unit_id, {_BILLED} AS billed, SUM(l.amount_fen) AS total {_OWED} AND l.entry_id = NEW.id
         GROUP BY b.month_index, a.unit_id) AS sums
 WHERE billed <> 0 OR total <> 0;"""

_MOVED = f"""INSERT INTO billing_monthmove {_COLUMNS}
SELECT sums.month_index, CASE WHEN sides.side = 1 THEN NEW.unit_id ELSE OLD.unit_id END, 0, sides.side * sums.billed,
       sides.side * sums.total
  FROM (SELECT b.month_index, {_BILLED} AS billed, SUM(l.amount_fen) AS total {_OWED} AND l.account_id = NEW.id
         GROUP BY b.month_index) AS sums
 CROSS JOIN (SELECT -1 AS side UNION ALL SELECT 1) AS sides
 WHERE sums.billed <> 0 OR sums.total <> 0;"""

SUMMED = f"""SELECT b.month_index AS month_index, a.unit_id AS unit_id, {_BILLED} AS billed, SUM(l.amount_fen) AS total {_OWED}
 GROUP BY b.month_index, a.unit_id"""
"""The same from every line there is: month, unit, billed and open fen."""

_SQLITE = (
    "CREATE TRIGGER billing_entry_posted AFTER UPDATE OF is_posted ON ledger_entry "
    f"WHEN NEW.is_posted AND NOT OLD.is_posted BEGIN {_POSTED} END",
    "CREATE TRIGGER billing_account_moved AFTER UPDATE OF unit_id ON customers_customeraccount "
    f"WHEN NEW.unit_id <> OLD.unit_id BEGIN {_MOVED} END",
)
_POSTGRESQL = (
    f"CREATE FUNCTION billing_entry_posted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_POSTED} RETURN NULL; END $$",
    f"CREATE FUNCTION billing_account_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_MOVED} RETURN NULL; END $$",
    "CREATE TRIGGER billing_entry_posted AFTER UPDATE OF is_posted ON ledger_entry FOR EACH ROW "
    "WHEN (NEW.is_posted AND NOT OLD.is_posted) EXECUTE FUNCTION billing_entry_posted()",
    "CREATE TRIGGER billing_account_moved AFTER UPDATE OF unit_id ON customers_customeraccount FOR EACH ROW "
    "WHEN (NEW.unit_id <> OLD.unit_id) EXECUTE FUNCTION billing_account_moved()",
)
_NAMES = ("billing_entry_posted", "billing_account_moved")


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers."""
    with connection.cursor() as cursor:
        for name in _NAMES:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")


def recount(connection: BaseDatabaseWrapper) -> None:
    """Sum every receivable there is anew: for installations that have bills and no sums yet, and for mending."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_monthmove")
        cursor.execute(
            f"INSERT INTO billing_monthmove {_COLUMNS} SELECT month_index, unit_id, billed, billed, total "
            f"FROM ({SUMMED}) AS sums WHERE billed <> 0 OR total <> 0"
        )


def fold(connection: BaseDatabaseWrapper) -> int:
    """Put the rows of each month and unit together into one, in the caller's transaction; returns how many went. A row that
    is written meanwhile is either taken along or stays for the next time."""
    sums = "SELECT month_index, unit_id, SUM(posted_fen), SUM(billed_fen), SUM(open_fen) FROM {} GROUP BY month_index, unit_id"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"WITH gone AS (DELETE FROM billing_monthmove RETURNING *), "
                f"kept AS (INSERT INTO billing_monthmove {_COLUMNS} {sums.format('gone')} RETURNING 1) "
                "SELECT (SELECT COUNT(*) FROM gone) - (SELECT COUNT(*) FROM kept)"
            )
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT COUNT(*), COALESCE(MAX(id), 0) FROM billing_monthmove")
        count, last = cursor.fetchone()
        cursor.execute(f"INSERT INTO billing_monthmove {_COLUMNS} {sums.format('billing_monthmove')}")
        cursor.execute("DELETE FROM billing_monthmove WHERE id <= %s", [last])
        cursor.execute("SELECT COUNT(*) FROM billing_monthmove")
        return int(count) - int(cursor.fetchone()[0])
