"""Settle funding: who is long pays what is positive, by the mark, at the end of every interval."""

from tests.venues.bybit.accounts import Account
from tests.venues.bybit.exchange import AccountNews, Exchange, ExecutionNews, Floor
from tests.venues.bybit.ledger import note
from tests.venues.bybit.orders import Execution, Position

INTEREST_1E8 = 10_000
CLAMP_1E8 = 50_000


def settle(exchange: Exchange, symbol: str) -> None:
    """Pay every open position at the rate that was announced, and announce the next."""
    floor = exchange.floors[symbol]
    floor.history.append((exchange.now_ms, floor.rate_1e8))
    for account in list(exchange.accounts.values()):
        if not account.is_crowd:
            pay(exchange, account, symbol, floor.rate_1e8)
    floor.rate_1e8 = announced_1e8(floor)


def pay(exchange: Exchange, account: Account, symbol: str, rate_1e8: int) -> None:
    """Charge, or pay, an account's positions in a market."""
    held = [p for (name, _), p in account.positions.items() if name == symbol and p.lots]
    for position in held:
        _pay(exchange, account, symbol, position, rate_1e8)
    if held:
        exchange.tell(AccountNews(account.uid, "funding", symbol))


def _pay(exchange: Exchange, account: Account, symbol: str, held: Position, rate_1e8: int) -> None:
    floor = exchange.floors[symbol]
    value = floor.market.value(floor.mark_ticks, held.lots)
    fee = value * rate_1e8 // 100_000_000
    account.wallet -= fee
    floor.seq += 1
    execution = Execution(
        number=exchange.next_number(),
        symbol=symbol,
        kind="Funding",
        is_ask=held.lots > 0,
        ticks=floor.mark_ticks,
        lots=abs(held.lots),
        fee=fee,
        rate_1e8=rate_1e8,
        at_ns=exchange.now_ns,
        seq=floor.seq,
        mark_ticks=floor.mark_ticks,
        index_ticks=floor.index_ticks,
    )
    account.executions.append(execution)
    note(account, execution, exchange.next_number(), 0, held.lots)
    exchange.tell(ExecutionNews(account.uid, execution))


def announced_1e8(floor: Floor) -> int:
    """Return the next rate: the mark's premium over the index, and interest within a clamp.

    Bybit's help centre, "Funding Rate": P + clamp(I - P, 0.05 %, -0.05 %), then the market's cap.
    """
    premium = round((floor.mark_ticks / floor.index_ticks - 1.0) * 1e8)
    rate = premium + max(-CLAMP_1E8, min(CLAMP_1E8, INTEREST_1E8 - premium))
    cap = floor.market.funding_cap_1e8
    return max(-cap, min(cap, rate))
