"""Tell a market's kernels how far they may fit their own numbers."""

from runner.settings import Recalibration
from runner.settings.strategy import LEAST_KAPPA, MOST_KAPPA
from strategies.desk import LearningKnobs


def set_learning(knobs: LearningKnobs, recalibration: Recalibration) -> None:
    """Write when to fit and the bounds of what a fit may change."""
    knobs.every_ns = int((recalibration.every_s or 0.0) * 1e9)
    knobs.most_step_frac = recalibration.max_step_frac
    knobs.most_factor = recalibration.max_factor
    knobs.most_age_ns = int(recalibration.max_age_s * 1e9)
    knobs.least_kappa, knobs.most_kappa = LEAST_KAPPA, MOST_KAPPA
