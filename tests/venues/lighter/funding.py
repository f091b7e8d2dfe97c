"""Settle funding: who is long pays what is positive, by the mark, at the end of every period."""

from tests.venues.lighter.accounts import Account, Funding
from tests.venues.lighter.exchange import Exchange, Floor, FundingNews

INTEREST_1E6 = 12
CLAMP_1E6 = 500


def settle(exchange: Exchange, sign: int = 1) -> None:
    """Pay every open position at the rate that was announced, and announce the next."""
    for market_id, floor in exchange.floors.items():
        if floor.market.is_spot:
            continue
        floor.paid_1e6 = floor.estimate_1e6
        floor.paid_at_ms = exchange.now_ms
        floor.history.append((exchange.now_ns // 1_000_000_000, floor.paid_1e6))
        for account in list(exchange.accounts.values()):
            held = account.positions.get(market_id)
            if held is not None and held.lots and not account.is_crowd:
                pay(exchange, account, market_id, floor.paid_1e6 * sign)
        floor.estimate_1e6 = announced_1e6(floor)


def pay(exchange: Exchange, account: Account, market_id: int, rate_1e6: int) -> None:
    """Pay, or charge, one position."""
    floor, held = exchange.floors[market_id], account.position(market_id)
    change = -held.lots * floor.mark_ticks * rate_1e6 // 1_000_000
    account.collateral_micro += change
    held.funding_paid_micro -= change
    exchange.funding_id += 1
    funding = Funding(exchange.funding_id, exchange.now_ns, market_id, change, rate_1e6, held.lots)
    account.fundings.append(funding)
    exchange.tell(FundingNews(account.index, funding))


def announced_1e6(floor: Floor) -> int:
    """Return an hour's rate: an eighth of the mark's premium over the value, and interest; or what
    was set."""
    if floor.set_1e6 is not None:
        return floor.set_1e6
    premium = (floor.mark_ticks / floor.value_ticks - 1.0) * 1e6 / 8.0
    return max(-CLAMP_1E6, min(CLAMP_1E6, round(premium) + INTEREST_1E6))
