"""Tell which file each group was composed from, and who chose it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hydra.core.default_element import GroupDefault, ResultDefault
from hydra.core.override_parser.types import Override

if TYPE_CHECKING:
    from hydra._internal.config_repository import IConfigRepository


@dataclass(frozen=True, slots=True)
class Composition:
    """What Hydra's loader knew while it composed: typed overrides, files in order, their source."""

    overrides: Sequence[Override]
    files: Sequence[ResultDefault]
    repository: "IConfigRepository"


@dataclass(frozen=True, slots=True)
class Choice:
    """One group (`strategy`, or `strategy@markets.btc.strategy`), what was chosen and by whom."""

    group: str
    name: str
    by: str


def choices_of(composition: Composition, known: Mapping[str, str | None]) -> Iterator[Choice]:
    """Yield the choices behind a configuration by group. `known` is hydra.runtime.choices."""
    paths = [str(file.config_path) for file in composition.files]
    chosen = {
        key: name
        for key, name in known.items()
        if not key.startswith("hydra/") and f"{key.split('@')[0]}/{name}" in paths
    }
    # Hydra does not list a choice of several.
    markets = (path.removeprefix("market/") for path in paths if path.startswith("market/"))
    chosen["market"] = ", ".join(dict.fromkeys(markets))
    by = _choosers(composition)
    for key in sorted(chosen):
        yield Choice(key, str(chosen[key]), by.get(key, _default_chooser(key)))


def _choosers(composition: Composition) -> dict[str, str]:
    """Return who overrode each group: the command line before later files before earlier ones."""
    by = {}
    for file in composition.files:
        loaded = composition.repository.load_config(str(file.config_path))
        for item in (loaded.defaults_list or ()) if loaded is not None else ():
            if isinstance(item, GroupDefault) and item.override:
                package = (item.package or "").removeprefix("_global_.")
                key = f"{item.group}@{package}" if package else str(item.group)
                by[key.lstrip("/")] = f"conf/{file.config_path}.yaml"
    for override in composition.overrides:
        by[override.get_key_element()] = str(override.input_line)
    return by


def _default_chooser(key: str) -> str:
    _, at, package = key.partition("@markets.")
    return f"conf/market/{package.split('.')[0]}.yaml" if at else "conf/config.yaml"
