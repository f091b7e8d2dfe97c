"""Write `decisions.parquet` from the packed rows that a run kept.

Which rows are kept (all, or those in which what we want changed) is chosen where they are recorded.
pyarrow and numpy are needed here only, and only when decisions are kept.
"""

import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from connectors.model.errors import ConfigError
from runner.report.derived import PRICES, WHY, derived_columns
from runner.report.files import replacement
from runner.results import DecisionRows, RunResult

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

Record = Literal["all", "changes", "none"]

CHUNK_ROWS = 1 << 18


def require_writer(record: Record) -> None:
    """Raise ConfigError before a run starts when it could not keep its decisions at its end."""
    if record != "none" and importlib.util.find_spec("pyarrow") is None:
        raise ConfigError(
            f"record.decisions: expected pyarrow to be installed for '{record}', was missing; "
            "install mmrunner[research] or set record.decisions=none"
        )


def write_decisions(path: Path, result: RunResult) -> int:
    """Replace `path` with the decisions of every market; return how many rows it holds.

    A packed file's torn last row is left out. Raises ValueError when layouts differ.
    """
    import pyarrow.parquet as pq

    schema = _schema(result)
    rows = 0
    instruments = {market.name: market.instrument for market in result.markets}
    with (
        replacement(path) as fresh,
        pq.ParquetWriter(fresh, schema, compression="zstd", compression_level=3) as writer,
    ):
        for source in result.decisions:
            for chunk in _chunks(source):
                derived = derived_columns(chunk, instruments[source.market], result.reasons)
                writer.write_table(_table(source.market, chunk, derived, schema))
                rows += len(chunk)
    return rows


def _schema(result: RunResult) -> "pa.Schema":
    import numpy as np
    import pyarrow as pa

    layouts = {source.layout for source in result.decisions}
    if len(layouts) > 1:
        raise ValueError(f"decisions: expected one layout for all markets, was {len(layouts)}")
    layout: Sequence[tuple[str, str]] = layouts.pop() if layouts else ()
    columns = [pa.field("market", pa.dictionary(pa.int16(), pa.string()))]
    columns += [pa.field(name, pa.from_numpy_dtype(np.dtype(kind))) for name, kind in layout]
    columns += [pa.field(name, pa.float64()) for name in PRICES]
    columns += [pa.field(name, pa.string()) for name in WHY]
    return pa.schema(columns, metadata={"reasons": json.dumps(dict(result.reasons))})


def _table(
    market: str, rows: "NDArray[Any]", derived: "Sequence[pa.Array]", schema: "pa.Schema"
) -> "pa.Table":
    import numpy as np
    import pyarrow as pa

    names = pa.DictionaryArray.from_arrays(np.zeros(len(rows), np.int16), [market])
    kept = schema.names[1 : len(schema.names) - len(derived)]
    columns = [pa.array(np.ascontiguousarray(rows[name])) for name in kept]
    return pa.table([names, *columns, *derived], schema=schema)


def _chunks(source: DecisionRows) -> "Iterator[NDArray[Any]]":
    """Yield the rows a chunk at a time, so that a long run is never held whole."""
    rows = open_rows(source)
    for start in range(0, len(rows), CHUNK_ROWS):
        yield rows[start : start + CHUNK_ROWS]


def open_rows(source: DecisionRows) -> "NDArray[Any]":
    """Return a market's rows as a structured array; those of a file stay there."""
    import numpy as np

    if not isinstance(source.rows, Path):
        return source.rows
    packed = np.dtype(list(source.layout))
    count = source.rows.stat().st_size // packed.itemsize
    if count == 0:
        return np.empty(0, packed)
    return np.memmap(source.rows, packed, mode="r", shape=(count,))
