"""Tell of all deploys at once: a row a market, and why one does not quote."""

from typing import Any

import msgspec

from runner.control.words import Market
from runner.web.deploy import Deploy
from runner.web.hub import Hub

_encode = msgspec.json.Encoder(decimal_format="string").encode


def overview_line(hub: Hub) -> bytes:
    """Return what the first page is told, as JSON."""
    return _encode([_deploy(deploy) for _, deploy in sorted(hub.deploys.items())])


def _deploy(deploy: Deploy) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": deploy.name,
        "status": deploy.status,
        "note": deploy.note,
        "mode": deploy.welcome.mode if deploy.welcome else "",
        "armed": bool(deploy.welcome and deploy.welcome.armed),
        "started_ns": deploy.welcome.started_ns if deploy.welcome else 0,
        "ends_ns": deploy.welcome.ends_ns if deploy.welcome else None,
    }
    if deploy.picture is not None:
        picture = deploy.picture
        told |= {
            "stamp_ns": picture.stamp_ns,
            "health": picture.health,
            "killed": picture.killed,
            "fault": picture.fault,
            "portfolio": picture.portfolio,
            "markets": [_market(market) for market in picture.markets],
        }
    return told


def _market(market: Market) -> dict[str, Any]:
    return {
        "name": market.name,
        "symbol": market.symbol,
        "venue": market.venue,
        "quote": market.quote,
        "base": market.base,
        "role": market.role,
        "state": market.state,
        "why": market.why,
        "mid": market.mid,
        "bid": market.bids[0].price if market.bids else None,
        "ask": market.asks[0].price if market.asks else None,
        "position_base": market.position_base,
        "inventory_clips": market.inventory_clips,
        "net_quote": market.net_quote,
        "fills": market.fills,
        "uptime_frac": market.uptime_frac,
        "age_s": market.age_s,
    }
