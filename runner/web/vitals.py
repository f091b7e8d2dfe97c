"""Tell machines how the deploys are: `/health` needs no login and names nothing."""

from starlette.responses import JSONResponse, Response

from runner.web.deploy import Deploy
from runner.web.hub import Hub
from runner.web.roles import Role
from runner.web.ways import Ask, Way

GOOD, BAD = 200, 503


class Vitals:
    """Health for whoever asks."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def ways(self) -> list[Way]:
        """Return what can be asked of it."""
        return [Way("GET", "/health", Role.ANYONE, self._health)]

    async def _health(self, ask: Ask) -> Response:
        """Tell 503 while a deploy that runs is red, or says nothing."""
        present = [d for d in self._hub.deploys.values() if d.status in ("live", "stale")]
        red = sum(not _is_well(deploy) for deploy in present)
        told = {"deploys": len(present), "red": red}
        return JSONResponse(told, BAD if red else GOOD)


def _is_well(deploy: Deploy) -> bool:
    picture = deploy.picture
    return deploy.status == "live" and picture is not None and picture.health.ok
