"""Add points of EcGFp5, and multiply fixed ones fast.

The curve is y^2 = x (x^2 + 2x + 263 z); a point is (X, Z, U, T) with x = X / Z and x / y = U / T.
Adding is complete: no case is special (ePrint 2022/274, section 4).
"""

from tests.venues.lighter.signature.field import (
    ONE,
    ZERO,
    P,
    Quintic,
    add,
    inverse,
    is_square,
    mul,
    root,
    scaled,
    sub,
)

ORDER = int(
    "10679935167171469510414849165717927027450577405817272301591396851857"
    "62082554198619328292418486241"
)
A: Quintic = (2, 0, 0, 0, 0)
B: Quintic = (0, 263, 0, 0, 0)
Point = tuple[Quintic, Quintic, Quintic, Quintic]
NEUTRAL: Point = (ZERO, ONE, ZERO, ONE)
GENERATOR: Point = (
    (
        12883135586176881569,
        4356519642755055268,
        5248930565894896907,
        2165973894480315022,
        2448410071095648785,
    ),
    ONE,
    ONE,
    (4, 0, 0, 0, 0),
)
WINDOW_BITS = 4
WINDOWS = 80


def plus(p: Point, q: Point) -> Point:
    """Return the sum of two points: ten multiplications."""
    x1, z1, u1, t1 = p
    x2, z2, u2, t2 = q
    xx, zz, uu, tt = mul(x1, x2), mul(z1, z2), mul(u1, u2), mul(t1, t2)
    xz = sub(sub(mul(add(x1, z1), add(x2, z2)), xx), zz)
    ut = sub(sub(mul(add(u1, t1), add(u2, t2)), uu), tt)
    bzz = _times_b(zz)
    both = add(xx, bzz)
    left = mul(tt, both)
    right = mul(uu, add(scaled(_times_b(xz), 2), scaled(both, 2)))
    cross = mul(add(tt, scaled(uu, 2)), add(xz, both))
    x = _times_b(sub(cross, left))
    return x, sub(left, right), mul(ut, sub(bzz, xx)), add(left, right)


def encoded(p: Point) -> Quintic:
    """Return a point's encoding w = y / x; the neutral's is 0."""
    return mul(p[3], inverse(p[2]))


def decoded(w: Quintic) -> Point | None:
    """Return the point that an element encodes, or None: x^2 - (w^2 - a) x + b = 0, x no square."""
    if w == ZERO:
        return NEUTRAL
    e = sub(mul(w, w), A)
    r = root(sub(mul(e, e), scaled(B, 4)))
    if r is None:
        return None
    half = (P + 1) // 2
    x = scaled(add(e, r), half)
    if is_square(x):
        x = scaled(sub(e, r), half)
    return x, ONE, ONE, w


class Table:
    """Multiples of one point, so that multiplying it takes one addition per window."""

    def __init__(self, point: Point) -> None:
        self._rows: list[list[Point]] = []
        base = point
        for _ in range(WINDOWS):
            row = [NEUTRAL, base]
            for _ in range(2, 1 << WINDOW_BITS):
                row.append(plus(row[-1], base))
            self._rows.append(row)
            base = plus(row[-1], base)

    def times(self, scalar: int, start: Point = NEUTRAL) -> Point:
        """Return `start` plus the point times a scalar below the order."""
        total = start
        for row in self._rows:
            digit = scalar & ((1 << WINDOW_BITS) - 1)
            if digit:
                total = plus(total, row[digit])
            scalar >>= WINDOW_BITS
        return total


def _times_b(a: Quintic) -> Quintic:
    """Return a times 263 z."""
    return (789 * a[4] % P, 263 * a[0] % P, 263 * a[1] % P, 263 * a[2] % P, 263 * a[3] % P)
