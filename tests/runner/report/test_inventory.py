from dataclasses import fields, replace

from connectors.model.events import BUY, SELL
from runner.report.inventory import inventory_of
from runner.results import FillColumns
from tests.runner.report.fake_run import START_NS, market


def test_positions_weigh_by_their_time() -> None:
    zeros = [0, 0]
    known = {"recv_ns": [START_NS + 10, START_NS + 30], "side": [BUY, SELL], "lots": [4, 6]}
    fills = FillColumns(**{f.name: known.get(f.name, zeros) for f in fields(FillColumns)})
    given = replace(
        market(steps=1, fill_frac=0), fills=fills, first_ns=START_NS, last_ns=START_NS + 40
    )
    inventory = inventory_of(given)
    assert (inventory.start, inventory.end, inventory.lowest, inventory.highest) == (0, -2, -2, 4)
    assert inventory.mean == (0 * 10 + 4 * 20 - 2 * 10) / 40
    assert inventory.rms == ((16 * 20 + 4 * 10) / 40) ** 0.5


def test_a_run_without_fills_keeps_its_opening_position() -> None:
    given = replace(market(steps=1, fill_frac=0), opening_position_lots=-3)
    inventory = inventory_of(given)
    assert (inventory.end, inventory.mean, inventory.rms) == (-3, -3.0, 3.0)
