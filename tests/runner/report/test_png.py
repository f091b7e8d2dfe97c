"""Every plot of the page is also a picture, where it is asked for."""

import importlib.util
from pathlib import Path

import pytest

from connectors.model.errors import ConfigError
from runner.report.compare.comparison import compare
from runner.report.compare.png import write_comparison_plots
from runner.report.png import palette, require_plots, write_plots
from runner.report.publish import publish
from runner.report.reckoning import reckon
from runner.report.saved.read import SavedRun
from tests.runner.report.fake_run import market, run

MAGIC = b"\x89PNG\r\n\x1a\n"
NAMES = ("equity", "price", "inventory", "width", "markouts", "held", "parts")
GIVEN = run(market(steps=900))


def test_each_chart_of_a_market_is_a_picture(tmp_path: Path) -> None:
    made = write_plots(tmp_path, GIVEN, reckon(GIVEN))
    assert [path.name for path in made] == [f"btc_{name}.png" for name in NAMES]
    assert all(path.read_bytes().startswith(MAGIC) for path in made)
    assert sorted(tmp_path.iterdir()) == sorted(made)


@pytest.mark.slow
def test_the_pictures_are_the_same_every_time(tmp_path: Path) -> None:
    pictures = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made = write_plots(tmp_path / name, GIVEN, reckon(GIVEN))
        pictures.append([path.read_bytes() for path in made])
    assert pictures[0] == pictures[1]


def test_a_run_without_fills_has_pictures_of_time_alone(tmp_path: Path) -> None:
    idle = run(market(fill_frac=0))
    made = write_plots(tmp_path, idle, reckon(idle))
    assert [path.name for path in made] == [f"btc_{name}.png" for name in NAMES[:4]]


def test_a_comparison_has_pictures_whether_paired_or_not(tmp_path: Path) -> None:
    for number, other in enumerate((run(market(steps=900, seed=3)), run(market(steps=500)))):
        runs = [SavedRun(tmp_path / "a", GIVEN), SavedRun(tmp_path / "b", other)]
        made = write_comparison_plots(tmp_path, compare(runs), number)
        assert [path.name for path in made] == [
            f"btc_{number}_net.png",
            f"btc_{number}_markouts.png",
        ]


def test_pictures_are_drawn_only_where_they_are_asked_for(tmp_path: Path) -> None:
    publish(tmp_path, run(market(steps=100)), "none")
    assert list(tmp_path.glob("*.png")) == []


def test_colours_are_those_of_the_page() -> None:
    assert palette()["buy"] == "#1f6feb"
    assert {"main", "sell", "good", "bad", "card", "ink", "seventh"} <= palette().keys()


def test_without_matplotlib_a_run_is_refused_before_it_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require_plots()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"report.png: expected matplotlib to be installed"):
        require_plots()
