"""Write docs/parameters.md from the schema, the defaults and the comments of conf/.

``python -m tests.docs.parameters`` after a change of any of them.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from omegaconf import OmegaConf

from runner.config.compose import compose
from tests.deploys import CHECKOUT
from tests.docs import moves
from tests.docs.comments import comments
from tests.docs.loaders import loader_of
from tests.docs.schema import ENTRIES, STRATEGIES, VENUES, Knob, fields_of, knobs

PAGE = CHECKOUT / "docs" / "parameters.md"
CONF = CHECKOUT / "conf"
DEFAULT_PROFILE = "demo"
MARKET = "markets.NAME."
EFFECTS: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "effects.yaml").read_text(encoding="utf-8")
)

HEAD = """\
# Parameters

Every knob: its unit, its range, its default, and what it does. Made from the schema and the files
of `conf/` by `python -m tests.docs.parameters`; do not edit it here.
[Configuration](configuration.md) says how to set one.

- **Set** any of them as `KEY=VALUE`. A key under `strategy`, `gates`, `reference` or `venue`
  reaches every market that made the deploy's choice. For one market it is
  `markets.NAME.strategy.KEY`, and so on.
- **U** is the market's own scale: reference volatility * sqrt(`strategy.unit_horizon_s`), in bps.
  With 0.5 bps/√s and 10 s it is 1.6 bps. It lets `gamma` and `kappa` mean the same on every market.
- **A clip** is one order size. Inventory counts in clips.
- **A default** is that of `profile=demo`, the synthetic market's. Where another profile differs, it
  is named. A recorded tape asks for `profile=base`.
"""

SECTIONS = (
    ("The deploy", "", "Keys of `conf/config.yaml`."),
    ("Strategy", "strategy", "Of `avellaneda_stoikov` and `linear`, which differs in `form`."),
    (
        "GLFT",
        "glft",
        "What `strategy=glft` has besides; its `risk_horizon_s` is 0, and its `skew` is `saturated`"
        " or `at_limit`.",
    ),
    (
        "Cartea-Jaimungal",
        "cartea_jaimungal",
        "`strategy=cartea_jaimungal` has the keys of `glft`, without `execution_gamma`, and two.",
    ),
    ("Volatility", "strategy.volatility", "Live and reference, measured on the same samples."),
    (
        "Gates",
        "gates",
        "Each is off unless enabled, and may pull, widen or shrink a side; the last four take the"
        " position out. See [Strategies](strategies.md). `gates=hybrid` enables most.",
    ),
    (
        "Reference",
        "reference",
        "What the market is taken to be worth: `reference=mid`, `weighted`, `micro`, `signals` or"
        " `lead`.",
    ),
    (
        "Hedge",
        "hedge",
        "Read where a market with `role=hedge` hedges others: `hedger=none`, `prompt` or `patient`."
        " See [Hedging](hedging.md).",
    ),
    ("Venue", "venue", "Of `sim`, the simulated exchange of paper and replay."),
    (
        "Lighter",
        "lighter",
        "What `venue=lighter` and its other networks have besides fees.",
    ),
    (
        "Bybit",
        "bybit",
        "What `venue=bybit`, `bybit_testnet` and `bybit_demo` have besides fees. See"
        " [Bybit and ccxt](ccxt.md).",
    ),
    (
        "Market data",
        "binance",
        "What `venue=binance`, `binance_usdm`, `okx`, `kucoin_futures` and `mexc` have besides"
        " fees. All that `mode=record` and paper read.",
    ),
    (
        "Exchanges that are traded",
        "binance_usdm",
        "What `venue=binance_usdm`, `binance_spot`, `okx`, their test networks,"
        " `kucoin_futures` and `mexc` have besides those of market data. See"
        " [Bybit and ccxt](ccxt.md).",
    ),
    ("Risk", "risk", "Of each market, checked before an order is sent."),
    (
        "Schedule",
        "schedule.jobs",
        "In UTC. A job only asks; what it asks for is done in its own time.",
    ),
    (
        "Hours",
        "schedule.hours",
        "When markets are quoted. Each entry has a name. See [The clock](schedule.md).",
    ),
    ("Pauses", "schedule.pauses", "Around what is known to move markets."),
    ("Rebalancing", "schedule.rebalances", "From which moments on markets lean where."),
    ("Flattening", "schedule.flattens", "When positions are closed."),
    ("Hedge sweeps", "schedule.hedge_sweeps", "When hedges leave nothing inside their band."),
    (
        "Refit",
        "schedule.refit",
        "Read by the job `recalibrate`, which is off unless the schedule has it.",
    ),
    (
        "Tape",
        "tape",
        "Read by `mode=replay`, `calibrate` and `doctor`. Without a default: `tape.path` of a"
        " recorded tape.",
    ),
    ("Download", "download", "Read by `mode=download` alone. Of `download=binance_vision`."),
    (
        "Funding",
        "funding",
        "The rules are those of `pairs` too; the rest is read by `mode=funding` alone. Of"
        " `funding=perp_spot`. See [Funding](funding.md).",
    ),
    ("A leg", "funding.legs.NAME", "Of those that pairs are made of. There is none by default."),
    ("A pair", "funding.pairs.NAME", "There is none by default."),
    (
        "A pair that is traded",
        "pairs.NAME",
        "Two markets with `role=leg`. There is none by default. See [Funding](funding.md#live).",
    ),
    ("Replay", "replay", "Read by `mode=replay` alone."),
    (
        "Route",
        "route",
        "Read by `mode=route` alone. See [Hedging](hedging.md#where-a-size-would-be-taken).",
    ),
    (
        "Calibrate",
        "calibrate",
        "Read by `mode=calibrate` alone. See [Calibration](calibration.md#which-market).",
    ),
    (
        "Search",
        "search",
        "Read by `-m hydra/sweeper=optuna` alone. See [Search](search.md).",
    ),
    ("Ray", "ray", "Read by `-m hydra/launcher=ray` alone. See [Search](search.md#ray)."),
    ("Record", "record", ""),
    ("Report", "report", "`runs`, `last` and `split` are read by `mode=report` alone."),
    (
        "Paper",
        "paper",
        "Where paper has a real venue's prices, `paper.exchange.KEY` is the simulated exchange's,"
        " with every key of `venue=sim`; its fees are the venue's.",
    ),
    ("Watch", "watch", "Choose with `watch=table`, `watch=lines`, `watch=none` or `watch=web`."),
    ("Web", "web", "Read by `mode=web` and `watch=web`. See [The web view](web.md)."),
    ("Being called", "notify", "See [Being called](notify.md)."),
    ("A market", "markets.NAME", "Their defaults are the market's own."),
    (
        "Its instrument",
        "markets.NAME.instrument",
        "Of tapes and the synthetic market. What a tape holds must lie on these steps.",
    ),
    ("Its synthetic market", "markets.NAME.synthetic", "Read on paper. A replay has its tape."),
)

FILES = {
    "": "config.yaml",
    "strategy": "strategy/avellaneda_stoikov.yaml",
    "glft": "strategy/glft.yaml",
    "cartea_jaimungal": "strategy/cartea_jaimungal.yaml",
    "gates": "gates/none.yaml",
    "reference": "reference/mid.yaml",
    "hedge": "hedger/none.yaml",
    "venue": "venue/sim.yaml",
    "lighter": "venue/lighter.yaml",
    "bybit": "venue/bybit.yaml",
    "binance": "venue/binance.yaml",
    "binance_usdm": "venue/binance_usdm.yaml",
    "risk": "risk/default.yaml",
    "schedule": "schedule/default.yaml",
    "schedule.hours": "schedule/hours.yaml",
    "schedule.pauses": "schedule/events.yaml",
    "schedule.rebalances": "schedule/rebalance.yaml",
    "schedule.flattens": "schedule/weekend.yaml",
    "schedule.hedge_sweeps": "schedule/daily.yaml",
    "tape": "tape/synthetic.yaml",
    "download": "download/binance_vision.yaml",
    "funding": "funding/perp_spot.yaml",
    "watch": "watch/table.yaml",
    "notify": "notify/none.yaml",
    "markets.NAME": "market/btc.yaml",
}
"""Where the comments of each block are."""

Values = Mapping[str, Any]


def page() -> str:
    """Return the page as it should be."""
    with _checkout() as checkout:
        moved = "\n".join(moves.table(checkout))
    return f"{tables()}{moved.rstrip()}\n"


def tables() -> str:
    """Return the page up to what knobs do to the quotes, which takes long to find out."""
    found = list(knobs())
    with _checkout() as checkout:
        names = sorted(path.stem for path in (CONF / "profile").glob("*.yaml"))
        profiles = {name: _profile(checkout, name) for name in names}
        listed = sorted(path.stem for path in (CONF / "market").glob("*.yaml"))
        markets = {name: _composed(checkout, f"market={name}") for name in listed}
    lines = [HEAD]
    for title, block, words in SECTIONS:
        own = [knob for knob in found if _block_of(knob.path) == block]
        lines += [f"## {title}", "", *([words, ""] if words else [])]
        if block.removeprefix("schedule.") in ENTRIES:
            lines += _table(own, {})
        elif block.startswith("markets."):
            lines += _table(own, {})
            lines += [f"Defaults of {title.lower().replace('its ', 'the ')}:", ""]
            lines += _by_market(own, markets)
        else:
            lines += _table(own, {} if block.endswith(".NAME") else profiles)
    return "\n".join(lines) + "\n"


@contextmanager
def _checkout() -> Iterator[Path]:
    """Give a checkout's conf/ without what is of this machine alone."""
    with tempfile.TemporaryDirectory() as directory:
        checkout = Path(directory)
        shutil.copytree(CONF, checkout / "conf", ignore=shutil.ignore_patterns("local"))
        yield checkout


def _profile(checkout: Path, name: str) -> Values:
    """Return a profile's values, with those of other strategies and venues under their names."""
    values = dict(_composed(checkout, f"profile={name}"))
    for choice, group in _others():
        other = _composed(checkout, f"profile={name}", f"{group}={choice}")
        values |= {
            path.replace(group, choice, 1): value
            for path, value in other.items()
            if path.startswith(f"{group}.")
        }
    return values


def _others() -> Iterator[tuple[str, str]]:
    """Yield each choice whose keys have a section of their own, and its group."""
    yield from ((name, "strategy") for name in STRATEGIES)
    yield from ((name, "venue") for name in VENUES)


def _composed(checkout: Path, *choices: str) -> Values:
    """Return every value that a choice leads to, by its path."""
    config = compose(loader_of(checkout), list(choices)).config
    plain = {str(k): config[k] for k in config if k != "hydra"}
    return dict(fields_of(OmegaConf.to_container(OmegaConf.create(plain), resolve=True)))


def _block_of(path: str) -> str:
    """Return the section that a knob belongs to."""
    blocks = [block for _, block, _ in SECTIONS if block and path.startswith(f"{block}.")]
    return max(blocks, key=len, default="")


def meaning(path: str) -> str:
    """Return what a knob does; raise LookupError when nobody says."""
    if path in EFFECTS:
        return EFFECTS[path]
    block = max((b for b in FILES if not b or path.startswith(f"{b}.")), key=len)
    told = comments(CONF / FILES[block])
    key = path.removeprefix(f"{block}.") if block else path
    if block.removeprefix("schedule.") in ENTRIES:
        key = _of_an_entry(told, block.removeprefix("schedule."), key.removeprefix("NAME."))
    if key not in told:
        raise LookupError(f"{path}: expected a comment in conf/{FILES[block]} or an effect")
    return told[key]


def _of_an_entry(told: Mapping[str, str], part: str, key: str) -> str:
    """Return the path of a key in the first entry of which a file says what it does."""
    found = (path for path in told if path.startswith(f"{part}.") and path.endswith(f".{key}"))
    return next(found, key)


def _table(own: Sequence[Knob], profiles: Mapping[str, Values]) -> Iterator[str]:
    heads = ["key", "unit", "range", *(["default"] if profiles else []), "what it does"]
    yield _row(heads)
    yield _row(["---"] * len(heads))
    for knob in own:
        cells = [f"`{_key(knob.path)}`", knob.unit, knob.range]
        if profiles:
            cells.append(_default(knob.path, profiles))
        yield _row([*cells, meaning(knob.path)])
    yield ""


def _key(path: str) -> str:
    """Return the key by which a knob is set."""
    first, _, rest = path.partition(".")
    return f"{dict(_others())[first]}.{rest}" if first in dict(_others()) else path


def _default(path: str, profiles: Mapping[str, Values]) -> str:
    """Return the default, and that of every profile that has another."""
    usual = profiles[DEFAULT_PROFILE][path]
    others = [
        f"{name} {_shown(values[path])}"
        for name, values in profiles.items()
        if values[path] != usual
    ]
    if path == "tape.path":
        return "the tape of the project"
    return "; ".join([_shown(usual), *others])


def _by_market(own: Sequence[Knob], markets: Mapping[str, Values]) -> Iterator[str]:
    yield _row(["key", *markets])
    yield _row(["---"] * (1 + len(markets)))
    for knob in own:
        key = knob.path.removeprefix(MARKET)
        cells = [_shown(values[f"markets.{name}.{key}"]) for name, values in markets.items()]
        yield _row([f"`{key}`", *cells])
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(cell: str) -> str:
    """Return a cell in which nothing ends it or is taken for HTML."""
    return cell.replace("|", "\\|").replace("<", "\\<")


def _shown(value: object) -> str:
    if value is None:
        return "`null`"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value) if value != "" else "empty"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(CHECKOUT))
