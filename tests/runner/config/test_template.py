"""A sweep's jobs, made by patching values, are what Hydra would have composed for each of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hydra.types import RunMode
from omegaconf import OmegaConf, open_dict

from runner.command import _name_places
from runner.config.compose import load, new_loader, settings_of
from runner.config.loader import Loader
from runner.config.sweep import MULTIRUN, Job, Planner, plan
from runner.config.template import Template
from runner.settings import Settings

SWEEPS = {
    "values": ("gamma=0.05,0.1", "kappa=0.5,1,1.5", "market=btc"),
    "markets": ("market=btc,eth", "gamma=0.05,0.1"),
    "lists": ("market=[btc],[eth,sol]", "strategy.levels=1,3"),
    "forwarded": (
        "strategy.levels=1,2",
        "markets.eth.strategy.levels=3",
        "venue.maker_fee_bps=0,1",
    ),
    "choices": ("strategy=linear,avellaneda_stoikov", "strategy.tolerance_bps=0.1,0.25"),
    "gates": ("strategy=hybrid,linear", "gamma=0.1,0.2"),
    "flags": ("gates=hybrid", "gates.flip_rate.enabled=true,false", "seed=1,2"),
    "paths": ("tape=csv", "tape.path=a.csv,b.csv", "gamma=0.1,0.2"),
    "texts": ("deploy=one,two", "venue.queue_model=front,power", "record.decisions=all,none"),
    "nothing": ("duration_s=null,5", "rates.USDC=null,'1'"),
    "quoted": ("deploy='a-1','b_2'", "risk.max_order_notional_quote='9000','8000.5'"),
    "numbers": ("strategy.min_spread_bps=0,1,1.5",),
    "references": ("gamma=0.5,0.6", "kappa=${gamma},1.5"),
    "named": ("gamma=0.1,0.2", "hydra.sweep.subdir=${hydra.job.override_dirname}"),
    "overlapping": ("gamma=0.1,0.2", "+rates.BNB='600','700'"),
}


def composed_by_hydra(loader: Loader, words: tuple[str, ...], job: Job) -> tuple[Settings, dict]:
    """Return settings and files of a job as Hydra's launcher would compose and save them."""

    frame = load(loader, [*words, MULTIRUN], RunMode.MULTIRUN)
    texts = Planner(loader, frame, Path("x")).texts()[job.number]
    config = loader.load_sweep_config(frame, texts)
    settings = settings_of(config, loader)
    with open_dict(config):
        config.hydra.job.id, config.hydra.job.num = str(job.number), job.number
        config.hydra.runtime.output_dir = str(job.directory)
    run = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
    parts = {
        "config": run,
        "hydra": OmegaConf.masked_copy(config, ["hydra"]),
        "overrides": config.hydra.overrides.task,
    }
    return settings, {name: OmegaConf.to_yaml(part) for name, part in parts.items()}


@pytest.mark.parametrize("sweep", SWEEPS.values(), ids=SWEEPS)
def test_every_job_equals_hydras_own_composition(
    checkout: Path, tmp_path: Path, sweep: tuple[str, ...]
) -> None:
    _name_places(tmp_path)
    words = ("mode=replay", "hydra.sweep.dir=grid", *sweep)
    for job in plan(new_loader(checkout), words).jobs:
        settings, files = composed_by_hydra(new_loader(checkout), words, job)
        assert job.settings == settings
        job.saved.write(tmp_path / str(job.number))
        saved = tmp_path / str(job.number) / ".hydra"
        assert {path.stem: path.read_text() for path in saved.iterdir()} == files


@pytest.mark.parametrize(
    ("words", "compositions"),
    [
        (("gamma=0.05,0.1,0.2,0.3", "kappa=0.5,0.8,1.5", "market=btc,eth"), 2),
        (("strategy=linear,glft", "strategy.levels=1,2,3"), 2),
        (("seed=1,2,3,4,5",), 1),
    ],
)
def test_hydra_composes_once_a_choice(
    checkout: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    compositions: int,
) -> None:
    made = []
    begin: Callable[..., None] = Template.__init__

    def counted(self: Template, *args: object) -> None:
        made.append(self)
        begin(self, *args)

    monkeypatch.setattr(Template, "__init__", counted)
    _name_places(tmp_path)
    plan(new_loader(checkout), ("mode=replay", *words))
    assert len(made) == compositions
