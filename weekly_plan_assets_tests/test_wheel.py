"""The wheel in an environment of its own, far from any checkout, as a user installs it.

The libraries are those of the tests: installing them again would need an index and minutes.
"""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.installation import PROJECT_ROOT
from weekly_plan_assets_tests.conftest import missing_part
from weekly_plan_assets_tests.support.dagster_ui import free_port

STATE = Path(".local", "share", "weekly-plan")
CONFIG = Path(".config", "weekly-plan")


@dataclass(frozen=True)
class Installed:
    """A user with a home, an empty working folder, and the wheel in an environment."""

    environment: Path
    home: Path
    here: Path

    @property
    def site_packages(self) -> Path:
        (folder,) = self.environment.glob("lib/python*/site-packages")
        return folder

    def popen(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        ours = {str(field.alias) for field in Settings.model_fields.values()}
        not_handed_on = {*ours, "DAGSTER_HOME", "PYTHONPATH", "XDG_DATA_HOME", "XDG_CONFIG_HOME"}
        own = {name: text for name, text in os.environ.items() if name not in not_handed_on}
        return subprocess.Popen(
            [str(self.environment / "bin" / "weekly-plan"), *arguments],
            cwd=self.here,
            env={**own, "HOME": str(self.home), "COLUMNS": "160", "NO_COLOR": "1", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        process = self.popen(*arguments, **variables)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def installed_files(self) -> set[Path]:
        """What is in the environment, without what Python compiles."""
        every = self.environment.rglob("*")
        return {path for path in every if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built from this checkout."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(folder)], cwd=PROJECT_ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture
def installed(wheel: Path) -> Iterator[Installed]:
    """The wheel in a fresh environment; paths are short, for mongod's socket."""
    if os.name != "posix":
        missing_part("the layout of the environment is that of POSIX")
    folder = Path(mkdtemp(prefix="wp"))
    user = Installed(folder / "venv", folder / "home", folder / "here")
    venv.create(user.environment, with_pip=False, symlinks=True)
    for own in (user.home, user.here):
        own.mkdir(mode=0o700)
    libraries = sysconfig.get_path("purelib")
    (user.site_packages / "libraries.pth").write_text(f"{libraries}\n")
    python = str(user.environment / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index"]
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    yield user
    rmtree(folder, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_wheel_plans_a_week_and_runs_the_ui_with_its_state_in_the_folder_of_the_user(
    installed: Installed,
) -> None:
    before = installed.installed_files()
    run = installed.run("run", "--week", "2024-01-29", "--json")
    assert run.returncode == 0, run.stderr
    run_id = json.loads(run.stdout)["event"]["runId"]
    assert (installed.home / STATE / "mongodb").is_dir()
    assert (installed.home / STATE).stat().st_mode & 0o777 == 0o700
    doctor = installed.run("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert str(installed.home / STATE) in doctor.stdout

    port = free_port()
    dev = installed.popen("dev", "--port", str(port), WEEKLY_PLAN_TIMEZONE="Europe/Madrid")
    assert dev.stderr is not None
    try:
        lines = iter(dev.stderr.readline, "")
        said = [next(lines)]
        while "Dagster UI: " not in said[-1]:
            said.append(next(lines, "Dagster UI: never said"))
        assert f"Dagster UI: http://127.0.0.1:{port}" in said[-1], said
        assert "starting" in said[0], "the first line is ours, no warning of a library"
    finally:
        dev.send_signal(signal.SIGINT)
        rest = dev.communicate(timeout=90)[1]

    assert dev.returncode == 0, rest

    assert run_id in installed.run("runs").stdout
    assert list(installed.here.iterdir()) == [], "nothing is left in the working folder"
    assert installed.installed_files() == before, "nothing is written beside the code"


@pytest.mark.slow
def test_settings_of_a_wheel_are_found_in_the_working_folder_and_in_the_folder_of_the_user(
    installed: Installed,
) -> None:
    (installed.home / CONFIG).mkdir(parents=True, mode=0o700)
    own = installed.home / CONFIG / ".env"
    own.write_text("WEEKLY_PLAN_TIMEZONE=Europe/Madrid\n")
    own.chmod(0o600)
    assert "WEEKLY_PLAN_TIMEZONE: Europe/Madrid" in installed.run("doctor").stdout
    here = installed.here / ".env"
    here.write_text("WEEKLY_PLAN_TIMEZONE=America/Bogota\nWEEKLY_PLAN_STATE_DIR=state\n")
    here.chmod(0o600)
    doctor = installed.run("doctor")
    assert "WEEKLY_PLAN_TIMEZONE: America/Bogota" in doctor.stdout
    assert f"WEEKLY_PLAN_STATE_DIR: {installed.here / 'state'}" in doctor.stdout


@pytest.mark.slow
def test_a_checkout_whose_environment_holds_a_copy_of_the_code_still_finds_its_state(
    installed: Installed,
) -> None:
    """As `pip install '.[model]'` leaves it, without --editable."""
    checkout = installed.environment.parent
    for name in ("pyproject.toml", "dagster.yaml", "workspace.yaml"):
        (checkout / name).write_bytes((PROJECT_ROOT / name).read_bytes())
    (checkout / "weekly_plan_assets").mkdir()
    (checkout / "weekly_plan_assets" / "definitions.py").touch()
    doctor = installed.run("doctor")
    assert f"WEEKLY_PLAN_STATE_DIR: {checkout / '.state'} (default)" in doctor.stdout
