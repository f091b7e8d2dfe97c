"""Soak a deploy on virtual time: ``python -m tests.soak [HOURS] [MARKETS]``, or ``make soak``."""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.deploys import CHECKOUT
from tests.soak.growth import BOUNDS, Verdict, judged
from tests.soak.run import Soak
from tests.soak.samples import Sample
from tests.support import memory_directory

RESULTS = CHECKOUT / "outputs" / "soak"
SEED = 1
COLUMNS = tuple(BOUNDS)
ROW = "{:<24} {:>10} {:>10} {:>10} {:>12} {:>10} {:>8}  {}"


def main(words: Sequence[str]) -> int:
    """Run it, print what grew, and write outputs/soak/NAME.json; return 1 when anything did."""
    hours = float(words[0]) if words else 24.0
    markets = int(words[1]) if len(words) > 1 else 20
    print(f"{markets} markets, {hours:g} h, seed {SEED}", flush=True)
    started_s, used_s = time.perf_counter(), time.process_time()
    with TemporaryDirectory(dir=memory_directory(), prefix="mmrunner-soak-") as directory:
        soak = Soak(Path(directory), markets, hours, SEED, tell=_tell)
        soak.run()
    took_s, cpu_s = time.perf_counter() - started_s, time.process_time() - used_s
    verdicts = verdicts_of(soak)
    _show(verdicts, soak)
    print(f"took {took_s:.0f} s, {cpu_s:.0f} s of the processor", flush=True)
    _write(RESULTS / f"{markets}x{hours:g}h.json", verdicts, soak, cpu_s)
    return 1 if soak.findings or any(verdict.grows for verdict in verdicts) else 0


def verdicts_of(soak: Soak) -> list[Verdict]:
    """Return the verdict on every figure that has a bound."""
    return [
        judged(name, soak.at_hours, [sample[name] for sample in soak.samples]) for name in BOUNDS
    ]


def _tell(hour: float, sample: Sample) -> None:
    figures = " ".join(f"{name}={value:.6g}" for name, value in sample.items())
    print(f"{hour:6.2f} h  {figures}", flush=True)


def _show(verdicts: Sequence[Verdict], soak: Soak) -> None:
    print(ROW.format("figure", "first", "last", "highest", "per hour", "bound", "most", ""))
    for verdict in verdicts:
        numbers = (verdict.first, verdict.last, verdict.highest, verdict.per_hour)
        bounds = (verdict.bound.per_hour, verdict.bound.most)
        cells = [f"{number:.4g}" for number in numbers]
        cells += ["" if bound is None else f"{bound:g}" for bound in bounds]
        print(ROW.format(verdict.name, *cells, "GROWS" if verdict.grows else "ok"))
    print(*soak.findings[:20], sep="\n")
    last = soak.samples[-1]
    print(f"{last['orders']:.0f} orders, {last['fills']:.0f} fills", flush=True)


def _write(path: Path, verdicts: Sequence[Verdict], soak: Soak, cpu_s: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "hours": soak.hours,
        "markets": soak.markets,
        "seed": soak.seed,
        "cpu_s": round(cpu_s, 1),
        "findings": soak.findings,
        "figures": {
            v.name: {
                "first": v.first,
                "last": v.last,
                "highest": v.highest,
                "per_hour": v.per_hour,
                "bound_per_hour": v.bound.per_hour,
                "most": v.bound.most,
                "grows": v.grows,
            }
            for v in verdicts
        },
        "samples": [{"hour": h, **s} for h, s in zip(soak.at_hours, soak.samples, strict=True)],
    }
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(f"written: {path}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
