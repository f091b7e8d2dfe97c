"""Where the jobs of a sweep are sent."""

from typing import Annotated

from runner.settings.fields import Block, Text


class Ray(Block):
    """The cluster of `hydra/launcher=ray`."""

    address: Annotated[
        str, Text(r"[A-Za-z0-9_.:/\[\]-]{1,200}", "local, auto or the address of a cluster")
    ]
