"""Write what moves an account's money into its transaction log."""

from tests.venues.bybit.accounts import Account, Entry
from tests.venues.bybit.orders import Execution

KINDS = {"Trade": "TRADE", "BustTrade": "LIQUIDATION", "AdlTrade": "ADL", "Funding": "SETTLEMENT"}


def note(account: Account, execution: Execution, number: int, gained: int, lots: int) -> None:
    """Log an execution: `gained` without its fee, `lots` what is held after it."""
    is_funding = execution.kind == "Funding"
    entry = Entry(
        number=number,
        at_ns=execution.at_ns,
        kind=KINDS[execution.kind],
        symbol=execution.symbol,
        change=gained - execution.fee,
        balance=account.wallet,
        cash_flow=gained,
        funding=-execution.fee if is_funding else 0,
        execution=execution,
        size_lots=lots,
    )
    account.log.append(entry)


def transfer(account: Account, number: int, at_ns: int, amount: int) -> None:
    """Move money in or out without a trade."""
    account.wallet += amount
    kind = "TRANSFER_IN" if amount > 0 else "TRANSFER_OUT"
    entry = Entry(number, at_ns, kind, "", amount, account.wallet, cash_flow=amount)
    account.log.append(entry)
