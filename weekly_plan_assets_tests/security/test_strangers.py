"""What strangers on this machine, and in files, cannot do."""

import gzip
import os
import socket
import stat
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from weekly_plan_assets.sources.athlete_yaml import read_athlete_file
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.files import file_reading
from weekly_plan_assets.sources.files.file_reading import parse_file
from weekly_plan_assets.storage.embedded import EmbeddedServer
from weekly_plan_assets_tests.storage.embedded.conftest import folder, server  # noqa: F401
from weekly_plan_assets_tests.support.dagster_ui import DagsterUi, free_port, wait_for
from weekly_plan_assets_tests.support.file_texts import gpx_text
from weekly_plan_assets_tests.support.other_user import NOBODY, as_nobody
from weekly_plan_assets_tests.support.terminal import Terminal

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


def test_another_user_can_neither_connect_to_the_embedded_server_nor_see_its_files(
    server: EmbeddedServer,  # noqa: F811 - the fixture
    folder: Path,  # noqa: F811 - the fixture
) -> None:
    with server.lease():
        # The folders above are open, so that it is the server's own folder that keeps them out.
        folder.parent.chmod(0o755)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert as_nobody(CONNECT, str(folder / "mongod.sock")) == "refused"
        for private in (folder, folder / "data"):
            assert as_nobody(LOOK, str(private)) == "refused"


def test_the_embedded_server_listens_on_no_port(
    server: EmbeddedServer,  # noqa: F811 - the fixture
) -> None:
    with server.lease():
        process = psutil.Process(server.status().pid)
        listening = [
            one for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN
        ]
        assert listening == []


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can plant a trap")
def test_a_state_folder_in_the_hands_of_another_user_is_refused_in_one_sentence(
    terminal: Terminal, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir(mode=0o755)
    trap = tmp_path / "trap"
    trap.symlink_to(own)
    os.chown(trap, int(NOBODY), int(NOBODY), follow_symlinks=False)
    for state, why in (
        (trap, f"the link {trap} was made by user nobody"),
        (trap / "state", f"the link {trap} was made by user nobody"),
    ):
        place = {"WEEKLY_PLAN_STATE_DIR": str(state)}
        run = terminal.run("run", "--week", "2024-04-15", **place)
        assert run.returncode == 1
        assert " ".join(run.stderr.split()).endswith(
            f"{why}; set WEEKLY_PLAN_STATE_DIR to a folder of your own"
        )
        assert "Traceback" not in run.stderr
        started = terminal.run("db", "start", **place, MONGO_URL="")
        assert started.returncode == 1
        assert why in " ".join(started.stderr.split())
        found = terminal.run("doctor", **place)
        assert f"WRONG state folder: {why}" in " ".join(found.stdout.split())
    assert list(own.iterdir()) == []
    assert stat.S_IMODE(own.stat().st_mode) == 0o755


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can plant a trap")
def test_dev_writes_nothing_through_links_that_another_user_put_into_its_folder(
    terminal: Terminal, tmp_path: Path
) -> None:
    dev = tmp_path / "state" / "dagster" / "sample" / "dev"
    dev.mkdir(parents=True)
    precious = tmp_path / "precious"
    precious.write_text("important")
    for name in ("dev.json", "dev.lock", "workspace.yaml", "daemon.log"):
        (dev / name).symlink_to(precious)
    for path in (tmp_path / "state", *(tmp_path / "state").rglob("*")):
        os.chown(path, int(NOBODY), int(NOBODY), follow_symlinks=False)
    begun = terminal.run(
        *("dev", "--port", str(free_port())), WEEKLY_PLAN_STATE_DIR=str(tmp_path / "state")
    )
    assert begun.returncode == 1
    assert "belongs to user nobody; set WEEKLY_PLAN_STATE_DIR" in " ".join(begun.stderr.split())
    assert precious.read_text() == "important"
    assert not (dev / "code.sock").exists()


@pytest.mark.slow
def test_what_earlier_versions_left_open_is_closed_by_the_next_command(
    terminal: Terminal, tmp_path: Path
) -> None:
    assert terminal.run("run", "--week", "2024-04-15").returncode == 0
    state = Path(terminal.environment["WEEKLY_PLAN_STATE_DIR"])
    for parent, folders, files in os.walk(state):
        for path in (Path(parent, name) for name in (*folders, *files)):
            path.chmod(0o755 if path.is_dir() else 0o644)
    state.chmod(0o755)
    assert terminal.run("run", "--week", "2024-04-15").returncode == 0
    bundle = tmp_path / "bundles"
    assert terminal.run("export", "latest", "--to", str(bundle)).returncode == 0
    for parent, folders, files in [*os.walk(state), *os.walk(bundle)]:
        assert stat.S_IMODE(Path(parent).stat().st_mode) == 0o700, parent
        for path in (Path(parent, name) for name in (*folders, *files)):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


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
    for limit in ("LARGEST_FIT_BYTES", "LARGEST_XML_BYTES"):
        monkeypatch.setattr(file_reading, limit, 4 * 1024**2)
    (tmp_path / name).write_bytes(gzip.compress(b" " * 64 * 1024**2))
    before = psutil.Process().memory_info().rss
    assert parse_file(tmp_path / name).fault == "it holds more than 4 MiB"
    assert psutil.Process().memory_info().rss - before < 32 * 1024**2


@pytest.mark.parametrize("elements", ["<a/>" * 300_000, "<trk/>" * 300_000])
def test_endless_xml_without_entities_does_not_fill_the_memory(
    tmp_path: Path, elements: str
) -> None:
    (tmp_path / "many.gpx").write_text(f"<gpx>{elements}</gpx>")
    before = psutil.Process().memory_info().rss
    assert parse_file(tmp_path / "many.gpx").fault
    assert psutil.Process().memory_info().rss - before < 32 * 1024**2


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
