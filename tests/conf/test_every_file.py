"""Every committed file composes and validates, alone and together with what it goes with."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.command import CHECKOUT
from runner.config.compose import compose, new_loader
from runner.settings import Settings, config_hash
from runner.settings.registry import strategy_model, venue_model

CONF = CHECKOUT / "conf"
RECORDED = tuple(path.stem for path in (CONF / "tape").glob("*.yaml") if path.stem != "synthetic")
Settle = Callable[..., Settings]


def names(group: str) -> list[str]:
    return sorted(path.stem for path in (CONF / group).glob("*.yaml"))


GROUPS = sorted(
    path.name for path in CONF.iterdir() if path.is_dir() and path.name not in ("local",)
)
CHOICES = [(group, name) for group in GROUPS for name in names(group)]


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Settle:
    """Return a function from overrides to settings, on the committed conf/ alone."""
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copytree(CONF, checkout / "conf", ignore=shutil.ignore_patterns("local"))
    loader = new_loader(checkout)
    return lambda *overrides: compose(loader, overrides).settings


def needs(group: str, name: str) -> list[str]:
    """Return what a choice cannot do without."""
    recorded = (group == "tape" and name in RECORDED) or name.startswith("recorded_")
    words = ["tape.path=/tape"] if recorded else []
    if (group, name) == ("reference", "lead"):
        words = ["market=[btc_lead,btc]", "reference.lead=btc_lead"]
    modes = {"tape": ["mode=replay"], "download": ["mode=download"], "funding": ["mode=funding"]}
    return [*words, *modes.get(group, [])]


def test_there_are_files() -> None:
    assert len(CHOICES) > 20


@pytest.mark.parametrize(("group", "name"), CHOICES)
def test_every_choice(group: str, name: str, settled: Settle) -> None:
    settings = settled(f"{group}={name}", *needs(group, name))
    assert len(config_hash(settings)) == 64


@pytest.mark.parametrize("group", GROUPS)
def test_no_choice_is_a_boolean_to_yaml(group: str) -> None:
    assert not set(names(group)) & {"on", "off", "yes", "no", "true", "false", "null", "y", "n"}


@pytest.mark.parametrize("profile", names("profile"))
@pytest.mark.parametrize("strategy", names("strategy"))
def test_every_profile_fits_every_strategy_on_every_market(
    profile: str, strategy: str, settled: Settle
) -> None:
    markets = ",".join(names("market"))
    settings = settled(f"market=[{markets}]", f"strategy={strategy}", f"profile={profile}")
    assert list(settings.markets) == names("market")


@pytest.mark.parametrize("experiment", names("experiment"))
@pytest.mark.parametrize("profile", names("profile"))
def test_every_experiment_fits_every_profile(
    experiment: str, profile: str, settled: Settle
) -> None:
    settled(f"experiment={experiment}", f"profile={profile}", *needs("experiment", experiment))


@pytest.mark.parametrize("name", names("market"))
def test_a_markets_file_name_and_block_agree(name: str, settled: Settle) -> None:
    market = settled(f"market={name}").markets[name]
    assert name.split("_", maxsplit=1)[0] == market.underlying.lower()
    assert market.instrument.symbol.startswith(market.instrument.base + market.instrument.quote)
    ticks = market.synthetic.start_price / market.instrument.tick_size
    assert ticks == ticks.to_integral_value()
    assert ticks >= 1000


@pytest.mark.parametrize("name", names("strategy"))
def test_a_strategys_file_names_its_model(name: str, settled: Settle) -> None:
    settings = settled(f"strategy={name}")
    assert type(settings.strategy) is strategy_model(name)
    assert settings.strategy.name == name


@pytest.mark.parametrize("name", names("venue"))
def test_a_venues_file_names_its_model(name: str, settled: Settle) -> None:
    venue = settled(f"venue={name}").venue
    assert type(venue) is venue_model(venue.name)
    assert venue.name == ("sim" if name.startswith("sim_") else name)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_tape_takes_the_base_profile(name: str, settled: Settle) -> None:
    base = settled("profile=base")
    settings = settled("mode=replay", f"tape={name}", "tape.path=/tape")
    assert (settings.gamma, settings.kappa) == (base.gamma, base.kappa)
    assert settings.tape.reader == name


def test_what_the_documents_promise_of_the_defaults(settled: Settle) -> None:
    settings = settled()
    assert (settings.gamma, settings.kappa) == (0.2, 1.5)
    assert list(settings.markets) == ["btc", "eth"]
    assert settings.mode.name == "paper"
    assert not settings.armed
    base = settled("profile=base")
    assert (base.gamma, base.kappa) == (0.2, 0.8)


def test_every_key_of_the_files_has_a_comment_free_of_tabs() -> None:
    for path in Path(CONF).rglob("*.yaml"):
        assert "\t" not in path.read_text(encoding="utf-8"), path


LIMITS = ("max_gross_notional_quote", "max_daily_loss_quote", "max_open_orders")


def limits(settings: Settings) -> tuple[float, ...]:
    return tuple(float(getattr(settings.risk.account, name)) for name in LIMITS)


@pytest.mark.parametrize("experiment", ["two_gammas", "multi_market_lighter"])
def test_each_step_of_a_rollout_is_smaller_than_the_next_whatever_an_experiment_says(
    experiment: str, settled: Settle
) -> None:
    canary, limited, full = (
        settled(f"experiment={experiment}", f"rollout={rollout}")
        for rollout in ("canary", "limited", "full")
    )
    assert all(a < b < c for a, b, c in zip(*map(limits, (canary, limited, full)), strict=True))
    assert canary.risk.ramp.start_frac < limited.risk.ramp.start_frac < full.risk.ramp.start_frac
