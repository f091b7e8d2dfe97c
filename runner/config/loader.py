"""Compose with Hydra, and know afterwards who wrote what.

Hydra's own loader does the composing. This one watches it load each file, checks each override
while the composed keys are at hand, and then lets the deploy's choices reach their markets
(`forward`). Everything that Hydra does with a loader (a single run, each job of a sweep, --cfg,
--info) therefore sees the same configuration.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import yaml
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.config_repository import (
    CachingConfigRepository,
    ConfigRepository,
    IConfigRepository,
)
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.default_element import ResultDefault
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from hydra.plugins.config_source import ConfigResult, ConfigSource
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from connectors.model.errors import ConfigError
from runner.config.arguments import OVERRIDES
from runner.config.bundle import Bundle, bundled, merged
from runner.config.choices import Composition
from runner.config.companions import with_companions
from runner.config.errors import one_line
from runner.config.forward import forward
from runner.config.overrides import check_choice, check_value, is_choice, refuse_sweeps
from runner.config.provenance import COMMAND_LINE, OVERRIDE, Origin, Provenance
from runner.config.secrets import refuse_written_secrets
from runner.config.translate import missed_choice, translated

CONFIG = "config"
"""Name of the primary file, conf/config.yaml."""

PATHS = ("tape.path", "venue.latency_path", "venue.funding_path", "funding.path", "search.storage")
"""Keys that hold paths."""


class Loader(ConfigLoaderImpl):
    """Hydra's loader, watched. `provenance` and `composition` belong to the last composition."""

    def __init__(
        self, search_path: ConfigSearchPath, checkout: Path, from_environment: Sequence[str] = ()
    ) -> None:
        super().__init__(search_path)
        self.search(search_path)
        self.provenance = Provenance()
        self.composition = Composition((), (), self.repository)
        self.missed: tuple[str, str] | None = None
        self._checkout = checkout
        self._from_environment = frozenset(from_environment)
        self._overrides: list[Override] = []

    def search(self, path: ConfigSearchPath) -> None:
        """Look for files along this path from now on."""
        self.config_search_path = path
        self.repository = _Files(path)

    def options(self, group: str) -> list[str]:
        """Return the choices that a group has."""
        return self.repository.get_group_options(group)

    def load_configuration(
        self,
        config_name: str | None,
        overrides: list[str],
        run_mode: RunMode,
        from_shell: bool = True,
        validate_sweep_overrides: bool = True,
    ) -> DictConfig:
        """Compose; for a run (not for the frame of a sweep) also forward. Raises ConfigError."""
        self.provenance = Provenance()
        self.missed = None
        try:
            config = super().load_configuration(
                config_name, overrides, run_mode, from_shell, validate_sweep_overrides
            )
        except (HydraException, OmegaConfBaseException, ValueError) as error:
            self.missed = missed_choice(error)
            raise translated(error, self.options) from error
        if config_name is not None and run_mode == RunMode.RUN:
            self._finish(config)
        return config

    def _finish(self, config: DictConfig) -> None:
        """Turn what Hydra composed into what the markets read."""
        typed = [o.key_or_group for o in self._overrides if is_choice(o, self.repository)]
        self._note_overrides()
        refuse_written_secrets(self.provenance)
        forward(config, self.provenance, typed)
        self._root_paths(config)

    @staticmethod
    def validate_sweep_overrides_legal(
        overrides: list[Override], run_mode: RunMode, from_shell: bool
    ) -> None:
        """Refuse several values for one key in a single run."""
        if run_mode == RunMode.RUN:
            refuse_sweeps(overrides)

    def _parse_overrides_and_create_caching_repo(
        self, config_name: str | None, overrides: list[str]
    ) -> tuple[list[Override], CachingConfigRepository]:
        parsed, repository = super()._parse_overrides_and_create_caching_repo(
            config_name, with_companions(overrides)
        )
        self._overrides = parsed
        for override in parsed:
            if is_choice(override, repository):
                check_choice(override, repository)
        return parsed, repository

    def _load_single_config(self, default: ResultDefault, repo: IConfigRepository) -> ConfigResult:
        if isinstance(default, Bundle):
            config = merged(default, lambda file: self._load_single_config(file, repo).config)
            return ConfigResult("", "", config, header={})
        loaded = super()._load_single_config(default, repo)
        path = str(default.config_path)
        if loaded.provider != "hydra" and isinstance(loaded.config, DictConfig):
            layer = path.partition("/")[0] if "/" in path else ""
            origin = Origin(file_name(path, loaded), layer)
            content = OmegaConf.to_container(loaded.config, resolve=False)
            self.provenance.write("", content, origin)
        return loaded

    def _compose_config_from_defaults_list(
        self, defaults: list[ResultDefault], repo: IConfigRepository
    ) -> DictConfig:
        self.composition = Composition(self._overrides, defaults, repo)
        config = super()._compose_config_from_defaults_list(bundled(defaults), repo)
        for override in self._overrides:
            if not is_choice(override, repo) and not override.is_sweep_override():
                check_value(override, config, repo)
        return config

    def _note_overrides(self) -> None:
        for override in self._overrides:
            if is_choice(override, self.repository):
                continue
            if override.is_delete():
                self.provenance.remove(override.key_or_group)
                continue
            line = str(override.input_line)
            where = OVERRIDES if line in self._from_environment else COMMAND_LINE
            origin = Origin(f"{where}: {line}", OVERRIDE)
            self.provenance.write(override.key_or_group, override.value(), origin)

    def _root_paths(self, config: DictConfig) -> None:
        """Make paths absolute: typed ones start where they were typed, others at the checkout."""
        for key in PATHS:
            value = OmegaConf.select(config, key, throw_on_resolution_failure=False)
            origin = self.provenance.origin(key)
            if isinstance(value, str) and value and origin is not None:
                start = Path.cwd() if origin.layer == OVERRIDE else self._checkout
                OmegaConf.update(config, key, os.path.abspath(start / Path(value).expanduser()))


class _Files(ConfigRepository):
    """Hydra's repository, naming the file in every complaint about one."""

    def load_config(self, config_path: str) -> ConfigResult | None:
        """Load one file; raise ConfigError when it cannot be read."""
        try:
            return super().load_config(config_path)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            at = f":{mark.line + 1}:{mark.column + 1}" if mark is not None else ""
            what = one_line(error.problem or error.context or "unreadable")
            raise ConfigError(
                f"{self._name(config_path)}{at}: expected YAML, was: {what}"
            ) from error
        except (yaml.YAMLError, OSError, ValueError, OmegaConfBaseException) as error:
            raise ConfigError(
                f"{self._name(config_path)}: expected a file of keys and values,"
                f" was: {one_line(error)}"
            ) from error

    def _name(self, config_path: str) -> str:
        source = self._find_object_source(config_path, ObjectType.CONFIG)
        return f"conf/{config_path}.yaml" if source is None else file_name(config_path, source)


def file_name(config_path: str, source: ConfigSource | ConfigResult) -> str:
    """Return a group file as a person would look for it: conf/ is ours, other places in full."""
    place = "conf" if source.provider == "main" else source.path.removeprefix("file://")
    return f"{place}/{config_path}.yaml"
