"""Let nobody else earn by our orders: no broker is named, and no fee of a builder is agreed to.

ccxt names itself to most venues, and to some of them it charges for that. What only names is taken
off; what could cost money, or is signed with the rest, is not sent at all.
"""

from collections.abc import Mapping

from connectors.calls import Request
from connectors.model.errors import Plan, VenueError

NAMING = frozenset(
    {
        "referer",
        "source",
        "kc-api-partner",
        "kc-api-partner-sign",
        "kc-api-partner-verify",
        "kc-broker-name",
        "x-gate-channel-id",
        "x-channel-api-code",
    }
)
"""Headers that name a broker and sign nothing."""

COSTLY = (
    b'"builder"',
    b'"approveBuilderFee"',
    b'"setReferrer"',
    b'"tag"',
    b'"brokerId"',
    b"x-xcKtGhcu",
    b"x-TKT5PX2F",
    b"6b9ad766b55dBCDE",
)
"""What names a builder, a referrer or a broker inside a request."""


def cleaned(
    method: str, url: str, headers: Mapping[str, str] | None, body: str | bytes | None
) -> Request:
    """Return a request as it may leave; raise VenueError for one that may not."""
    raw = body.encode() if isinstance(body, str) else body or b""
    kept = {k: str(v) for k, v in (headers or {}).items() if k.lower() not in NAMING}
    said = url.encode() + raw
    named = next((words for words in COSTLY if words in said), None)
    if named is not None:
        text = named.decode().strip('"')
        raise VenueError(f"a request that names {text} is not sent: it may cost a fee", Plan.HALT)
    return Request(method, url, kept, raw)
