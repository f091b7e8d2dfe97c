"""Check the random numbers against an independent reading of the generator, and both worlds."""

import math
from typing import Any

import numpy as np
import pytest

from connectors.model.record import record_of
from connectors.sim.random import (
    MODULUS_A,
    MODULUS_B,
    Random,
    exponential,
    normal,
    scramble,
    seed_random,
    uniform,
)
from runner.modes.compiled import compile_loop

DRAWS = 200_000


def seeded(seed: int, stream: int = 0) -> Random:
    random = Random()
    seed_random(random, seed, stream)
    return random


def _draw(random, uniforms, exponentials, normals):  # type: ignore[no-untyped-def]
    for k in range(len(uniforms)):
        uniforms[k] = uniform(random)
        exponentials[k] = exponential(random)
        normals[k] = normal(random)


@pytest.fixture(scope="module")
def interpreted() -> list[list[float]]:
    columns = [[0.0] * DRAWS for _ in range(3)]
    _draw(seeded(11), *columns)
    return columns


def test_interpreted_and_compiled_draw_the_same_bits(interpreted: list[list[float]]) -> None:
    columns = [np.zeros(DRAWS) for _ in range(3)]
    compile_loop(_draw, None)(record_of(seeded(11)), *columns)
    for plain, compiled in zip(interpreted, columns, strict=True):
        assert np.array_equal(np.array(plain).view("i8"), compiled.view("i8"))


def test_uniform_is_the_combined_generator_of_l_ecuyer() -> None:
    random = Random()
    random.a, random.b = 12_345, 67_890
    for n in range(1, 2_000):
        a = 12_345 * pow(40_014, n, MODULUS_A) % MODULUS_A
        b = 67_890 * pow(40_692, n, MODULUS_B) % MODULUS_B
        expected = (a - b) % (MODULUS_A - 1) or MODULUS_A - 1
        assert uniform(random) == expected * (1.0 / MODULUS_A)


def test_uniform_is_flat(interpreted: list[list[float]]) -> None:
    counts = np.histogram(interpreted[0], bins=100, range=(0.0, 1.0))[0]
    chi_square = ((counts - DRAWS / 100) ** 2 / (DRAWS / 100)).sum()
    assert 57.0 < chi_square < 150.0  # 99 degrees of freedom, one in a thousand either way
    assert min(interpreted[0]) > 0.0
    assert max(interpreted[0]) < 1.0


@pytest.mark.parametrize(("column", "mean", "fourth"), [(1, 1.0, 9.0), (2, 0.0, 3.0)])
def test_moments(interpreted: list[list[float]], column: int, mean: float, fourth: float) -> None:
    draws = np.array(interpreted[column])
    assert draws.mean() == pytest.approx(mean, abs=0.01)
    assert draws.std() == pytest.approx(1.0, abs=0.01)
    assert ((draws - mean) ** 4).mean() == pytest.approx(fourth, rel=0.08)


def test_normals_have_the_right_tails(interpreted: list[list[float]]) -> None:
    draws = np.array(interpreted[2])
    for limit in (1.0, 2.0, 3.0):
        expected = math.erfc(limit / math.sqrt(2.0))
        seen = (np.abs(draws) > limit).mean()
        assert seen == pytest.approx(expected, abs=4.0 * math.sqrt(expected / DRAWS))


def test_scramble_is_one_to_one_and_spreads_every_bit() -> None:
    words = range(0, 1 << 31, 214_013)
    assert len({scramble(word) for word in words}) == len(words)
    flipped = [
        (scramble(word) ^ scramble(word ^ (1 << bit))).bit_count()
        for word in range(1, 2_000)
        for bit in range(31)
    ]
    assert np.mean(flipped) == pytest.approx(15.5, abs=1.0)


@pytest.mark.parametrize("step", [(1, 0), (0, 1), (1 << 31, 0), (1 << 62, 0), (0, 1 << 31)])
def test_neighbouring_seeds_and_streams_are_unrelated(step: tuple[int, int]) -> None:
    pairs = np.array(
        [
            (uniform(seeded(k, 5)), uniform(seeded(k + step[0], 5 + step[1])))
            for k in range(0, 20_000, 3)
        ]
    )
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4.0 / math.sqrt(len(pairs))


@pytest.mark.parametrize("seed", [0, -1, 2**63 - 1, -(2**63)])
def test_any_seed_starts_inside_the_generator(seed: int) -> None:
    random: Any = seeded(seed, seed)
    assert 1 <= random.a < MODULUS_A
    assert 1 <= random.b < MODULUS_B


def test_seeding_forgets_the_spare_normal() -> None:
    random = seeded(3)
    first = normal(random)
    seed_random(random, 3, 0)
    assert normal(random) == first
