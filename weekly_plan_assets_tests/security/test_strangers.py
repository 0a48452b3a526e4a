"""What strangers on this machine, and in files, cannot do."""

import gzip
import os
import shutil
import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from weekly_plan_assets.sources.athlete_file import read_athlete_file
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.files import reading, xml
from weekly_plan_assets.sources.files.reading import parse_file
from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets_tests.conftest import missing_part
from weekly_plan_assets_tests.dagster_ui import DagsterUi, free_port, wait_for
from weekly_plan_assets_tests.sources.files.texts import gpx_text
from weekly_plan_assets_tests.storage.embedded.conftest import folder, server  # noqa: F401
from weekly_plan_assets_tests.terminal import Terminal

NOBODY = "65534"
CONNECT = """
import socket, sys
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
except PermissionError:
    print("refused")
"""
LOOK = """
import os, sys
try:
    print(os.listdir(sys.argv[1]))
except PermissionError:
    print("refused")
"""


def as_nobody(script: str, path: Path) -> str:
    """What a Python program of another user says."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can act as another user")
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        missing_part("there is no setpriv to act as another user with")
        raise AssertionError
    python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
    done = subprocess.run(
        [
            *(setpriv, "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"),
            *(python, "-c", script, str(path)),
        ],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_another_user_can_neither_connect_to_the_embedded_server_nor_see_its_files(
    server: EmbeddedServer,  # noqa: F811 - the fixture
    folder: Path,  # noqa: F811 - the fixture
) -> None:
    with server.lease():
        # The folders above are open, so that it is the server's own folder that keeps them out.
        folder.parent.chmod(0o755)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert as_nobody(CONNECT, folder / "mongod.sock") == "refused"
        for private in (folder, folder / "data"):
            assert as_nobody(LOOK, private) == "refused"


def test_the_embedded_server_listens_on_no_port(
    server: EmbeddedServer,  # noqa: F811 - the fixture
) -> None:
    with server.lease():
        process = psutil.Process(server.status().pid)
        listening = [
            one for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN
        ]
        assert listening == []


def addresses_of_this_machine() -> set[str]:
    return {
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family is socket.AF_INET and not address.address.startswith("127.")
    }


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_dev_listens_on_loopback_alone(terminal: Terminal) -> None:
    port = free_port()
    process = terminal.popen("dev", "--port", str(port))
    try:
        wait_for(DagsterUi(port).is_up, "the UI")
        family = [
            psutil.Process(process.pid),
            *psutil.Process(process.pid).children(recursive=True),
        ]
        listening = {
            one.laddr.ip
            for member in family
            for one in member.net_connections("inet")
            if one.status == psutil.CONN_LISTEN
        }
        assert listening
        assert all(address in {"127.0.0.1", "::1"} for address in listening), listening
        for address in addresses_of_this_machine():
            with socket.socket() as stranger:
                assert stranger.connect_ex((address, port)) != 0
    finally:
        process.terminate()
        process.communicate(timeout=60)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "athlete.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['touch pwned']",
        "!!python/name:os.system",
        "!!python/object:weekly_plan_assets.settings.Settings {}",
    ],
)
def test_a_yaml_tag_that_makes_objects_is_refused_with_its_line(tmp_path: Path, tag: str) -> None:
    with pytest.raises(SourceError, match=r"athlete\.yaml, line 2: this is not YAML, could not"):
        read_athlete_file(written(tmp_path, f"language: en\nraces: {tag}\n"))


@pytest.mark.parametrize("merge", ["[*{0}, *{0}, *{0}]", "{{<<: [*{0}, *{0}, *{0}]}}"])
def test_yaml_that_grows_without_end_is_refused_soon(tmp_path: Path, merge: str) -> None:
    lines = ["races:", "  - &a0 {x: 1}"]
    lines += [f"  - &a{n} {merge.format(f'a{n - 1}')}" for n in range(1, 40)]
    with pytest.raises(SourceError, match=r"athlete\.yaml"):
        read_athlete_file(written(tmp_path, "\n".join(lines)))


BILLION_LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE gpx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<gpx><name>&b;</name></gpx>"""
READS_A_FILE = """<?xml version="1.0"?>
<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<gpx><name>&a;</name></gpx>"""


@pytest.mark.parametrize("text", [BILLION_LAUGHS, READS_A_FILE])
@pytest.mark.parametrize("name", ["bomb.gpx", "bomb.tcx"])
def test_xml_with_entities_is_refused_in_one_sentence(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    parsed = parse_file(tmp_path / name)
    assert parsed.fault == "it declares a document type, which is refused as unsafe"
    assert parsed.recordings == ()


@pytest.mark.parametrize("name", ["bomb.fit.gz", "bomb.gpx.gz", "bomb.tcx.gz"])
def test_an_archive_that_grows_is_refused_in_one_sentence_without_being_unpacked(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE_BYTES", 4 * 1024**2)
    (tmp_path / name).write_bytes(gzip.compress(b" " * 64 * 1024**2))
    before = psutil.Process().memory_info().rss
    assert parse_file(tmp_path / name).fault == "it holds more than 4 MiB"
    assert psutil.Process().memory_info().rss - before < 32 * 1024**2


def test_endless_xml_without_entities_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml, "MOST_TAGS", 1000)
    (tmp_path / "many.gpx").write_text("<gpx>" + "<a/>" * 1000 + "</gpx>")
    assert parse_file(tmp_path / "many.gpx").fault == "it holds more than 1000 tags"


@pytest.mark.parametrize("name", ["deep.gpx", "deep.tcx"])
def test_xml_nested_without_end_ends_in_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<a>" * 200_000 + "</a>" * 200_000)
    assert parse_file(tmp_path / name).fault


def test_bombs_beside_good_files_are_named_and_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "bomb.gpx").write_text(BILLION_LAUGHS)
    (tmp_path / "activities.json").write_text("[]")
    (tmp_path / "good.gpx").write_text(gpx_text(datetime(2024, 1, 9, 7, tzinfo=UTC), [120, 121]))
    source = ExportFolderSource(tmp_path)
    assert source.first_day() is not None
    (problem,) = source.problems
    assert str(problem).startswith("bomb.gpx")
    (tmp_path / "activities.json").write_text("[" * 100_000)
    with pytest.raises(SourceError, match=r"activities\.json"):
        ExportFolderSource(tmp_path).first_day()
