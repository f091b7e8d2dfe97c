"""Write the `.hydra` files of a sweep's jobs: one text for all, with each job's values put in."""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from omegaconf._utils import get_omega_conf_dumper

from runner.config.template import Template
from runner.config.words import Word

_TASK = ("hydra", "overrides", "task")
_DIRNAME = ("hydra", "job", "override_dirname")
_NUMBER = ("hydra", "job", "num")
_ID = ("hydra", "job", "id")
_OUTPUT = ("hydra", "runtime", "output_dir")
_WORD = r"[A-Za-z_][\w.]*=[\w./-]*\w"
_PLAIN = re.compile(rf"{_WORD}(,{_WORD})*|(/[\w.-]*\w)+", re.ASCII)
"""Words or a path that need no quotation marks."""
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")


@dataclass(frozen=True, slots=True)
class Saved:
    """The files of one job: the texts that it shares, and what stands in place of each mark."""

    subdirectory: str | None
    texts: Mapping[str, str]
    values: Mapping[str, str]

    def write(self, directory: Path) -> None:
        """Write them, unless `hydra.output_subdir` is null."""
        if self.subdirectory is None:
            return
        target = directory / self.subdirectory
        target.mkdir(parents=True, exist_ok=True)
        for name, text in self.texts.items():
            for mark, value in self.values.items():
                text = text.replace(mark, value)
            (target / f"{name}.yaml").write_bytes(text.encode())


class Saver:
    """Make the files of every job of a template. `lines` gives the YAML of a value at its key."""

    def __init__(self, template: Template, words: Sequence[Word], lines: "Lines") -> None:
        """Take a template and the words that it was composed from."""
        self._template = template
        self._lines = lines
        self._subdirectory = template.raw["hydra"]["output_subdir"]
        self._texts = self._marked(words)

    def of(self, number: int, words: Sequence[Word], dirname: str, output: Path) -> Saved:
        """Return the files of one job."""
        one = self._lines
        values = {
            _mark("dirname"): one(_DIRNAME, dirname),
            _mark("number"): str(number),
            _mark("id"): f"'{number}'",
            _mark("output"): one(_OUTPUT, str(output)),
        }
        for k in self._template.swept:
            values[_mark(f"word{k}")] = one((*_TASK, "-"), words[k].text)
        for k, paths in zip(self._template.swept, self._template.targets, strict=True):
            if paths:
                values[_mark(f"value{k}")] = one(("value",), words[k].value)
        return Saved(self._subdirectory, self._texts, values)

    def _marked(self, words: Sequence[Word]) -> dict[str, str]:
        """Return the three texts with a mark wherever jobs differ."""
        raw = deepcopy(self._template.raw)
        task = raw["hydra"]["overrides"]["task"]
        for k in self._template.swept:
            task[task.index(words[k].text)] = _mark(f"word{k}")
        for k, paths in zip(self._template.swept, self._template.targets, strict=True):
            for path in paths:
                _put(raw, path.split("."), _mark(f"value{k}"))
        marks = (("dirname", _DIRNAME), ("number", _NUMBER), ("id", _ID), ("output", _OUTPUT))
        for name, place in marks:
            _put(raw, place, _mark(name))
        run = {key: value for key, value in raw.items() if key != "hydra"}
        return {
            "config": _dump(run),
            "hydra": _dump({"hydra": raw["hydra"]}),
            "overrides": _dump(task),
        }


Lines = Callable[[Sequence[str], Any], str]


def new_lines() -> Lines:
    """Return a function that gives what YAML writes behind a key, each value once."""

    @cache
    def lines(path: tuple[str, ...], kind: str, value: Any) -> str:
        if _is_plain(value):
            return str(value)
        # 1, 1.0 and True are one key of a cache, and three lines of YAML: so their kind is another.
        document = value
        for key in reversed(path):
            document = [document] if key == "-" else {key: document}
        text = _dump(document)
        last = "- " if path[-1] == "-" else f"{path[-1]}: "
        return text.split(last, maxsplit=1)[1].rstrip("\n")

    return lambda path, value: lines(tuple(path), type(value).__name__, value)


def _is_plain(value: Any) -> bool:
    """Tell whether YAML writes a value as Python does; what is not certain is not."""
    if isinstance(value, str):
        return _PLAIN.fullmatch(value) is not None
    if isinstance(value, float):
        return _DECIMAL.fullmatch(repr(value)) is not None
    return type(value) is int


def _mark(name: str) -> str:
    return f"__mmrunner_{name}__"


def _dump(document: Any) -> str:
    """Return YAML exactly as OmegaConf writes it."""
    text: str = yaml.dump(
        document,
        default_flow_style=False,
        allow_unicode=True,
        sort_keys=False,
        Dumper=get_omega_conf_dumper(),
    )
    return text


def _put(node: Any, path: Sequence[str], value: object) -> None:
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = value
