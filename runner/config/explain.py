"""Print each value of a configuration and where it came from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omegaconf import DictConfig, OmegaConf

from runner.config.choices import choices_of
from runner.config.compose import Composed
from runner.config.errors import shown
from runner.config.loader import Loader
from runner.config.provenance import Provenance
from runner.settings import Settings, config_hash

Row = tuple[str, str, str]


def explain(composed: Composed, loader: Loader) -> Iterator[str]:
    """Yield lines of key, value and origin: first the choices, then every value, then the hash.

    A value that refers to another shows the reference behind its origin.
    """
    config = composed.config
    choices = choices_of(loader.composition, config.hydra.runtime.choices)
    yield from _table([(choice.group, choice.name, choice.by) for choice in choices])
    yield ""
    yield from _table(list(_values(config, loader.provenance)))
    yield ""
    yield f"config_hash {config_hash(composed.settings)}"


def _values(config: DictConfig, provenance: Provenance) -> Iterator[Row]:
    for key in Settings.model_fields:
        value = config[key]
        plain = OmegaConf.to_container(value, resolve=True) if OmegaConf.is_config(value) else value
        for path, leaf in _leaves(plain, key):
            yield path, shown(leaf).strip("'"), _origin(provenance, path)


def _origin(provenance: Provenance, path: str) -> str:
    writings = provenance.written.get(path)
    if not writings:
        return provenance.where(path)
    origin, value = writings[-1]
    return f"{origin.text}: {value}" if isinstance(value, str) and "${" in value else origin.text


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}")
    else:
        yield path, value


def _table(rows: Sequence[Row]) -> Iterator[str]:
    wide = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    for key, value, origin in rows:
        yield f"{key:<{wide[0]}}  {value:<{min(wide[1], 24)}}  {origin}".rstrip()
