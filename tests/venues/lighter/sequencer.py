"""Take transactions in at the door and carry them out when their time has come."""

import json
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from tests.venues.common.truth import Executed, Signed
from tests.venues.lighter import errors
from tests.venues.lighter.accounts import FREE_TX_EVERY_NS, Account
from tests.venues.lighter.admission import Admission
from tests.venues.lighter.errors import Refused
from tests.venues.lighter.execution import execute
from tests.venues.lighter.orders import TimeInForce
from tests.venues.lighter.transactions import NAMES, Tx, TxType, batch

if TYPE_CHECKING:
    from tests.venues.lighter.venue import Venue

FAILED, PENDING, EXECUTED = 0, 1, 2
TAKES_QUOTA = frozenset({TxType.CREATE, TxType.MODIFY})
KEPT_ROWS = 20_000


@dataclass(slots=True)
class Record:
    """What became of a transaction."""

    tx: Tx
    queued_ns: int
    status: int = PENDING
    error: int = 0
    executed_ns: int = 0
    block: int = 0


class TxLog:
    """Every accepted transaction, by its hash and by account."""

    def __init__(self) -> None:
        self.by_hash: dict[str, Record] = {}
        self.by_account: dict[int, deque[Record]] = defaultdict(deque)

    def add(self, record: Record) -> None:
        """Keep a record."""
        self.by_hash[record.tx.tx_hash] = record
        rows = self.by_account[record.tx.account]
        rows.append(record)
        while len(rows) > KEPT_ROWS:
            del self.by_hash[rows.popleft().tx.tx_hash]

    def last(self, account: int, most: int = 20) -> list[dict[str, Any]]:
        """Spell an account's last transactions, the newest first."""
        return [row(record) for record in islice(reversed(self.by_account[account]), most)]


class Sequencer:
    """The order of things: a transaction waits as long as its account's tier makes it."""

    def __init__(self, venue: "Venue") -> None:
        self.log = TxLog()
        self._venue = venue
        self._admission = Admission(venue)
        self._due_ns: dict[tuple[int, int], int] = {}
        self._pending: Counter[int] = Counter()

    def names_of(self, operation: str, words: dict[str, str]) -> tuple[tuple[str, ...], str]:
        """Return what a script may call a request, and its market."""
        if operation not in ("sendTx", "sendTxBatch"):
            return (operation,), ""
        try:
            txs = batch(words)
        except Refused:
            return ("send",), ""
        names = ("batch",) if operation == "sendTxBatch" else ()
        markets = {tx.market_id for tx in txs}
        market = markets.pop() if len(markets) == 1 else None
        symbol = self._venue.symbol(market) if market is not None else ""
        return (*names, *dict.fromkeys(NAMES[tx.kind] for tx in txs), "send"), symbol

    def submit(self, words: dict[str, str], is_batch: bool) -> dict[str, Any]:
        """Take one transaction or several; raise Refused where the door does not let them in."""
        txs = [self._hashed(tx) for tx in batch(words)]
        said = self._admitted(txs, is_batch)
        account = self._venue.exchange.accounts[txs[0].account]
        due_ns = self._venue.agenda.now_ns
        for tx in txs:
            account.used_indexes.add(tx.fields.get("ClientOrderIndex", 0))
            account.keys[tx.key].next_nonce = tx.nonce + 1
            self._note(tx, 200)
            due_ns = self._queue(tx)
        hashes = [tx.tx_hash for tx in txs]
        return {
            "code": 200,
            "message": said,
            "tx_hash": hashes if is_batch else hashes[0],
            "predicted_execution_time_ms": (due_ns + self._venue.exchange.skew_ns) // 1_000_000,
            "volume_quota_remaining": account.quota,
        }

    def _admitted(self, txs: list[Tx], is_batch: bool) -> str:
        """Return what is said about quota where the door lets all in; raise Refused otherwise."""
        try:
            self._admission.check(txs, is_batch)
            account = self._venue.exchange.accounts[txs[0].account]
            if self._pending[account.index] + len(txs) > self._venue.limits.pending:
                raise Refused(errors.TOO_MANY_PENDING)
            return self._use_quota(account, txs)
        except Refused as refused:
            for tx in txs:
                self._note(tx, refused.code)
            raise

    def _queue(self, tx: Tx) -> int:
        """Plan a transaction; a key's own come in the order in which they were sent."""
        exchange = self._venue.exchange
        tier = exchange.accounts[tx.account].tier
        is_taker = tx.kind == TxType.CREATE and tx.fields["TimeInForce"] != TimeInForce.POST_ONLY
        wait_ms = (tier.taker_ms if is_taker else tier.maker_ms) + self._venue.network_ms
        lane = (tx.account, tx.key)
        due_ns = max(exchange.agenda.now_ns + round(wait_ms * 1e6), self._due_ns.get(lane, 0))
        self._due_ns[lane] = due_ns
        record = Record(tx, exchange.now_ns)
        self.log.add(record)
        self._pending[tx.account] += 1
        exchange.agenda.at(due_ns, partial(self._carry_out, record))
        return due_ns

    def _carry_out(self, record: Record) -> None:
        tx = record.tx
        step = self._venue.gateway.execution(NAMES[tx.kind], tx.market_id)
        if step is None:
            self.settle(record, execute(self._venue.exchange, tx))
        else:
            step.action.execute(self._venue, record)

    def settle(self, record: Record, error: int) -> None:
        """Note what a transaction came to, and tell everybody."""
        exchange = self._venue.exchange
        self._pending[record.tx.account] -= 1
        record.status = FAILED if error else EXECUTED
        record.error = error
        record.executed_ns = exchange.now_ns
        record.block = exchange.block
        self._venue.truth.tell(
            Executed(exchange.agenda.now_ns, record.tx.tx_hash, error), record.tx.account
        )
        self._venue.publisher.flush()
        self._venue.publish_tx(record.tx.account, [row(record)])

    def _hashed(self, tx: Tx) -> Tx:
        return replace(tx, tx_hash=self._venue.guard.verifier.tx_hash(tx))

    def _use_quota(self, account: Account, txs: list[Tx]) -> str:
        """Take from the volume quota what these cost; one each 15 s is free."""
        cost = sum(tx.kind in TAKES_QUOTA for tx in txs)
        now_ns = self._venue.agenda.now_ns
        if not account.tier.has_quota or not cost:
            return '{"ratelimit": "didn\'t use volume quota"}'
        if cost == 1 and now_ns >= account.free_after_ns:
            account.free_after_ns = now_ns + FREE_TX_EVERY_NS
            return '{"ratelimit": "didn\'t use volume quota"}'
        if account.quota < cost:
            raise Refused(errors.TOO_MANY_REQUESTS, "not enough volume quota", 429)
        account.quota -= cost
        return f"{account.quota} volume quota remaining."

    def _note(self, tx: Tx, code: int) -> None:
        now_ns = self._venue.agenda.now_ns
        kind = NAMES[tx.kind]
        market = self._venue.symbol(tx.market_id) if tx.market_id is not None else ""
        signed = Signed(
            now_ns, kind, market, tx.tx_hash, tx.key, tx.nonce, tx.client_index, code, tx.raw
        )
        self._venue.truth.tell(signed, tx.account)


def row(record: Record) -> dict[str, Any]:
    """Spell a transaction as `tx`, `accountTxs` and the stream do."""
    tx = record.tx
    error = {"ae": json.dumps({"message": errors.MESSAGES.get(record.error, "")})}
    return {
        "hash": tx.tx_hash,
        "type": int(tx.kind),
        "info": tx.raw,
        "event_info": json.dumps(error if record.error else {}),
        "status": record.status,
        "transaction_index": 0,
        "l1_address": f"0x{tx.account:040x}",
        "account_index": tx.account,
        "nonce": tx.nonce,
        "expire_at": tx.expired_at_ms,
        "block_height": record.block,
        "queued_at": record.queued_ns // 1_000_000,
        "executed_at": record.executed_ns // 1_000_000,
        "sequence_index": 0,
        "parent_hash": "",
        "api_key_index": tx.key,
        "transaction_time": record.executed_ns // 1_000,
    }
