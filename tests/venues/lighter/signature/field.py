"""Reckon in the Goldilocks field and in its quintic extension GF(p)[z] / (z^5 - 3)."""

from functools import cache

P = 2**64 - 2**32 + 1
NON_RESIDUE = 3
Quintic = tuple[int, int, int, int, int]
ZERO: Quintic = (0, 0, 0, 0, 0)
ONE: Quintic = (1, 0, 0, 0, 0)
TWO_ADIC_ROOT = pow(7, (P - 1) >> 32, P)
"""A root of unity of order 2^32: 7 generates the field's units."""
BYTES = 40


def add(a: Quintic, b: Quintic) -> Quintic:
    """Return a + b."""
    return (
        (a[0] + b[0]) % P,
        (a[1] + b[1]) % P,
        (a[2] + b[2]) % P,
        (a[3] + b[3]) % P,
        (a[4] + b[4]) % P,
    )


def sub(a: Quintic, b: Quintic) -> Quintic:
    """Return a - b."""
    return (
        (a[0] - b[0]) % P,
        (a[1] - b[1]) % P,
        (a[2] - b[2]) % P,
        (a[3] - b[3]) % P,
        (a[4] - b[4]) % P,
    )


def mul(a: Quintic, b: Quintic) -> Quintic:
    """Return a b."""
    a0, a1, a2, a3, a4 = a
    b0, b1, b2, b3, b4 = b
    return (
        (a0 * b0 + 3 * (a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1)) % P,
        (a0 * b1 + a1 * b0 + 3 * (a2 * b4 + a3 * b3 + a4 * b2)) % P,
        (a0 * b2 + a1 * b1 + a2 * b0 + 3 * (a3 * b4 + a4 * b3)) % P,
        (a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0 + 3 * a4 * b4) % P,
        (a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0) % P,
    )


def scaled(a: Quintic, by: int) -> Quintic:
    """Return a times an element of the base field."""
    return (a[0] * by % P, a[1] * by % P, a[2] * by % P, a[3] * by % P, a[4] * by % P)


def power(a: Quintic, exponent: int) -> Quintic:
    """Return a to a power that is not negative."""
    result = ONE
    for bit in f"{exponent:b}":
        result = mul(result, result)
        if bit == "1":
            result = mul(result, a)
    return result


def conjugates(a: Quintic) -> Quintic:
    """Return the product of a's four other conjugates, a^(p + p^2 + p^3 + p^4)."""
    product, image = ONE, a
    for _ in range(4):
        image = _frobenius(image)
        product = mul(product, image)
    return product


def norm(a: Quintic) -> int:
    """Return the product of all conjugates, which is in the base field."""
    return mul(a, conjugates(a))[0]


def inverse(a: Quintic) -> Quintic:
    """Return 1 / a, and 0 for 0 (Itoh and Tsujii: the conjugates over the norm)."""
    others = conjugates(a)
    return scaled(others, pow(mul(a, others)[0], P - 2, P))


def is_square(a: Quintic) -> bool:
    """Tell whether an element has a root; 0 has one."""
    return pow(norm(a), (P - 1) // 2, P) in (0, 1)


def root(a: Quintic) -> Quintic | None:
    """Return a square root, or None. With r = 1 + p + .. + p^4: a^((r+1)/2) over root(a^r)."""
    if a == ZERO:
        return ZERO
    below = _root_in_base(norm(a))
    if below is None:
        return None
    r = sum(P**k for k in range(5))
    return scaled(power(a, (r + 1) // 2), pow(below, P - 2, P))


def from_bytes(data: bytes) -> Quintic | None:
    """Read an element, little-endian; None where it is not spelled canonically."""
    if len(data) != BYTES:
        return None
    limbs = [int.from_bytes(data[k : k + 8], "little") for k in range(0, BYTES, 8)]
    return None if max(limbs) >= P else (limbs[0], limbs[1], limbs[2], limbs[3], limbs[4])


def to_bytes(a: Quintic) -> bytes:
    """Spell an element, little-endian."""
    return b"".join(limb.to_bytes(8, "little") for limb in a)


@cache
def _twists() -> Quintic:
    d = pow(NON_RESIDUE, (P - 1) // 5, P)
    return (1, d, pow(d, 2, P), pow(d, 3, P), pow(d, 4, P))


def _frobenius(a: Quintic) -> Quintic:
    """Return a^p: z^p is z times 3^((p-1)/5)."""
    t = _twists()
    return (a[0], a[1] * t[1] % P, a[2] * t[2] % P, a[3] * t[3] % P, a[4] * t[4] % P)


def _root_in_base(n: int) -> int | None:
    """Return a square root modulo p, or None (Tonelli and Shanks; p - 1 = 2^32 (2^32 - 1))."""
    if pow(n, (P - 1) // 2, P) not in (0, 1):
        return None
    odd = (P - 1) >> 32
    x, t, c, most = pow(n, (odd + 1) // 2, P), pow(n, odd, P), TWO_ADIC_ROOT, 32
    while t not in (0, 1):
        order, square = 0, t
        while square != 1:
            square = square * square % P
            order += 1
        b = pow(c, 1 << (most - order - 1), P)
        x, t, c, most = x * b % P, t * b * b % P, b * b % P, order
    return x if t else 0
