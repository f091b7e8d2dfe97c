"""Benches promise a shape to the tools that read them, and a way of comparing."""

import json
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from tests.bench.__main__ import FAMILIES, SAVE, chosen
from tests.bench.figures import KEYS, Figure, Peer, read_figures, write_figures
from tests.bench.start import heavy_modules, imported_names
from tests.bench.table import table

STEP = Figure("step", 8.0, "us", Peer("plain loop", 4.0), aim=10.0)
RATE = Figure("rate", 9e6, "events/s", Peer("plain loop", 3e6), aim=8e6)
ALONE = Figure("memory", 58.0, "MB", aim=50.0)


def test_every_figure_has_all_keys_in_json(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "steps.json"
    write_figures(path, [STEP, ALONE])
    figures = json.loads(path.read_text())["figures"]
    assert figures["step"] == {
        "value": 8.0,
        "unit": "us",
        "peer": "plain loop",
        "peer_value": 4.0,
        "ratio": 2.0,
    }
    assert tuple(figures["memory"]) == KEYS
    assert figures["memory"]["peer"] is figures["memory"]["ratio"] is None


def test_gain_compares_ratios_so_that_a_slow_machine_does_not_count(tmp_path: Path) -> None:
    write_figures(tmp_path / "b.json", [STEP, RATE, ALONE])
    baseline = read_figures(tmp_path / "b.json")
    slow_machine = Figure("step", 16.0, "us", Peer("plain loop", 8.0))
    assert slow_machine.gain(baseline) == pytest.approx(1.0)
    slower_code = Figure("rate", 4.5e6, "events/s", Peer("plain loop", 3e6))
    assert slower_code.gain(baseline) == pytest.approx(0.5)
    heavier = Figure("memory", 116.0, "MB")
    assert heavier.gain(baseline) == pytest.approx(0.5)


def test_gain_is_unknown_for_what_has_no_baseline(tmp_path: Path) -> None:
    assert STEP.gain(read_figures(tmp_path / "none.json")) is None


def test_aims_follow_the_unit() -> None:
    assert STEP.reaches_aim
    assert RATE.reaches_aim
    assert not ALONE.reaches_aim
    shown = table("x", [STEP, ALONE], {})
    assert "50 !" in shown
    assert "10 !" not in shown


def test_an_unknown_bench_is_refused_with_the_known_ones() -> None:
    assert chosen([SAVE]) == FAMILIES
    with pytest.raises(ConfigError, match=r"expected any of steps, .* was stpes"):
        chosen(["stpes"])


def test_heavy_modules_are_found_by_import_and_by_mapped_file() -> None:
    lines = [b"import time:       479 |      17067 |     numpy.core", b"other | numba"]
    imported = imported_names(lines)
    assert heavy_modules(frozenset(), imported) == ("numpy",)
    mapped = frozenset({"lib/site-packages/pyarrow/lib.so"})
    assert heavy_modules(mapped, frozenset()) == ("pyarrow",)
