"""Draw random numbers that are equal bit for bit in CPython and when compiled.

The generator is L'Ecuyer's combination of two multiplicative congruential generators (1988): both
moduli lie under 2^31, so that every product stays inside a signed 64-bit integer. Its period is
2.3e18. Normals come from Marsaglia's polar method, which needs log and sqrt only.
"""

import math

from connectors.model.kernel import kernel, state

MODULUS_A = 2_147_483_563
FACTOR_A = 40_014
MODULUS_B = 2_147_483_399
FACTOR_B = 40_692
SCALE = 1.0 / MODULUS_A
WORD = 0x7FFF_FFFF
MIX = 0x2C1B_3C6D
STIR = 0x297A_2D39


@state
class Random:
    """One stream of random numbers. Call `seed_random` before the first draw."""

    a: int
    b: int
    spare: float
    has_spare: bool


@kernel
def seed_random(random: Random, seed: int, stream: int) -> None:
    """Start the stream that belongs to a seed and a stream number, each any signed 64-bit integer.

    Streams of one seed, and neighbouring seeds of one stream, are unrelated.
    """
    word = scramble(seed & WORD)
    word = scramble(word ^ ((seed >> 31) & WORD))
    word = scramble(word ^ ((seed >> 62) & WORD))
    word = scramble(word ^ (stream & WORD))
    word = scramble(word ^ ((stream >> 31) & WORD))
    random.a = word % (MODULUS_A - 1) + 1
    word = scramble(word ^ STIR)
    random.b = word % (MODULUS_B - 1) + 1
    random.spare = 0.0
    random.has_spare = False


@kernel
def scramble(word: int) -> int:
    """Return a one-to-one scramble of a 31-bit word: one bit in moves about half the bits out."""
    x = (word + STIR) & WORD
    x = x ^ (x >> 16)
    x = (x * MIX) & WORD
    x = x ^ (x >> 15)
    x = (x * STIR) & WORD
    return x ^ (x >> 15)


@kernel
def uniform(random: Random) -> float:
    """Draw from (0, 1): neither end occurs, so that the logarithm is always finite."""
    random.a = random.a * FACTOR_A % MODULUS_A
    random.b = random.b * FACTOR_B % MODULUS_B
    z = random.a - random.b
    if z < 1:
        z += MODULUS_A - 1
    return z * SCALE


@kernel
def exponential(random: Random) -> float:
    """Draw from the exponential distribution of mean 1."""
    return -math.log(uniform(random))


@kernel
def normal(random: Random) -> float:
    """Draw from the normal distribution of mean 0 and deviation 1."""
    if random.has_spare:
        random.has_spare = False
        return random.spare
    x = 2.0 * uniform(random) - 1.0
    y = 2.0 * uniform(random) - 1.0
    square = x * x + y * y
    while square >= 1.0 or square == 0.0:
        x = 2.0 * uniform(random) - 1.0
        y = 2.0 * uniform(random) - 1.0
        square = x * x + y * y
    factor = math.sqrt(-2.0 * math.log(square) / square)
    random.spare = y * factor
    random.has_spare = True
    return x * factor
