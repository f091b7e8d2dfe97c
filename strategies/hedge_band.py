"""Solve how far a net exposure may go before it is hedged: the band, in clips of those that quote.

With trading costs in proportion to size it is best to do nothing inside a band around zero and to
go back to its edge, no further, from outside (Whalley and Wilmott 1997). Let n be the net exposure
[clips], gamma the risk aversion [1/(bps clip)], sigma the volatility [bps/sqrt(s)], eps what
hedging one clip costs [bps], c what each hedge costs besides [bps clip], and nu^2 twice the fills
per side and second, the rate of the exposure's variance [clips^2/s]. A second then costs
``gamma sigma^2 n^2 / 2``.
"""

import math
from dataclasses import dataclass

MOST_CLIPS = 12
"""Inventories beyond are left out of a chain: with any skew they hardly occur."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a band depends on.

    `skew_per_clip` is by how much the logarithm of a side's fill rate falls with each clip that is
    held towards it, and the other side's rises. `limit_clips` is the most that is held.
    """

    gamma_per_bps_clip: float
    sigma_bps: float
    basis_bps: float
    cost_bps: float
    fixed_cost_bps_clips: float
    fills_per_s: float
    skew_per_clip: float
    limit_clips: int


def proportional_band(terms: Terms) -> float:
    """Return H = (3 eps nu^2 / (2 gamma sigma^2))^(1/3) [clips], for fills without skew."""
    return math.cbrt(3.0 * terms.cost_bps * 2.0 * terms.fills_per_s / (2.0 * _risk(terms)))


def proportional_cost(terms: Terms, band_clips: float) -> float:
    """Return the cost of a band [bps clips/s]: gamma sigma^2 H^2 / 6 + eps nu^2 / (2 H)."""
    variance = 2.0 * terms.fills_per_s
    return _risk(terms) * band_clips**2 / 6.0 + terms.cost_bps * variance / (2.0 * band_clips)


def fixed_band(terms: Terms) -> float:
    """Return H = (12 c nu^2 / (gamma sigma^2))^(1/4) [clips], where each hedge costs c and goes to
    zero."""
    c = terms.fixed_cost_bps_clips
    return math.sqrt(math.sqrt(12.0 * c * 2.0 * terms.fills_per_s / _risk(terms)))


def solved_band(terms: Terms) -> int:
    """Return the whole number of clips whose chain costs least; there may be two valleys."""
    bands = range(min(terms.limit_clips, MOST_CLIPS) + 1)
    return min(bands, key=lambda band: chain_cost(terms, band))


def chain_cost(terms: Terms, band_clips: int) -> float:
    """Return the cost [bps clips/s] of hedging back to a band of so many clips, one at a time.

    Inventory q goes up at the rate ``fills exp(-skew q)`` and down at ``fills exp(skew q)``, inside
    its limit; the hedge x moves by one where q + x would leave the band. Risk is that of the net
    and of the basis: ``gamma / 2 (sigma^2 E(q + x)^2 + basis^2 E x^2)``.

    Without skew q has no law of its own: the net alone is then a chain, on which q + x is uniform.
    """
    if terms.skew_per_clip <= 0.0:
        return _unskewed_cost(terms, band_clips)
    most = min(terms.limit_clips, MOST_CLIPS)
    reach = max(0, most - band_clips)
    places = _places(band_clips, reach, most)
    leaving, hedges = _rates(terms, places, band_clips, most)
    shares = stationary(leaving)
    risk = hedged = 0.0
    for (x, net), share, rate in zip(places, shares, hedges, strict=True):
        risk += share * ((terms.sigma_bps * net) ** 2 + (terms.basis_bps * x) ** 2)
        hedged += share * rate
    each = terms.cost_bps + terms.fixed_cost_bps_clips
    return 0.5 * terms.gamma_per_bps_clip * risk + each * hedged


def stationary(leaving: list[dict[int, float]]) -> list[float]:
    """Return the long-run share of time in each state of an irreducible chain, by its rates.

    Elimination without subtraction, which keeps every ratio's digits (Grassmann, Taksar and Heyman
    1985).
    """
    rates = [dict(row) for row in leaving]
    coming: list[dict[int, float]] = [{} for _ in rates]
    for k in range(len(rates) - 1, 0, -1):
        down = {j: rate for j, rate in rates[k].items() if j < k}
        total = sum(down.values())
        for i in range(k):
            rate = rates[i].get(k)
            if rate is None:
                continue
            coming[k][i] = rate / total
            for j, on in down.items():
                if j != i:
                    rates[i][j] = rates[i].get(j, 0.0) + coming[k][i] * on
    shares = [1.0]
    for k in range(1, len(rates)):
        shares.append(sum(shares[i] * rate for i, rate in coming[k].items()))
    whole = sum(shares)
    return [share / whole for share in shares]


def _risk(terms: Terms) -> float:
    return terms.gamma_per_bps_clip * terms.sigma_bps**2


def _unskewed_cost(terms: Terms, band_clips: int) -> float:
    """Return the cost where the net is uniform on the lattice from -H to H."""
    spread = band_clips * (band_clips + 1) / 3.0
    hedges_per_s = 2.0 * terms.fills_per_s / (2 * band_clips + 1)
    each = terms.cost_bps + terms.fixed_cost_bps_clips
    return 0.5 * _risk(terms) * spread + each * hedges_per_s


def _places(band_clips: int, reach: int, most: int) -> list[tuple[int, int]]:
    """Return every hedge and net that recur, by hedge."""
    return [
        (x, net)
        for x in range(-reach, reach + 1)
        for net in range(-band_clips, band_clips + 1)
        if abs(net - x) <= most
    ]


def _rates(
    terms: Terms, places: list[tuple[int, int]], band_clips: int, most: int
) -> tuple[list[dict[int, float]], list[float]]:
    """Return where each state goes at which rate, and at which rate it hedges."""
    number = {place: k for k, place in enumerate(places)}
    leaving: list[dict[int, float]] = []
    hedges: list[float] = []
    for x, net in places:
        row: dict[int, float] = {}
        hedged = 0.0
        for sign in (1, -1):
            inventory = net - x
            if sign * inventory >= most:
                continue
            rate = terms.fills_per_s * math.exp(-sign * terms.skew_per_clip * inventory)
            if abs(net + sign) <= band_clips:
                to = number[x, net + sign]
            else:
                to = number[x - sign, net]
                hedged += rate
            row[to] = row.get(to, 0.0) + rate
        leaving.append(row)
        hedges.append(hedged)
    return leaving, hedges
