"""Tell machines how the deploys are: `/health` needs no login and names none, `/metrics` does."""

from starlette.responses import JSONResponse, Response

from runner.control.metrics import CONTENT_TYPE, Seen, metrics_text
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
        return [
            Way("GET", "/health", Role.ANYONE, self._health),
            Way("GET", "/metrics", Role.READ, self._metrics),
        ]

    async def _health(self, ask: Ask) -> Response:
        """Tell 503 while a deploy that runs is red, or says nothing."""
        present = [d for d in self._hub.deploys.values() if d.status in ("live", "stale")]
        red = sum(not _is_well(deploy) for deploy in present)
        told = {"deploys": len(present), "red": red}
        return JSONResponse(told, BAD if red else GOOD)

    async def _metrics(self, ask: Ask) -> Response:
        """Tell Prometheus of every deploy that runs."""
        seen = [
            Seen(deploy.welcome, deploy.picture, deploy.status == "live")
            for deploy in self._hub.deploys.values()
            if deploy.welcome is not None and deploy.picture is not None
        ]
        return Response(metrics_text(seen), media_type=CONTENT_TYPE)


def _is_well(deploy: Deploy) -> bool:
    picture = deploy.picture
    return deploy.status == "live" and picture is not None and picture.health.ok
