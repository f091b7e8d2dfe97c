"""Compose and validate a whole configuration. Nothing is written, and nothing else is started."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra import version
from hydra._internal.utils import create_config_search_path
from hydra.core.config_search_path import ConfigSearchPath, SearchPathQuery
from hydra.core.utils import setup_globals
from hydra.types import RunMode
from omegaconf import Container, DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException
from pydantic import ValidationError

from connectors.model.errors import ConfigError
from runner.config.loader import CONFIG, Loader
from runner.config.translate import invalid, translated
from runner.settings import Settings
from runner.settings.registry import entry_point

HYDRA_KEYS = ("hydra.run.dir", "hydra.output_subdir", "hydra.searchpath", "hydra.job.name")
"""Keys of Hydra's own that a single run reads."""


SWEEP_BLOCKS = ("ray", "search", "sweep")
"""Blocks of keys that are read with -m alone."""


@dataclass(frozen=True, slots=True)
class Composed:
    """One configuration: as Hydra composed it, and as the program reads it."""

    config: DictConfig
    settings: Settings


def new_loader(
    checkout: Path, extra: Path | None = None, from_environment: Sequence[str] = ()
) -> Loader:
    """Return a loader of the checkout's conf/, and of `extra`, a directory of more group files."""
    version.setbase("1.3")
    setup_globals()
    path = create_config_search_path(str(checkout / "conf"))
    if extra is not None:
        if not extra.is_dir():
            raise ConfigError(f"--config-dir: expected a directory, was {extra}")
        _add(path, "command-line", f"file://{extra.absolute()}")
    return Loader(path, checkout, from_environment)


def compose(loader: Loader, overrides: Sequence[str]) -> Composed:
    """Compose one run and validate it; raise ConfigError, in one line, for what cannot be meant."""
    config = load(loader, overrides)
    return Composed(config, settings_of(config, loader))


def load(loader: Loader, overrides: Sequence[str], mode: RunMode = RunMode.RUN) -> DictConfig:
    """Compose without validating the values.

    A strategy or venue that is not ours is looked for among the installed packages, but only once
    it is missed.
    """
    added: set[str] = set()
    while True:
        try:
            return loader.load_configuration(CONFIG, list(overrides), mode)
        except ConfigError:
            package = _package_that_brings(loader.missed)
            if package is None or package in added:
                raise
        added.add(package)
        path = loader.get_search_path()
        _add(path, package, f"pkg://{package}.conf")
        loader.search(path)


def settings_of(config: DictConfig, loader: Loader) -> Settings:
    """Return the validated settings of a composed configuration."""
    try:
        return Settings.model_validate(plain_of(config))
    except OmegaConfBaseException as error:
        raise translated(error, loader.options) from error
    except ValidationError as error:
        raise invalid(error, loader.provenance) from None


def plain_of(config: DictConfig) -> dict[str, Any]:
    """Return a run's configuration as plain values, every reference resolved."""
    return {str(key): _plain(config, str(key)) for key in config if key != "hydra"}


def refuse_unread_hydra_keys(overrides: Sequence[str]) -> None:
    """Raise ConfigError for a key of Hydra's own that a single run would ignore."""
    for override in overrides:
        key = override.lstrip("+~").partition("=")[0]
        if key.startswith("hydra.") and not key.startswith(HYDRA_KEYS):
            raise ConfigError(
                f"{key}: expected one that a single run reads ({', '.join(HYDRA_KEYS)}), was not"
            )


def refuse_unread_sweep_keys(overrides: Sequence[str]) -> None:
    """Raise ConfigError for a typed key of sweeps, which a single run would ignore."""
    for override in overrides:
        key = override.lstrip("+~").partition("=")[0]
        if key.partition(".")[0] in SWEEP_BLOCKS:
            raise ConfigError(
                f"{key}: expected -m, which runs the jobs that it is about, was a single run;"
                f" add -m or leave it out"
            )


def _package_that_brings(choice: tuple[str, str] | None) -> str | None:
    """Return the top-level package of the entry point for a group's missing choice, if any."""
    found = entry_point(*choice) if choice is not None else None
    return found.module.partition(".")[0] if found is not None else None


def _plain(config: DictConfig, key: str) -> Any:
    value = config[key]
    if isinstance(value, Container):
        return OmegaConf.to_container(value, resolve=True, throw_on_missing=True)
    return value


def _add(path: ConfigSearchPath, provider: str, place: str) -> None:
    path.prepend(provider=provider, path=place, anchor=SearchPathQuery(provider="schema"))
