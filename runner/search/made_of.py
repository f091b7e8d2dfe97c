"""Name what the trials of a study depend on, so that a study never mixes two kinds of them."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version

from connectors.tape.tape import Tape
from runner.modes.compiled import fingerprint
from runner.search.record import Plain
from runner.search.space import Space, plain_space
from runner.settings import Settings, config_hash


def made_of(settings: Settings, space: Space, tapes: Mapping[str, Tape]) -> Plain:
    """Return a name for each thing that a study depends on, as a person would call it."""
    search, sweep = settings.search, settings.sweep
    plain = {
        "the space": plain_space(space),
        "the objectives": [[*search.objectives], [*search.ways], sweep.min_fills, sweep.split],
        "the sampler": [search.sampler, search.seed],
        "the settings": config_hash(settings, besides=("watch", "record")),
        "the tape": {name: _digest(tape) for name, tape in tapes.items()},
        "the version": [version("mmrunner"), fingerprint()],
    }
    return dict(json.loads(json.dumps(plain)))  # as it is read back


def _digest(tape: Tape) -> str:
    """Return a hash of all that a replay sees."""
    digest = hashlib.blake2b(digest_size=16)
    for rows in (tape.local, tape.venue):
        for column in (rows.kind, rows.ticks, rows.lots, rows.venue_ns, rows.recv_ns):
            digest.update(column.tobytes())
    return digest.hexdigest()
