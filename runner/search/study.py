"""Keep a study in SQLite: ask for trials, tell what became of them, lose none that has ended."""

import fcntl
import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from connectors.model.errors import ConfigError
from runner.config.errors import first_line
from runner.places import make_directory
from runner.search.record import Plain
from runner.search.samplers import MISSES, distributions_of, sampler_of
from runner.search.space import Space
from runner.settings.search import Search

if TYPE_CHECKING:
    from optuna.storages import RDBStorage
    from optuna.study import Study as OptunaStudy
    from optuna.trial import FrozenTrial, Trial

_MADE_OF = "made_of"
_ENDED = "ended"
_PATIENCE_S = 60
_FEWEST_TO_WEIGH = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A trial that is to be run: its number, and the text of each key."""

    number: int
    texts: Mapping[str, str]


class Study:
    """One study of a file, to be used by one thread. Raises ConfigError where it is another's.

    `made_of` names what its trials depend on besides the searched keys; a study goes on only with
    the same. Trials that were running when a process was killed count as never begun, unless they
    had ended.
    """

    def __init__(
        self, storage: "RDBStorage", name: str, search: Search, space: Space, made_of: Plain
    ) -> None:
        import optuna

        self._search = search
        self._space = space
        self._distributions = dict(distributions_of(space))
        self._open: dict[int, Trial] = {}
        known = name in optuna.get_all_study_names(storage)
        self._study: OptunaStudy
        if known:
            self._study = optuna.load_study(storage=storage, study_name=name)
            _require_same(name, self._study.user_attrs.get(_MADE_OF, {}), made_of)
        else:
            ways = list(search.ways)
            self._study = optuna.create_study(storage=storage, study_name=name, directions=ways)
            self._study.set_user_attr(_MADE_OF, made_of)
        self.settle()

    def ended(self) -> list[tuple[Asked, Plain]]:
        """Return every trial that has ended, and what was told of it."""
        return [
            (self._asked(trial.number, trial.params), trial.user_attrs[_ENDED])
            for trial in self._study.get_trials(deepcopy=False)
            if _ENDED in trial.user_attrs
        ]

    def ask(self, threads: int) -> Asked:
        """Return the next trial. `threads` is how many run at once."""
        trials = self._study.get_trials(deepcopy=False)
        index = sum(not trial.state.is_finished() or _ENDED in trial.user_attrs for trial in trials)
        self._study.sampler = sampler_of(self._search, index, threads)
        trial = self._study.ask(self._distributions)
        self._open[trial.number] = trial
        return self._asked(trial.number, trial.params)

    def tell(self, number: int, ended: Plain) -> None:
        """Keep how a trial ended, before the sampler hears of it: neither is lost to a kill."""
        self._open[number].set_user_attr(MISSES, ended["misses"])
        self._open[number].set_user_attr(_ENDED, ended)
        self._tell(number, ended)

    def settle(self) -> None:
        """Finish what was begun and not told: as it ended, or as never begun."""
        for trial in self._study.get_trials(deepcopy=False):
            if trial.state.is_finished():
                continue
            self._tell(trial.number, trial.user_attrs.get(_ENDED, {"values": None}))

    def importance(self) -> Mapping[str, float]:
        """Return each key's share in what the first objective varies by; none where few ended.

        PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023), which asks what sets the best tenth
        apart.
        """
        return _importance(self._study)

    def _asked(self, number: int, params: Mapping[str, object]) -> Asked:
        return Asked(number, {key: self._space[key].text(value) for key, value in params.items()})

    def _tell(self, number: int, ended: Plain) -> None:
        from optuna.trial import TrialState

        if ended["values"] is None:
            self._study.tell(number, state=TrialState.FAIL, skip_if_finished=True)
        else:
            self._study.tell(number, list(ended["values"]), skip_if_finished=True)


@contextmanager
def opened(path: Path) -> Iterator["RDBStorage"]:
    """Open a file of studies for this process alone; raise ConfigError where another has it."""
    import optuna
    from sqlalchemy.exc import SQLAlchemyError

    make_directory(path.parent, "search.storage")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with _lock_file(path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(
                f"search.storage: expected to be alone with {path}, another search is running on"
                f" it; wait for it, or choose another search.study"
            ) from None
        try:
            storage = optuna.storages.RDBStorage(
                f"sqlite:///{path}", engine_kwargs={"creator": lambda: _connection(path)}
            )
        except (SQLAlchemyError, RuntimeError) as error:
            raise ConfigError(
                f"search.storage: expected a file of studies, was {path}: {first_line(error)}"
            ) from error
        try:
            yield storage
        finally:
            storage.remove_session()
            storage.engine.dispose()


def _connection(path: Path) -> sqlite3.Connection:
    """Open the file so that a commit costs little and all the same survives a kill."""
    connection = sqlite3.connect(path, timeout=_PATIENCE_S, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _lock_file(path: Path) -> TextIO:
    try:
        return open(path.with_name(f"{path.name}.lock"), "a", encoding="ascii")
    except OSError as error:
        raise ConfigError(
            f"search.storage: expected a file that can be written, was {path}: {error.strerror}"
        ) from None


def _require_same(name: str, before: Plain, now: Plain) -> None:
    changed = [key for key in now if before.get(key) != now[key]]
    if changed:
        raise ConfigError(
            f"search.study: expected {' and '.join(changed)} as when {name} was begun, was another;"
            f" choose another name to begin anew"
        )


def _importance(study: "OptunaStudy") -> Mapping[str, float]:
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    trials: list[FrozenTrial] = [
        t for t in study.get_trials(deepcopy=False) if t.values and not t.user_attrs.get(MISSES)
    ]
    if len(trials) < _FEWEST_TO_WEIGH:
        return {}
    target = (lambda t: t.values[0]) if len(study.directions) > 1 else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the evaluator is called experimental
        return get_param_importances(study, evaluator=PedAnovaImportanceEvaluator(), target=target)
