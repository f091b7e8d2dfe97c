"""Notice that the disk is nearly full while the books can still be written."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from connectors.model.errors import MmrunnerError

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Room:
    """A directory and how much has to stay free where it lies."""

    directory: Path
    min_free_mb: int

    def shortage(self) -> str | None:
        """Return what is wrong, or None while there is room enough."""
        free_mb = shutil.disk_usage(self.directory).free // MB
        if free_mb >= self.min_free_mb:
            return None
        return f"expected risk.min_free_mb={self.min_free_mb} of disk, {free_mb} MB are free"

    def require(self) -> None:
        """Raise MmrunnerError when there is too little room to start."""
        shortage = self.shortage()
        if shortage is not None:
            raise MmrunnerError(f"{self.directory}: {shortage}; make room")
