"""Name every fault that a script of this venue can use, by the word that scripts write.

Those of requests have `meet`, of connections `knock`, of frames `frames`, of what was acknowledged
and is about to be carried out `execute` (their step waits for `execute.create`, `execute.cancel`,
`execute.amend`), deeds `do`.
"""

from collections.abc import Callable
from typing import Any

from tests.venues.common.faults import COMMON

FAULTS: dict[str, Callable[..., Any]] = {**COMMON}
