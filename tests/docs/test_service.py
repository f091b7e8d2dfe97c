"""The files that run a deploy as a service name what is there, and keep their promises."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from runner.command import CHECKOUT

SERVICE = CHECKOUT / "docs" / "service"
PROGRAM = "/opt/mmrunner/.venv/bin/mmrunner"
UNITS = sorted(path.name for path in SERVICE.glob("*@.*"))


def unit(name: str) -> list[str]:
    return (SERVICE / name).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", UNITS)
def test_systemd_reads_the_unit(name: str, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    for path in SERVICE.glob("*@.*"):
        text = path.read_text(encoding="utf-8").replace(
            "/opt/mmrunner/.venv/bin/mmrunner", "/bin/true"
        )
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    told = subprocess.run(
        [analyze, "verify", str(tmp_path / name)], capture_output=True, text=True, check=False
    )
    assert told.stderr == ""


def test_a_halted_deploy_is_not_started_again_and_its_watchdog_outlives_it() -> None:
    lines = unit("mmrunner@.service")
    assert "RestartPreventExitStatus=2 4" in lines
    assert "SuccessExitStatus=130" in lines
    assert "KillMode=process" in lines


def test_the_container_waits_for_the_cancels_and_asks_for_health() -> None:
    compose = yaml.safe_load((SERVICE / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["lab"]
    assert service["stop_grace_period"] == "45s"
    assert "mode=health" in service["healthcheck"]["test"]
    for line in (SERVICE / "Dockerfile").read_text(encoding="utf-8").splitlines():
        if line.startswith("COPY"):
            *sources, _ = line.split()[1:]
            assert all((CHECKOUT / source).exists() for source in sources)
