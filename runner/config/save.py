"""Write down what a run was asked to do, in the files that Hydra users look for."""

from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from connectors.model.errors import ConfigError


def run_path(config: DictConfig) -> Path:
    """Return the absolute directory that a composed configuration gives to its run."""
    HydraConfig.instance().set_config(config)
    directory = config.hydra.run.dir
    if not isinstance(directory, str) or not directory:
        raise ConfigError(f"hydra.run.dir: expected the path of a directory, was '{directory}'")
    return Path(directory).absolute()


def save(config: DictConfig, directory: Path) -> None:
    """Write `.hydra/config.yaml`, `hydra.yaml` and `overrides.yaml` into a run's directory."""
    subdirectory = config.hydra.output_subdir
    if subdirectory is None:
        return
    target = directory / subdirectory
    target.mkdir(parents=True, exist_ok=True)
    run = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
    hydra = OmegaConf.masked_copy(config, ["hydra"])
    overrides = config.hydra.overrides.task
    for name, part in (("config", run), ("hydra", hydra), ("overrides", overrides)):
        (target / f"{name}.yaml").write_text(OmegaConf.to_yaml(part), encoding="utf-8")
