"""Compose the trials of a search: a sweep's jobs, whose words come one at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser

from connectors.model.errors import ConfigError
from runner.config.loader import Loader
from runner.config.saved import Saved
from runner.config.sweep import Job, plan
from runner.search.space import Space, corners_of, first_of, space_of


class TrialJobs:
    """Make the job of any trial. Raises ConfigError where an end of a domain is not allowed.

    `space` is what is searched, `first` the job of each domain's first value, `corners` that and
    those of each other end or choice, `directory` the sweep's.
    """

    def __init__(self, loader: Loader, overrides: Sequence[str]) -> None:
        planned = plan(loader, overrides)
        self.directory: Path = planned.directory
        self._planner = planned.planner
        parsed = OverridesParser.create().parse_overrides(planned.planner.typed)
        self.space: Space = space_of(parsed)
        self._texts = {o.get_key_element(): str(o.input_line) for o in parsed}
        self._planner.vary([k for k, key in enumerate(self._texts) if key in self.space])
        self.first: Job = self.of(0, first_of(self.space))
        corners = (self._corner(key, values) for key, values in corners_of(self.space))
        self.corners = (self.first, *(job for job in corners if job is not None))
        _require_simulated(self.first)

    def of(self, number: int, values: Mapping[str, str]) -> Job:
        """Return the job of a trial; `values` has the text of every key of the space."""
        texts = [
            f"{key}={values[key]}" if key in values else text for key, text in self._texts.items()
        ]
        return self._planner.job(number, texts)

    def _corner(self, key: str, values: Mapping[str, str]) -> Job | None:
        """Return the job of a corner; None where its value is not allowed beside the others'."""
        try:
            return self.of(0, values)
        except ConfigError as error:
            if str(error).partition(":")[0].endswith(key):
                raise
            return None

    def unmeant(self, number: int, values: Mapping[str, str]) -> Job:
        """Return what stands for a trial whose values cannot be meant together."""
        words = tuple(f"{key}={value}" for key, value in values.items())
        nothing = Saved(None, {}, {})
        return replace(
            self.first,
            number=number,
            words=words,
            directory=self.directory / str(number),
            saved=nothing,
        )


def _require_simulated(job: Job) -> None:
    settings = job.settings
    mode, replay = settings.mode.name, settings.replay
    if mode != "replay" or replay.fills != "simulated" or replay.tier == "screen":
        raise ConfigError(
            "hydra/sweeper=optuna: expected mode=replay with replay.fills=simulated and"
            f" replay.tier=exact or parity, was mode={mode} with replay.fills={replay.fills} and"
            f" replay.tier={replay.tier}"
        )
