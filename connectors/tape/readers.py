"""Find a tape reader by name, and open a tape with it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from connectors.model.errors import ConfigError
from connectors.tape.cache import key_of, open_tape
from connectors.tape.source import Reader, TapeSource, find_files

if TYPE_CHECKING:
    from connectors.model.instrument import Instrument
    from connectors.tape.tape import Tape

MODULES = (
    ("binance_raw", "connectors.tape.binance_raw"),
    ("binance_vision", "connectors.tape.binance_vision"),
    ("bybit_public", "connectors.tape.bybit_public"),
    ("candles", "connectors.tape.candles"),
    ("csv", "connectors.tape.csv_tape"),
    ("hftbacktest", "connectors.tape.hftbacktest"),
    ("lighter_raw", "connectors.tape.lighter_raw"),
    ("mmrunner", "connectors.tape.mmrunner"),
    ("tardis", "connectors.tape.tardis"),
)
"""Reader names and their modules, imported when asked for."""


def names() -> tuple[str, ...]:
    """Return the names of the readers."""
    return tuple(name for name, _ in MODULES)


def find_reader(name: str) -> Reader:
    """Return the reader of a format; raise ConfigError for a name that is none."""
    for known, module in MODULES:
        if known == name:
            reader: Reader = import_module(module).READER
            return reader
    raise ConfigError(f"tape: expected one of {', '.join(names())}, was {name}")


def read_tape(source: TapeSource, instrument: Instrument) -> Tape:
    """Open the recording of an instrument, through the cache where the source names one."""
    return open_tape(source, instrument, find_reader(source.name), source.cache_dir)


def tape_key(source: TapeSource, instrument: Instrument) -> str:
    """Return a name that differs whenever the tape of an instrument could."""
    reader = find_reader(source.name)
    paths = find_files(source, instrument.symbol, reader.pattern)
    return key_of(paths, source, instrument, reader)
