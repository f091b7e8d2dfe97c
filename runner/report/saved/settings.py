"""Read the configuration that a run was started with."""

from collections.abc import Mapping
from pathlib import Path

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from connectors.model.errors import DataError


def read_settings(path: Path) -> Mapping[str, object]:
    """Return a run's resolved configuration; empty where none was written beside it."""
    file = path / ".hydra" / "config.yaml"
    if not file.is_file():
        return {}
    try:
        plain = OmegaConf.to_container(OmegaConf.load(file), resolve=True)
    except (OSError, OmegaConfBaseException, YAMLError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{file}: expected a configuration, cannot be read: {first}") from None
    if not isinstance(plain, dict):
        raise DataError(f"{file}: expected a configuration, was a list")
    return {str(key): value for key, value in plain.items()}
