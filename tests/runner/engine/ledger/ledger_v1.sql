-- A ledger of layout 1 as it was written, with a row of every kind.
CREATE TABLE orders (
    market TEXT NOT NULL, client_id INTEGER NOT NULL, side INTEGER NOT NULL,
    ticks INTEGER NOT NULL, lots INTEGER NOT NULL, state INTEGER NOT NULL,
    filled_lots INTEGER NOT NULL, intent_ns INTEGER NOT NULL, intent_committed_ns INTEGER,
    sent_ns INTEGER, done_ns INTEGER, evidence TEXT NOT NULL, refused_code INTEGER,
    config_hash TEXT NOT NULL, code_version TEXT NOT NULL,
    PRIMARY KEY (market, client_id), CHECK ((state = 6) = (evidence <> ''))
) WITHOUT ROWID;
CREATE INDEX open_orders ON orders (market) WHERE state < 6;
CREATE TABLE fills (
    venue TEXT NOT NULL, account TEXT NOT NULL, market TEXT NOT NULL, trade_id INTEGER NOT NULL,
    side INTEGER NOT NULL, client_id INTEGER NOT NULL, ticks INTEGER NOT NULL,
    lots INTEGER NOT NULL, role INTEGER NOT NULL, fee TEXT NOT NULL, fee_ccy TEXT NOT NULL,
    venue_ns INTEGER NOT NULL, recv_ns INTEGER NOT NULL, source TEXT NOT NULL,
    UNIQUE (venue, account, market, trade_id, side)
);
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
CREATE TABLE audit (ns INTEGER NOT NULL, market TEXT NOT NULL, text TEXT NOT NULL);
INSERT INTO orders VALUES
    ('btc', 7, 0, 100, 5, 3, 2, 11, 12, 13, NULL, '', NULL, 'cfg', '0.1'),
    ('btc', 8, 1, 101, 5, 6, 5, 14, 15, 16, 17, 'filled in full', NULL, 'cfg', '0.1');
INSERT INTO fills VALUES
    ('sim', 'a1', 'btc', 1, 0, 7, 100, 2, 0, '-0.00001', 'USDT', 20, 21, 'stream'),
    ('sim', 'a1', 'btc', 2, 1, 8, 101, 5, 0, '-0.00002', 'USDT', 22, 23, 'reconcile'),
    ('sim', 'old', 'btc', 1, 0, 3, 90, 9, 1, '0.4', 'USDT', 2, 3, 'stream');
INSERT INTO adjustments VALUES ('a1', 'btc', 4, 'at start', 30);
INSERT INTO cursors VALUES ('a1', 'btc', 2);
INSERT INTO sessions VALUES (1, 5, 40, 0, 'cfg', '0.1');
INSERT INTO audit VALUES (25, 'btc', 'order 7 was silent');
PRAGMA user_version = 1;
PRAGMA journal_mode = WAL;
