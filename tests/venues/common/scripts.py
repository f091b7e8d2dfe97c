"""Ask a script what it does to whatever passes, each ability of its actions by itself."""

from collections.abc import Callable

from tests.stage.script import Script, Step

ABILITIES = ("meet", "frames", "knock", "execute")
"""What the actions of steps may do, and so what they are asked for."""


class Scripts:
    """A venue's script. `now_s` is the time since its beginning; `on_fault` hears what took effect.

    A step that has no ability to meet what passes is not asked, and does not count it.
    """

    def __init__(
        self, script: Script, now_s: Callable[[], float], on_fault: Callable[[str, str], object]
    ) -> None:
        self.is_calm = False
        """While True nothing goes wrong, and nothing counts."""
        self._now_s = now_s
        self._on_fault = on_fault
        self._scripts = {ability: Script(_able(script, ability)) for ability in ABILITIES}

    def add(self, step: Step) -> None:
        """Add a step that waits for something to come."""
        for ability, script in self._scripts.items():
            if hasattr(step.action, ability):
                script.steps += (step,)

    def step(self, ability: str, names: tuple[str, ...], market: str) -> Step | None:
        """Return the step that takes what passes, and tell of it."""
        if self.is_calm:
            return None
        step = self._scripts[ability].passing(names, market, self._now_s())
        if step is not None:
            self._on_fault(step.name, market)
        return step


def aliased(names: tuple[str, ...], also: dict[str, str]) -> tuple[str, ...]:
    """Add what scripts of any venue call these."""
    return (*names, *(also[name] for name in names if name in also))


def _able(script: Script, ability: str) -> list[Step]:
    return [step for step in script.steps if hasattr(step.action, ability)]
