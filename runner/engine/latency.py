"""Measure how long a stage takes, in constant memory."""

BUCKETS_PER_OCTAVE = 8


class Latency:
    """A histogram of nanoseconds, off by at most 12.5 % (eight buckets an octave)."""

    __slots__ = ("_count", "_counts", "_max_ns")

    def __init__(self) -> None:
        self._counts = [0] * (64 * BUCKETS_PER_OCTAVE)
        self._count = 0
        self._max_ns = 0

    def add(self, elapsed_ns: int) -> None:
        """Count one measurement."""
        self._count += 1
        if elapsed_ns > self._max_ns:
            self._max_ns = elapsed_ns
        self._counts[_bucket(elapsed_ns)] += 1

    def quantile_us(self, quantile_frac: float) -> float:
        """Return the upper edge, in microseconds, of the bucket that holds the quantile."""
        wanted = quantile_frac * self._count
        seen = 0
        for bucket, count in enumerate(self._counts):
            seen += count
            if count and seen >= wanted:
                return min(_edge_ns(bucket), self._max_ns) / 1e3
        return 0.0

    def summary(self) -> dict[str, float]:
        """Return p50, p99 and max in microseconds."""
        return {
            "p50": round(self.quantile_us(0.5), 3),
            "p99": round(self.quantile_us(0.99), 3),
            "max": round(self._max_ns / 1e3, 3),
        }


def _bucket(elapsed_ns: int) -> int:
    """Return the bucket of a duration: its octave, and its three leading bits below the first."""
    if elapsed_ns < BUCKETS_PER_OCTAVE:
        return max(elapsed_ns, 0)
    octave = elapsed_ns.bit_length() - 4
    return octave * BUCKETS_PER_OCTAVE + (elapsed_ns >> octave)


def _edge_ns(bucket: int) -> int:
    """Return the largest duration of a bucket."""
    if bucket < 2 * BUCKETS_PER_OCTAVE:
        return bucket
    octave = bucket // BUCKETS_PER_OCTAVE - 1
    return ((bucket - octave * BUCKETS_PER_OCTAVE + 1) << octave) - 1
