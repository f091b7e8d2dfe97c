"""Read the series of a run back from `decisions.parquet`, thinned as the run itself thinned it."""

import importlib.util
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from connectors.model.errors import ConfigError, DataError
from runner.results import SeriesColumns

MOST_ROWS = 8192
NAMED = {"sigma_bps": "sigma_live_bps"}


def read_series(
    path: Path, markets: Iterable[str]
) -> tuple[dict[str, SeriesColumns], Mapping[str, int]]:
    """Return each market's series and the reasons' bits; nothing where no decisions were kept.

    Raises ConfigError without pyarrow, DataError for a file that is no run's.
    """
    if not path.is_file():
        return {}, {}
    if importlib.util.find_spec("pyarrow") is None:
        raise ConfigError(
            f"mode=report: expected pyarrow to be installed to read {path}, was missing;"
            " install mmrunner[research]"
        )
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    wanted = {name: NAMED.get(name, name) for name in SeriesColumns.__dataclass_fields__}
    try:
        table = pq.read_table(path, columns=["market", *wanted.values()])
        reasons = json.loads(table.schema.metadata[b"reasons"])
        series = {
            market: _thinned(table.filter(pc.equal(table["market"], market)), wanted)
            for market in markets
        }
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{path}: expected decisions of a run, cannot be read: {first}") from None
    return series, reasons


def _thinned(table: Any, wanted: Mapping[str, str]) -> SeriesColumns:
    """Return every so manieth row, the number being the least power of two that suffices."""
    stride = 1
    while -(-table.num_rows // stride) > MOST_ROWS:
        stride *= 2
    columns = {name: table[source].to_numpy()[::stride].tolist() for name, source in wanted.items()}
    return SeriesColumns(**columns)
