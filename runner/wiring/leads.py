"""Join the markets that lead with those that follow them."""

from collections.abc import Sequence

from runner.engine.lead import Leader
from runner.engine.station import Station
from runner.settings import Settings


def follow(settings: Settings, stations: Sequence[Station]) -> None:
    """Let each market that leads tell those that follow it."""
    by_name = {station.name: station for station in stations}
    for name, station in by_name.items():
        followers = [
            other
            for follower, other in by_name.items()
            if settings.markets[follower].reference.lead == name
        ]
        if followers:
            station.leader = Leader(followers)
