"""A calibration says what it found and why not more, and what it writes is a configuration."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from connectors.model.instrument import Instrument
from connectors.tape.readers import read_tape
from connectors.tape.source import TapeSource
from runner.calibrate.edge import Quoting, edge_map
from runner.calibrate.estimate import Blocks, Estimate, Fit
from runner.calibrate.intensity import mean_slope, reaching_per_s
from runner.calibrate.recording import recording_of
from runner.calibrate.volatility import sigma_bps
from runner.command import start
from runner.config.compose import compose, new_loader
from runner.settings import Quoting as QuotingSettings
from tests.deploys import CHECKOUT
from tests.recordings import recorded

Calibrate = Callable[..., tuple[int, Path, str]]


@pytest.fixture
def calibrate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Calibrate:
    """Calibrate with some words; return the exit code, the run directory and what was printed."""

    def run(name: str, *words: str) -> tuple[int, Path, str]:
        directory = tmp_path / name
        home = {"MMRUNNER_HOME": str(tmp_path / "home")}
        code = start(["mode=calibrate", f"hydra.run.dir={directory}", *words], home)
        return code, directory, capsys.readouterr().out

    return run


def test_what_it_writes_composes_and_says_where_it_came_from(calibrate: Calibrate) -> None:
    code, directory, printed = calibrate("run", "market=btc")
    assert code == 0
    assert f"use it: mmrunner --config-dir {directory} calibration=fitted" in printed
    assert "edge map" in printed
    assert (directory / "edge_map.csv").read_text().count("\n") > 10
    assert "<svg" in (directory / "calibration.html").read_text()
    words = ["market=btc", "calibration=fitted"]
    before = compose(new_loader(CHECKOUT), ["market=btc"]).settings.markets["btc"].strategy
    after = compose(new_loader(CHECKOUT, directory), words).settings.markets["btc"].strategy
    assert isinstance(before, QuotingSettings)
    assert isinstance(after, QuotingSettings)
    sigma = after.volatility.prior_bps_per_sqrt_s
    assert sigma != before.volatility.prior_bps_per_sqrt_s
    assert abs(sigma - 0.5) < 0.15


def test_two_runs_write_the_same(calibrate: Calibrate) -> None:
    _, one, _ = calibrate("one", "market=btc")
    _, two, _ = calibrate("two", "market=btc")
    for name in ("edge_map.csv", "calibration/fitted.yaml"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_a_file_that_was_edited_out_of_range_is_refused_in_one_line(calibrate: Calibrate) -> None:
    _, directory, _ = calibrate("run", "market=btc")
    path = directory / "calibration" / "fitted.yaml"
    text = re.sub(r"prior_bps_per_sqrt_s: \S+", "prior_bps_per_sqrt_s: -1", path.read_text())
    path.write_text(text)
    with pytest.raises(ConfigError, match=r"prior_bps_per_sqrt_s: expected a number"):
        compose(new_loader(CHECKOUT, directory), ["market=btc", "calibration=fitted"])


def value(fit: Fit) -> float:
    assert isinstance(fit, Estimate)
    return fit.value


@pytest.mark.parametrize(
    ("folder", "symbol", "tick", "sigma", "reach", "slope_all"),
    [
        ("binance_raw_20240718", "BTCUSDT", "0.1", (0.46, 0.60), 0.016, 29.0),
        ("binance_raw_20240718", "ETHUSDT", "0.01", (0.60, 0.68), 0.033, 16.0),
        ("binance_raw_20230404", "BTCUSDT", "0.1", (0.37, 0.37), 0.015, 25.0),
    ],
)
def test_recorded_markets_give_the_known_figures(
    folder: str,
    symbol: str,
    tick: str,
    sigma: tuple[float, float],
    reach: float,
    slope_all: float,
    tmp_path: Path,
) -> None:
    place = recorded(f"l2/{folder}")
    instrument = Instrument(symbol, symbol[:3], "USDT", Decimal(tick), Decimal("0.001"))
    found = recording_of(read_tape(TapeSource("binance_raw", place), instrument))
    blocks = Blocks.over(found.start_ns, found.end_ns)
    for step_s, known in zip((1.0, 5.0), sigma, strict=True):
        assert value(sigma_bps(found, blocks, step_s)) == pytest.approx(known, rel=0.06)
    # How trades are joined to orders decides these two, so they agree within a factor.
    assert 0.6 < value(reaching_per_s(found, blocks, 1.0)) / reach < 1.7
    assert 0.6 < value(mean_slope(found, blocks, 0.0)) / slope_all < 1.7
    (at_one_bp,) = edge_map(found, blocks, Quoting(10**8, 5 * 10**7, 0.0), [1.0])
    assert -0.85 < value(at_one_bp.markout_bps[1]) < -0.3
    assert 3.0 < value(at_one_bp.fills_per_min) < 8.0
