"""Lay out the ledger: every table, and the way from each older layout to the next.

Money is decimal text, exact to the last digit. Stamps end in `_ns`: nanoseconds since the epoch,
UTC; the few older ones without that ending are the same. Columns of prices and sizes are in the
instrument's ticks and lots.
"""

from collections.abc import Mapping

VERSION = 8

ORDERS = """
CREATE TABLE orders (
    market TEXT NOT NULL, client_id INTEGER NOT NULL, side INTEGER NOT NULL,
    ticks INTEGER NOT NULL, lots INTEGER NOT NULL, state INTEGER NOT NULL,
    filled_lots INTEGER NOT NULL, intent_ns INTEGER NOT NULL, intent_committed_ns INTEGER,
    sent_ns INTEGER, done_ns INTEGER, evidence TEXT NOT NULL, refused_code INTEGER,
    config_hash TEXT NOT NULL, code_version TEXT NOT NULL, asked_ticks INTEGER,
    asked_lots INTEGER, key_index INTEGER, nonce_below INTEGER,
    PRIMARY KEY (market, client_id), CHECK ((state = 6) = (evidence <> ''))
) WITHOUT ROWID;
CREATE INDEX open_orders ON orders (market) WHERE state < 6;
"""
AMENDS = """
CREATE TABLE amends (
    market TEXT NOT NULL, client_id INTEGER NOT NULL, number INTEGER NOT NULL,
    ticks INTEGER NOT NULL, lots INTEGER NOT NULL, before_ticks INTEGER NOT NULL,
    before_lots INTEGER NOT NULL, intent_ns INTEGER NOT NULL, intent_committed_ns INTEGER,
    sent_ns INTEGER, done_ns INTEGER, evidence TEXT NOT NULL, refused_code INTEGER,
    PRIMARY KEY (market, client_id, number)
) WITHOUT ROWID;
"""
FILLS = """
CREATE TABLE fills (
    venue TEXT NOT NULL, account TEXT NOT NULL, market TEXT NOT NULL, trade_id INTEGER NOT NULL,
    side INTEGER NOT NULL, client_id INTEGER NOT NULL, ticks INTEGER NOT NULL,
    lots INTEGER NOT NULL, role INTEGER NOT NULL, fee TEXT NOT NULL, fee_ccy TEXT NOT NULL,
    venue_ns INTEGER NOT NULL, recv_ns INTEGER NOT NULL, source TEXT NOT NULL,
    fee_source TEXT NOT NULL DEFAULT 'schedule', fee_reporting TEXT,
    kind TEXT NOT NULL DEFAULT 'own',
    UNIQUE (venue, account, market, trade_id, side)
);
"""
OTHERS = """
CREATE TABLE adjustments (
    account TEXT NOT NULL, market TEXT NOT NULL, lots INTEGER NOT NULL, cause TEXT NOT NULL,
    ns INTEGER NOT NULL
);
CREATE TABLE cursors (
    account TEXT NOT NULL, market TEXT NOT NULL, trade_id INTEGER NOT NULL,
    PRIMARY KEY (account, market)
) WITHOUT ROWID;
CREATE TABLE sessions (
    number INTEGER PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER, exit INTEGER,
    config_hash TEXT NOT NULL, code_version TEXT NOT NULL
);
"""
AUDIT = """
CREATE TABLE audit (
    ns INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, market TEXT NOT NULL,
    before TEXT, after TEXT
);
"""
MONEY = """
CREATE TABLE positions (
    account TEXT NOT NULL, market TEXT NOT NULL, lots INTEGER NOT NULL,
    PRIMARY KEY (account, market)
) WITHOUT ROWID;
CREATE TABLE balances (
    account TEXT NOT NULL, currency TEXT NOT NULL, amount TEXT NOT NULL, ns INTEGER NOT NULL,
    source TEXT NOT NULL, UNIQUE (account, currency, ns, source)
);
CREATE TABLE funding (
    account TEXT NOT NULL, market TEXT NOT NULL, payment_id TEXT NOT NULL,
    funding_ns INTEGER NOT NULL, amount TEXT NOT NULL, currency TEXT NOT NULL, rate TEXT,
    amount_reporting TEXT, kind TEXT NOT NULL, recv_ns INTEGER NOT NULL,
    UNIQUE (account, market, payment_id)
);
CREATE TABLE days (
    account TEXT NOT NULL, market TEXT NOT NULL, day INTEGER NOT NULL,
    opening_half_tick_lots INTEGER NOT NULL, equity_half_tick_lots INTEGER NOT NULL,
    peak_half_tick_lots INTEGER NOT NULL, day_notional_tick_lots INTEGER NOT NULL,
    notional_tick_lots INTEGER NOT NULL, losing INTEGER NOT NULL, ns INTEGER NOT NULL,
    PRIMARY KEY (account, market, day)
) WITHOUT ROWID;
CREATE TABLE account_days (
    day INTEGER PRIMARY KEY, peak_reporting TEXT NOT NULL, ns INTEGER NOT NULL
);
"""
CONTROL = """
CREATE TABLE slots (
    job TEXT NOT NULL, slot_ns INTEGER NOT NULL, claimed_ns INTEGER NOT NULL,
    PRIMARY KEY (job, slot_ns)
) WITHOUT ROWID;
CREATE TABLE latches (
    kind TEXT NOT NULL, since_ns INTEGER NOT NULL, by TEXT NOT NULL, why TEXT NOT NULL,
    lifted_ns INTEGER, lifted_by TEXT
);
"""
BUDGETS = """
CREATE TABLE budgets (
    venue TEXT NOT NULL, scope TEXT NOT NULL, state TEXT NOT NULL, ns INTEGER NOT NULL,
    PRIMARY KEY (venue, scope)
) WITHOUT ROWID;
"""
BOOKS = """
CREATE TABLE books (kind TEXT NOT NULL);
"""
PAIRS = """
CREATE TABLE pairs (pair TEXT PRIMARY KEY, state TEXT NOT NULL, ns INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE rates (
    market TEXT NOT NULL, settled_ns INTEGER NOT NULL, rate TEXT NOT NULL,
    interval_ns INTEGER NOT NULL, PRIMARY KEY (market, settled_ns)
) WITHOUT ROWID;
"""
COMMANDS = """
CREATE TABLE commands (
    identity TEXT NOT NULL PRIMARY KEY, ns INTEGER NOT NULL, who TEXT NOT NULL,
    role TEXT NOT NULL, uid INTEGER NOT NULL, what TEXT NOT NULL, market TEXT NOT NULL,
    key TEXT NOT NULL, value TEXT NOT NULL, reason TEXT NOT NULL, done INTEGER NOT NULL,
    line TEXT NOT NULL
);
"""
TABLES = ORDERS + AMENDS + FILLS + OTHERS + AUDIT + MONEY + CONTROL + BUDGETS + BOOKS
TABLES += COMMANDS + PAIRS

FROM_1 = f"""
ALTER TABLE fills ADD COLUMN fee_source TEXT NOT NULL DEFAULT 'schedule';
ALTER TABLE fills ADD COLUMN fee_reporting TEXT;
ALTER TABLE fills ADD COLUMN kind TEXT NOT NULL DEFAULT 'own';
ALTER TABLE audit RENAME TO audit_1;
{AUDIT}
INSERT INTO audit SELECT ns, 'runner', text, market, NULL, NULL FROM audit_1 ORDER BY rowid;
DROP TABLE audit_1;
{MONEY}
{CONTROL}
INSERT INTO positions
SELECT account, market, SUM(lots) FROM (
    SELECT account, market, CASE side WHEN 0 THEN lots ELSE -lots END AS lots FROM fills
    UNION ALL SELECT account, market, lots FROM adjustments
) GROUP BY account, market;
"""

FROM_3 = f"{BOOKS} INSERT INTO books VALUES ('paper');"

FROM_4 = f"""
ALTER TABLE orders ADD COLUMN asked_ticks INTEGER;
ALTER TABLE orders ADD COLUMN asked_lots INTEGER;
{AMENDS}
"""

FROM_5 = """
ALTER TABLE orders ADD COLUMN key_index INTEGER;
ALTER TABLE orders ADD COLUMN nonce_below INTEGER;
"""

MIGRATIONS: Mapping[int, str] = {
    1: FROM_1,
    2: BUDGETS,
    3: FROM_3,
    4: FROM_4,
    5: FROM_5,
    6: COMMANDS,
    7: PAIRS,
}
"""By version, the statements that lead from it to the next one."""
