"""Triggers that make the ledger append-only and balanced, written once for each store.

An entry is inserted open, receives its lines, and is posted by setting ``is_posted``: that update is the only one
allowed and checks that there are at least two lines and that they sum to zero. Lines may only join an open entry, and
name only accounts that exist. Nothing is updated or deleted afterwards. PostgreSQL also refuses to commit an entry left open; SQLite, which has no
deferred triggers, leaves that to ``checks.unposted_entries``.

That a line's entry and account exist is a foreign key on SQLite. PostgreSQL would check it row by row at the commit and
lock every account for it, which took longer than writing the lines: there the trigger of the statement looks at all its
lines together, and one lock on the table of accounts (shared by those who post, exclusive for who would delete) keeps an
account from going away meanwhile.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE_NAMES = (
    "ledger_entry_month_open", "ledger_entry_starts_open", "ledger_entry_post", "ledger_entry_keep",
    "ledger_line_open", "ledger_line_no_update", "ledger_line_keep", "ledger_close_no_update", "ledger_close_keep",
    "ledger_balance_no_update", "ledger_balance_keep",
)  # fmt: skip

_SQLITE = (
    """CREATE TRIGGER ledger_entry_month_open BEFORE INSERT ON ledger_entry
       WHEN EXISTS (SELECT 1 FROM ledger_periodclose c WHERE c.unit_id = NEW.unit_id AND c.month >= NEW.month)
       BEGIN SELECT RAISE(ABORT, 'ledger: the month is closed'); END""",
    """CREATE TRIGGER ledger_entry_starts_open BEFORE INSERT ON ledger_entry WHEN NEW.is_posted
       BEGIN SELECT RAISE(ABORT, 'ledger: an entry starts open and is posted after its lines'); END""",
    """CREATE TRIGGER ledger_entry_post BEFORE UPDATE ON ledger_entry
       BEGIN
         SELECT RAISE(ABORT, 'ledger: a posted entry never changes') WHERE OLD.is_posted;
         SELECT RAISE(ABORT, 'ledger: posting is the only change of an entry')
          WHERE NOT NEW.is_posted OR NEW.id <> OLD.id OR NEW.biz_key <> OLD.biz_key OR NEW.kind <> OLD.kind
             OR NEW.unit_id <> OLD.unit_id OR NEW.month <> OLD.month OR NEW.reverses_id IS NOT OLD.reverses_id
             OR NEW.posted_at <> OLD.posted_at OR NEW.actor <> OLD.actor;
         SELECT RAISE(ABORT, 'ledger: an entry needs two lines that sum to zero')
           FROM (SELECT COUNT(*) AS n, COALESCE(SUM(amount_fen), 0) AS total,
                        SUM(typeof(amount_fen) <> 'integer') AS odd
                   FROM ledger_entryline WHERE entry_id = NEW.id)
          WHERE n < 2 OR total <> 0 OR odd <> 0;
       END""",
    """CREATE TRIGGER ledger_entry_keep BEFORE DELETE ON ledger_entry
       BEGIN SELECT RAISE(ABORT, 'ledger: entries are never deleted'); END""",
    """CREATE TRIGGER ledger_line_open BEFORE INSERT ON ledger_entryline
       WHEN COALESCE((SELECT is_posted FROM ledger_entry WHERE id = NEW.entry_id), 1)
       BEGIN SELECT RAISE(ABORT, 'ledger: lines may only join an open entry'); END""",
    """CREATE TRIGGER ledger_line_no_update BEFORE UPDATE ON ledger_entryline
       BEGIN SELECT RAISE(ABORT, 'ledger: lines never change'); END""",
    """CREATE TRIGGER ledger_line_keep BEFORE DELETE ON ledger_entryline
       BEGIN SELECT RAISE(ABORT, 'ledger: lines are never deleted'); END""",
    """CREATE TRIGGER ledger_close_no_update BEFORE UPDATE ON ledger_periodclose
       BEGIN SELECT RAISE(ABORT, 'ledger: a close is never changed'); END""",
    """CREATE TRIGGER ledger_close_keep BEFORE DELETE ON ledger_periodclose
       BEGIN SELECT RAISE(ABORT, 'ledger: a closed month stays closed'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'ledger: % is not allowed on %', TG_OP, TG_TABLE_NAME; END $$""",
    """CREATE FUNCTION ledger_entry_open() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.is_posted THEN
           RAISE EXCEPTION 'ledger: an entry starts open and is posted after its lines';
         END IF;
         IF EXISTS (SELECT 1 FROM ledger_periodclose c WHERE c.unit_id = NEW.unit_id AND c.month >= NEW.month) THEN
           RAISE EXCEPTION 'ledger: the month is closed';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE FUNCTION ledger_entry_post() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE n bigint; total numeric;
       BEGIN
         IF OLD.is_posted THEN RAISE EXCEPTION 'ledger: a posted entry never changes'; END IF;
         OLD.is_posted := true;
         IF NEW IS DISTINCT FROM OLD THEN
           RAISE EXCEPTION 'ledger: posting is the only change of an entry';
         END IF;
         SELECT COUNT(*), COALESCE(SUM(amount_fen), 0) INTO n, total FROM ledger_entryline WHERE entry_id = NEW.id;
         IF n < 2 OR total <> 0 THEN
           RAISE EXCEPTION 'ledger: an entry needs two lines that sum to zero';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE FUNCTION ledger_entry_complete() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NOT (SELECT is_posted FROM ledger_entry WHERE id = NEW.id) THEN
           RAISE EXCEPTION 'ledger: entry % was left open', NEW.id;
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION ledger_line_open() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         LOCK TABLE customers_customeraccount IN ROW SHARE MODE;
         IF EXISTS (SELECT 1 FROM (SELECT DISTINCT entry_id FROM arrived) a
                      LEFT JOIN ledger_entry e ON e.id = a.entry_id WHERE e.is_posted IS NOT FALSE) THEN
           RAISE EXCEPTION 'ledger: lines may only join an open entry';
         END IF;
         IF EXISTS (SELECT 1 FROM arrived a WHERE a.account_id IS NOT NULL
                       AND NOT EXISTS (SELECT 1 FROM customers_customeraccount c WHERE c.id = a.account_id)) THEN
           RAISE EXCEPTION 'ledger: a line names an account that does not exist'
             USING ERRCODE = 'foreign_key_violation';
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION ledger_account_keep() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE needed boolean;
       BEGIN
         LOCK TABLE customers_customeraccount IN EXCLUSIVE MODE;
         IF TG_OP = 'TRUNCATE' THEN
           needed := EXISTS (SELECT 1 FROM ledger_entryline WHERE account_id IS NOT NULL);
         ELSE
           needed := EXISTS (SELECT 1 FROM ledger_entryline WHERE account_id = OLD.id);
         END IF;
         IF needed THEN
           RAISE EXCEPTION 'ledger: an account with lines stays' USING ERRCODE = 'foreign_key_violation';
         END IF;
         RETURN COALESCE(NEW, OLD);
       END $$""",
    "CREATE TRIGGER ledger_entry_open BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_open()",
    "CREATE TRIGGER ledger_entry_post BEFORE UPDATE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_post()",
    """CREATE CONSTRAINT TRIGGER ledger_entry_complete AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION ledger_entry_complete()""",
    """CREATE TRIGGER ledger_line_open AFTER INSERT ON ledger_entryline REFERENCING NEW TABLE AS arrived
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_line_open()""",
    """CREATE TRIGGER ledger_account_keep BEFORE DELETE ON customers_customeraccount
       FOR EACH ROW EXECUTE FUNCTION ledger_account_keep()""",
    """CREATE TRIGGER ledger_account_keep_id BEFORE UPDATE ON customers_customeraccount
       FOR EACH ROW WHEN (NEW.id IS DISTINCT FROM OLD.id) EXECUTE FUNCTION ledger_account_keep()""",
    """CREATE TRIGGER ledger_account_keep_all BEFORE TRUNCATE ON customers_customeraccount
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_account_keep()""",
    *(
        f"CREATE TRIGGER {table}_keep_{event.lower()} BEFORE {event} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
        for table, events in (
            ("ledger_entry", ("DELETE", "TRUNCATE")),
            ("ledger_entryline", ("UPDATE", "DELETE", "TRUNCATE")),
            ("ledger_periodclose", ("UPDATE", "DELETE", "TRUNCATE")),
        )
        for event in events
    ),
)

_BALANCES = "ledger_periodbalance"
"""A table that came later than the first guards: its own are made once it is there."""

_BALANCES_SQLITE = (
    f"""CREATE TRIGGER ledger_balance_no_update BEFORE UPDATE ON {_BALANCES}
       BEGIN SELECT RAISE(ABORT, 'ledger: balances of a closed month never change'); END""",
    f"""CREATE TRIGGER ledger_balance_keep BEFORE DELETE ON {_BALANCES}
       BEGIN SELECT RAISE(ABORT, 'ledger: balances of a closed month are kept'); END""",
)
_BALANCES_POSTGRESQL = tuple(
    f"CREATE TRIGGER {_BALANCES}_keep_{event.lower()} BEFORE {event} ON {_BALANCES} "
    "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()"
    for event in ("UPDATE", "DELETE", "TRUNCATE")
)

_POSTGRESQL_FUNCTIONS = (
    "ledger_refuse", "ledger_entry_open", "ledger_entry_post", "ledger_entry_complete", "ledger_line_open",
    "ledger_account_keep",
)  # fmt: skip


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    first, later = (_SQLITE, _BALANCES_SQLITE) if connection.vendor == "sqlite" else (_POSTGRESQL, _BALANCES_POSTGRESQL)
    with connection.cursor() as cursor:
        has_balances = _BALANCES in connection.introspection.table_names(cursor)
        for statement in (*first, *later) if has_balances else first:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration, and for test databases that are emptied between tests."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE_NAMES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for name in _POSTGRESQL_FUNCTIONS:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
