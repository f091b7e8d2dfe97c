"""Read what is to be searched, in the words of Hydra's own sweeps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from hydra.core.override_parser.types import ChoiceSweep, IntervalSweep, Override, RangeSweep

from connectors.model.errors import ConfigError
from runner.config.errors import one_line

_NOT_SEARCHED = ("hydra", "search", "sweep")
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers from `low` to `high`, both allowed, `step` apart where it is not None."""

    low: float
    high: float
    step: float | None
    is_whole: bool
    is_log: bool

    def text(self, value: object) -> str:
        """Return a value as it is typed: to six digits, which is finer than any result."""
        number = float(str(value))
        if self.is_whole:
            return str(round(number))
        if self.step is not None:
            return repr(round(number, _DIGITS))
        return repr(min(max(float(f"{number:.6g}"), self.low), self.high))

    @property
    def corners(self) -> tuple[str, ...]:
        """Its ends: what lies between them is allowed where they are."""
        return self.text(self.low), self.text(self.high)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several texts."""

    texts: tuple[str, ...]

    def text(self, value: object) -> str:
        """Return a value as it is typed."""
        return str(value)

    @property
    def corners(self) -> tuple[str, ...]:
        """Every choice."""
        return self.texts


Domain = Numbers | Choice
Space = Mapping[str, Domain]


def space_of(overrides: Sequence[Override]) -> Space:
    """Return the domain of every key with several values; raise ConfigError for what is none."""
    swept = [o for o in overrides if o.is_sweep_override()]
    if not swept:
        raise ConfigError(
            "-m hydra/sweeper=optuna: expected something to search,"
            " such as 'gamma=interval(0.01,1)', was nothing"
        )
    return {override.get_key_element(): _domain(override) for override in swept}


def first_of(space: Space) -> dict[str, str]:
    """Return every key's first value."""
    return {key: domain.corners[0] for key, domain in space.items()}


def corners_of(space: Space) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each other corner of one key alone, the others at their first value."""
    first = first_of(space)
    for key, domain in space.items():
        for corner in domain.corners[1:]:
            yield key, {**first, key: corner}


def plain_space(space: Space) -> dict[str, object]:
    """Return a space as plain values, to be written down and compared."""
    return {key: asdict(domain) for key, domain in space.items()}


def _domain(override: Override) -> Domain:
    key, value = override.get_key_element(), override.value()
    if key.partition(".")[0] in _NOT_SEARCHED:
        raise ConfigError(f"{key}: expected one value, because it is no setting of a trial's own")
    match value:
        case IntervalSweep():
            return _interval(override, value)
        case RangeSweep():
            return _range(override, value)
        case ChoiceSweep() if not value.tags:
            return Choice(tuple(dict.fromkeys(map(str, override.sweep_string_iterator()))))
    raise _wrong(override)


def _interval(override: Override, value: IntervalSweep) -> Numbers:
    low, high = value.start, value.end
    if low is None or high is None or not low < high or value.tags - {"log"}:
        raise _wrong(override)
    is_log = "log" in value.tags
    if is_log and low <= 0:
        raise ConfigError(
            f"{override.get_key_element()}: expected an interval above 0 with the tag log,"
            f" was {one_line(override.get_value_string())}"
        )
    return Numbers(low, high, None, isinstance(low, int) and isinstance(high, int), is_log)


def _range(override: Override, value: RangeSweep) -> Numbers:
    numbers = [float(str(item)) for item in override.sweep_iterator()]
    if value.tags or value.shuffle or len(numbers) < 2 or numbers[0] > numbers[1]:
        raise _wrong(override)
    step = value.step
    is_whole = all(isinstance(number, int) for number in (value.start, value.stop, step))
    return Numbers(numbers[0], round(numbers[-1], _DIGITS), step, is_whole, is_log=False)


def _wrong(override: Override) -> ConfigError:
    return ConfigError(
        f"{override.get_key_element()}: expected interval(LOW,HIGH), tag(log,interval(LOW,HIGH)),"
        f" range(FROM,BEFORE,STEP) or choice(A,B,...),"
        f" was {one_line(override.get_value_string())}"
    )
