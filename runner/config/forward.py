"""Let the deploy's choices reach its markets, and refuse what nobody would read.

Each market carries its own copy of the strategy, the gates, the reference and the venue that it
chose. A value that a profile, an experiment, a local file or an override sets at the root
(`strategy.levels=2`) goes to every market that made the root's choice and has not set that value
itself. `gamma` and `kappa` need no forwarding: strategies refer to them.
"""

from collections.abc import Collection

from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf, open_dict

from connectors.model.errors import ConfigError
from runner.config.provenance import Origin, Provenance
from runner.settings.deploy import KNOBS

BLOCKS = {
    "venue": "venue",
    "strategy": "strategy",
    "gates": "gates",
    "reference": "reference",
    "hedge": "hedger",
}
"""What the root chooses and each market may choose for itself, with the group of its choices."""

READ_BY = {
    "kill.reason": "kill",
    "record.segment_s": "record",
    "record.segment_mb": "record",
    "flatten.close": "flatten",
    "flatten.foreign": "flatten",
    "flatten.within_s": "flatten",
}
"""Keys that one mode alone reads."""

READ_AS = {"download": "download", "funding": "funding"}
"""Groups that one mode alone reads, choice and keys."""

READ_BY_PAIRS = "funding.rules."
"""What pairs read of `funding`, in every mode."""

REPLAY_ONLY = ("tape", "replay")
"""Blocks that only modes of a tape read."""
TAPE_MODES = ("replay", "calibrate", "doctor")

QUIET: tuple[tuple[str, object], ...] = (("record.decisions", "none"), ("record.page", False))
"""What a sweep's jobs do not keep of themselves."""


def forward(config: DictConfig, provenance: Provenance, chosen: Collection[str]) -> None:
    """Write the root's values into the markets of `config`; raise ConfigError for an unread one.

    `chosen` are the groups whose choice was typed.
    """
    for block in BLOCKS:
        for path in list(provenance.under(block)):
            _forward_value(config, provenance, block, path)
    for knob in KNOBS:
        _check_is_read(config, provenance, knob)
    _check_mode_reads(config, provenance, chosen)
    _quieten_sweep(config, provenance)


def _forward_value(config: DictConfig, provenance: Provenance, block: str, path: str) -> None:
    origin, value = provenance.written[path][-1]
    group = BLOCKS[block]
    if origin.layer == group:
        return
    _check_is_home(provenance, block, path, origin)
    readers = 0
    for name in _markets(config):
        target = f"markets.{name}.{path}"
        if _choice(config, group) != _choice(config, f"{group}@markets.{name}.{block}"):
            continue
        own = provenance.origin(target)
        if own is not None and own.layer != group:
            continue
        with open_dict(config):
            OmegaConf.update(config, target, value, merge=True)
        provenance.write(target, value, Origin(f"{origin.text}, as {path}", origin.layer))
        readers += _is_enabled(config, name)
    if not readers and origin.asked_for:
        raise ConfigError(
            f"{path}: expected a market with {group}={_choice(config, group)} that leaves this"
            f" value to the deploy, was none ({origin.text})"
        )


def _check_is_home(provenance: Provenance, block: str, path: str, origin: Origin) -> None:
    """Refuse a value whose home is elsewhere: changing it here would leave the two apart."""
    for writer, value in provenance.written[path]:
        if writer.layer != BLOCKS[block] or not _is_reference(value):
            continue
        home = value[2:-1]
        key = path.partition(".")[2]
        raise ConfigError(
            f"{path}: expected its home '{home}' ({home}=... for every market,"
            f" markets.NAME.{block}.{key}=... for one), was set at {path} ({origin.text})"
        )


def _check_is_read(config: DictConfig, provenance: Provenance, knob: str) -> None:
    origin = provenance.origin(knob)
    if origin is None or not origin.asked_for or not _markets(config):
        return
    for path, writings in provenance.written.items():
        parts = path.split(".")
        if parts[0] == "markets" and f"${{{knob}}}" in str(writings[-1][1]):
            if _is_enabled(config, parts[1]):
                return
    raise ConfigError(
        f"{knob}: expected a market whose strategy refers to it, was none: each has its own value"
        f" or a strategy without {knob} ({origin.text})"
    )


def _check_mode_reads(config: DictConfig, provenance: Provenance, chosen: Collection[str]) -> None:
    mode = OmegaConf.select(config, "mode.name")
    for path, reader in READ_BY.items():
        origin = provenance.origin(path)
        if origin is not None and origin.asked_for and mode != reader:
            raise ConfigError(
                f"{path}: expected mode={reader}, which alone reads it, was mode={mode}"
                f" ({origin.text})"
            )
    pairs = bool(OmegaConf.select(config, "pairs"))
    for block, reader in READ_AS.items():
        _check_group(provenance, chosen, block, reader, str(mode), pairs)
    if mode in TAPE_MODES:
        return
    if "tape" in chosen:
        raise ConfigError(f"tape: expected mode=replay, which alone reads a tape, was mode={mode}")
    for block in REPLAY_ONLY:
        for path in provenance.under(block):
            origin = provenance.origin(path)
            if origin is not None and origin.asked_for:
                raise ConfigError(
                    f"{path}: expected mode=replay, which alone reads it, was mode={mode}"
                    f" ({origin.text})"
                )


def _check_group(
    provenance: Provenance,
    chosen: Collection[str],
    block: str,
    reader: str,
    mode: str,
    has_pairs: bool,
) -> None:
    """Refuse a group, or a key of it, that only another mode reads."""
    asked = [path for path in provenance.under(block) if _is_asked(provenance, path)]
    is_read = has_pairs and block == "funding"
    if is_read:
        asked = [path for path in asked if not path.startswith(READ_BY_PAIRS)]
    if mode != reader and (asked or (block in chosen and not is_read)):
        raise ConfigError(
            f"{asked[0] if asked else block}: expected mode={reader}, which alone reads it,"
            f" was mode={mode}"
        )


def _is_asked(provenance: Provenance, path: str) -> bool:
    origin = provenance.origin(path)
    return origin is not None and origin.asked_for


def _quieten_sweep(config: DictConfig, provenance: Provenance) -> None:
    """Let a sweep's jobs keep only their figures, unless somebody asked for more."""
    if config.hydra.mode != RunMode.MULTIRUN:
        return
    for key, quiet in QUIET:
        origin = provenance.origin(key)
        if origin is not None and not origin.asked_for:
            OmegaConf.update(config, key, quiet)
            provenance.write(key, quiet, Origin("sweep", ""))


def _is_reference(value: object) -> bool:
    """Tell whether a value is ${knob} and nothing else."""
    return isinstance(value, str) and value in {f"${{{knob}}}" for knob in KNOBS}


def _markets(config: DictConfig) -> list[str]:
    markets = config.get("markets")
    return [str(name) for name in markets] if isinstance(markets, DictConfig) else []


def _is_enabled(config: DictConfig, market: str) -> bool:
    return OmegaConf.select(config, f"markets.{market}.enabled") is not False


def _choice(config: DictConfig, key: str) -> object:
    return config.hydra.runtime.choices.get(key)
