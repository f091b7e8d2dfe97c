"""Make many jobs of a sweep from one composition.

Hydra composes in a tenth of a second. Jobs that make the same choices differ in values alone, which
are put where the words of the first job have put theirs; what refers to them is resolved anew.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omegaconf import DictConfig, OmegaConf, open_dict
from pydantic import ValidationError

from runner.config.arguments import OVERRIDES
from runner.config.compose import compose, load, plain_of, settings_of
from runner.config.loader import Loader
from runner.config.provenance import COMMAND_LINE, Provenance
from runner.config.words import Word
from runner.settings import Settings
from runner.settings.fields import Block

Path = tuple[str | int, ...]

_REFERENCE = re.compile(r"\$\{([a-z_][\w.]*)\}")
"""A leaf that is what one other leaf is, and nothing else."""


class Template:
    """One composition; `swept` are the positions of the words whose values change."""

    def __init__(
        self, loader: Loader, frame: DictConfig, words: Sequence[Word], swept: Sequence[int]
    ) -> None:
        self._loader = loader
        self.config = load(loader, [word.text for word in words])
        # What a resolver said once for the sweep (its stamp) holds for every job.
        OmegaConf.copy_cache(from_config=frame, to_config=self.config)
        settings = settings_of(self.config, loader)
        self.swept = tuple(swept)
        self.targets = [_targets(loader.provenance, words[k]) for k in swept]
        self._plain = plain_of(self.config)
        raw = OmegaConf.to_container(self.config, resolve=False, enum_to_str=True)
        self.raw: dict[Any, Any] = raw if isinstance(raw, dict) else {}
        leaves = {".".join(map(str, path)): leaf for path, leaf in _leaves(self.raw, ())}
        self.holds = all(paths and leaves.keys() >= set(paths) for paths in self.targets)
        """Whether every swept word sets a leaf, and so another value can take its place."""
        self._follow(leaves)
        self._reused = _reused(self._plain, settings, self._changing())

    def _changing(self) -> set[Path]:
        """Return where the leaves that differ between jobs lie."""
        swept = [tuple(path.split(".")) for paths in self.targets for path in paths]
        followers = [path for paths in self._followers for path in paths]
        return {*swept, *followers, *self._references}

    def _follow(self, leaves: Mapping[str, Any]) -> None:
        """Find the leaves that refer to others: to a swept one alone, or in some other way."""
        homes = {path: k for k, paths in enumerate(self.targets) for path in paths}
        self._followers: list[list[Path]] = [[] for _ in self.targets]
        self._references: list[Path] = []
        run = {key: value for key, value in self.raw.items() if key != "hydra"}
        for path, leaf in _leaves(run, ()):
            match = _REFERENCE.fullmatch(str(leaf))
            if match and "${" not in str(leaves.get(match[1], "${")):
                if match[1] in homes:
                    self._followers[homes[match[1]]].append(path)
            elif "${" in str(leaf):
                self._references.append(path)

    def settings(self, words: Sequence[Word]) -> Settings:
        """Return the settings of a job; raise ConfigError as its composition by itself would."""
        for k, paths, followers in zip(self.swept, self.targets, self._followers, strict=True):
            value = words[k].value
            for path in paths:
                OmegaConf.update(self.config, path, value)
                _put(self._reused, tuple(path.split(".")), value)
            for follower in followers:
                _put(self._reused, follower, value)
        for reference in self._references:
            found = OmegaConf.select(self.config, ".".join(map(str, reference)))
            _put(self._reused, reference, found)
        try:
            return Settings.model_validate(self._reused)
        except ValidationError:
            return compose(self._loader, [word.text for word in words]).settings

    def place(self, number: int, dirname: str) -> str:
        """Return where a job's directory lies under the sweep's, by its number and words."""
        if self.raw["hydra"]["sweep"]["subdir"] == "${hydra.job.num}":
            return str(number)
        with open_dict(self.config):
            self.config.hydra.job.num = number
            self.config.hydra.job.id = str(number)
            self.config.hydra.job.override_dirname = dirname
        return str(OmegaConf.select(self.config, "hydra.sweep.subdir"))


def _reused(plain: dict[str, Any], settings: Settings, changing: set[Path]) -> dict[str, Any]:
    """Return the configuration with every block that is the same for all jobs as it was validated.

    A block is checked by itself, and its parents see it either way. Where that does not come to
    the same settings, all is validated each time.
    """
    above = {path[:k] for path in changing for k in range(len(path))}
    reused = {
        key: _kept(item, getattr(settings, key, item), (key,), above) for key, item in plain.items()
    }
    try:
        is_same = Settings.model_validate(reused) == settings
    except ValidationError:
        is_same = False
    return reused if is_same else plain


def _kept(plain: Any, validated: Any, path: Path, above: set[Path]) -> Any:
    """Return a part of the configuration as it was validated, or as far as it does not change."""
    if path not in above:
        return validated if isinstance(validated, Block) else plain
    if not isinstance(plain, dict):
        return plain
    held = validated if isinstance(validated, Mapping) else vars(validated)
    return {key: _kept(item, held.get(key), (*path, key), above) for key, item in plain.items()}


def _targets(provenance: Provenance, word: Word) -> list[str]:
    """Return every leaf that a word wrote: its own key, and those it was forwarded to."""
    said = {f"{where}: {word.text}" for where in (COMMAND_LINE, OVERRIDES)}
    said |= {f"{text}, as {word.key}" for text in said}
    return [path for path, written in provenance.written.items() if written[-1][0].text in said]


def _leaves(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(node, Mapping):
        for key, item in node.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(node, list):
        for k, item in enumerate(node):
            yield from _leaves(item, (*path, k))
    else:
        yield path, node


def _put(node: Any, path: Path, value: object) -> None:
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
