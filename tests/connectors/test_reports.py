"""What became of a command is a batch of one row, stamped with the moment it is told."""

from connectors.model.errors import Refusal
from connectors.model.events import BUY, REJECTED, AccountRows, MarketRows
from connectors.reports import Reporter
from tests.virtual import SetClock


def test_a_report_is_one_row_of_its_market() -> None:
    told: list[tuple[object, ...]] = []

    def deliver(market: str, rows: MarketRows, account: AccountRows, now_ns: int) -> None:
        row = (account.kind[0], account.client_id[0], account.side[0], account.ticks[0])
        told.append((market, len(rows.kind), len(account), *row, account.code[0], now_ns))

    reporter = Reporter(SetClock(7), deliver)
    reporter.report("eth", REJECTED, 2176, BUY, 100, 5, Refusal.RATE_LIMIT)
    assert told == [("eth", 0, 1, REJECTED, 2176, BUY, 100, Refusal.RATE_LIMIT, 7)]
