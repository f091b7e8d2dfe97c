"""Write JSON for people to read, as `json.dumps(..., indent=2)` does, in a fraction of its time.

Only Python's own encoder indents. Here it walks over what holds something else, and whatever holds
plain values alone is written by the fast one.
"""

import json
from collections.abc import Mapping
from functools import partial

_dumps = partial(json.dumps, allow_nan=False)


def indented(document: object, margin: str = "") -> str:
    """Return a document's text; raise ValueError for a number that JSON has no form for."""
    inner = f"{margin}  "
    comma = f",\n{inner}"
    if isinstance(document, Mapping) and document:
        if not any(isinstance(value, (Mapping, list, tuple)) for value in document.values()):
            plain = _dumps(document, separators=(comma, ": "))[1:-1]
            return f"{{\n{inner}{plain}\n{margin}}}"
        items = (f"{_dumps(str(k))}: {indented(v, inner)}" for k, v in document.items())
        return f"{{\n{inner}{comma.join(items)}\n{margin}}}"
    if isinstance(document, (list, tuple)) and document:
        lines = (indented(value, inner) for value in document)
        return f"[\n{inner}{comma.join(lines)}\n{margin}]"
    return _dumps(document)
