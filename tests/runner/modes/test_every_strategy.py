"""Every strategy replays the project's small tape under every profile, in one sweep."""

import json
from pathlib import Path

import pytest
import yaml

from runner.command import start
from tests.deploys import CHECKOUT, KERNEL_CACHE

STRATEGIES = ("avellaneda_stoikov", "glft", "cartea_jaimungal", "linear", "hybrid")
PROFILES = ("demo", "base", "hft", "optimized")


def test_strategies_and_profiles_are_all_swept() -> None:
    assert {p.stem for p in (CHECKOUT / "conf" / "strategy").glob("*.yaml")} == set(STRATEGIES)
    assert {p.stem for p in (CHECKOUT / "conf" / "profile").glob("*.yaml")} == set(PROFILES)


def test_every_strategy_replays_under_every_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    # Tests of packages may have bound their strategies in this process before.
    monkeypatch.setattr("runner.modes.compiled._BINDINGS", set())
    KERNEL_CACHE.mkdir(parents=True, exist_ok=True)
    (tmp_path / "outputs" / "cache").mkdir(parents=True)
    (tmp_path / "outputs" / "cache" / "kernels").symlink_to(KERNEL_CACHE)
    words = ["-m", "mode=replay", "market=btc", "watch=none"]
    words += [f"strategy={','.join(STRATEGIES)}", f"profile={','.join(PROFILES)}"]
    code = start(words, {"MMRUNNER_HOME": str(tmp_path)}, None, CHECKOUT)
    assert code == 0, capsys.readouterr()
    found = {}
    for saved in sorted((tmp_path / "outputs" / "runs").glob("*/*/.hydra/config.yaml")):
        config = yaml.safe_load(saved.read_text(encoding="utf-8"))
        summary = json.loads((saved.parent.parent / "summary.json").read_text(encoding="utf-8"))
        assert summary["problems"] == []
        market = summary["markets"]["btc"]
        assert market["decisions"] > 1_000
        assert market["orders"] > 0
        strategy = config["markets"]["btc"]["strategy"]
        quality = market["quality"]
        assert quality["bid"]["fills"] + quality["ask"]["fills"] == market["fills"]
        assert 0.1 < quality["bid"]["uptime_frac"] <= 1.0
        key = (strategy["name"], config["gamma"], config["kappa"], strategy["refresh_ms"])
        assert key not in found
        found[key] = market["fills"]
    assert len(found) == len(STRATEGIES) * len(PROFILES)
    assert sum(found.values()) > 0
