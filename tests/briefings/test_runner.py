"""The renderer's process: bounded in time, memory and reach, and dead when we are done with it."""

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from portal.briefings import making, work
from portal.briefings.models import BriefingPack
from portal.core import runner
from portal.environment import Environment
from tests.briefings.samples import after, queue_pack

SPIN = "while True: pass"
pytestmark = pytest.mark.slow


def run(code: str, *, data: Any = None, wall_seconds: float = 20, goes_on: bool = True) -> list[Any]:
    """Run Python code as the child; return what it said."""
    said: list[Any] = []

    def watch(message: Any) -> bool:
        if message is not None:
            said.append(message)
        return goes_on

    try:
        runner.run_child([sys.executable, "-c", code], {}, data, wall_seconds=wall_seconds, watch=watch)
    except runner.ChildFailed as failure:
        failure.said = said  # type: ignore[attr-defined]
        raise
    return said


def is_gone(pid: int) -> bool:
    """The kernel ends a killed process in its own time, so look for a while."""
    until = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_the_child_gets_the_data_and_each_line_it_prints_is_handed_on():
    code = "import json; given = json.load(open(json.loads(input())['data'])); print(1); print(json.dumps(given))"
    assert run(code, data={"title": "Ω" * 100_000}) == [1, {"title": "Ω" * 100_000}]


def test_data_that_the_child_does_not_read_blocks_nothing():
    assert run("print(1)", data="x" * 1_000_000) == [1]


def test_a_child_that_spins_is_stopped_at_the_wall_limit_with_what_it_started():
    code = (
        "import subprocess, sys\n"
        "other = subprocess.Popen([sys.executable, '-c', 'while True: pass'])\n"
        "print(other.pid); sys.stdout.flush()\n" + SPIN
    )
    begun = time.monotonic()
    with pytest.raises(runner.ChildTookTooLong) as stopped:
        run(code, wall_seconds=1.5)
    assert time.monotonic() - begun < 6
    assert is_gone(stopped.value.said[0])


def test_a_child_that_goes_silent_and_spins_is_stopped_too():
    with pytest.raises(runner.ChildTookTooLong):
        run(f"import os; os.close(1)\n{SPIN}", wall_seconds=1)


LISTS_OF_FONTS = """
from pathlib import Path
from portal.briefings import child
def lists():
    return [line.split()[0] for line in Path("/proc/self/maps").read_text().splitlines() if "/kept/" in line]
child.load(Path.cwd())
from weasyprint.text.fonts import FontConfiguration
print(lists())
FontConfiguration()
print(lists())
"""


def test_a_document_finds_the_lists_of_fonts_read_before_it_was_limited(tmp_path: Path) -> None:
    """One that read them with its memory at an end wrote them anew without most fonts, for every document to come."""
    fonts, kept = tmp_path / "fonts.conf", tmp_path / "kept"
    fonts.write_text(f"<fontconfig><dir>/usr/share/fonts</dir><cachedir>{kept}</cachedir></fontconfig>")
    command, environment = [sys.executable, "-c", LISTS_OF_FONTS], {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    for _ in range(2):  # the first time fontconfig writes them
        told = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    when_loaded, then = told.stdout.splitlines()
    assert then == when_loaded != "[]"


def test_a_child_out_of_processor_time_took_too_long():
    with pytest.raises(runner.ChildTookTooLong):
        run(f"import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\n{SPIN}")


@pytest.mark.parametrize(
    ("code", "how"), [("import os; os.kill(os.getpid(), 9)", "signal 9"), ("import sys; sys.exit(3)", "exit code 3")]
)
def test_a_child_that_dies_is_reported_with_how(code, how):
    with pytest.raises(runner.ChildDied, match=how):
        run(code)


def test_a_child_nobody_wants_any_more_is_ended():
    with pytest.raises(runner.ChildUnwanted) as ended:
        run(f"import os; print(os.getpid(), flush=True)\n{SPIN}", goes_on=False)
    assert is_gone(ended.value.said[0])


def test_a_worker_that_stops_ends_its_children(monkeypatch):
    monkeypatch.setattr(runner, "stopping", threading.Event())
    threading.Timer(1, runner.stop_children).start()
    with pytest.raises(runner.ChildStopped):
        run(SPIN)
    with pytest.raises(runner.ChildStopped):
        run(SPIN)


def test_the_child_is_not_handed_the_keys(monkeypatch):
    for name in (*Environment.model_fields, "postgres_password", "pgpassword", "aws_secret_access_key"):
        monkeypatch.setenv(name.upper(), "a secret")
    (given,) = run("import json, os; print(json.dumps(dict(os.environ)))")
    assert "PATH" in given
    assert "a secret" not in given.values()


# --- kept for the next document -------------------------------------------------------------

SAYS_WHO_IT_IS = "import os\nwhile input(): print(os.getpid()); print('{\"ended\": 0}', flush=True)"


def test_a_child_makes_one_document_and_is_gone_where_none_are_kept(monkeypatch):
    monkeypatch.setattr(runner, "_stays_warm", threading.Event())
    (one,), (other,) = run(SAYS_WHO_IT_IS), run(SAYS_WHO_IT_IS)
    assert one != other
    assert is_gone(one)


def test_a_child_that_is_kept_makes_the_next_document():
    (first,), (second,) = run(SAYS_WHO_IT_IS), run(SAYS_WHO_IT_IS)
    assert first == second
    runner.end_idle()
    assert is_gone(first)


def test_a_kept_child_that_has_ended_meanwhile_is_replaced():
    (first,) = run(SAYS_WHO_IT_IS)
    os.kill(first, 9)
    assert is_gone(first)
    assert run(SAYS_WHO_IT_IS) != [first]


@pytest.mark.parametrize("code", ["input(); print('{\"ended\": 3}', flush=True); input()", "import sys; sys.exit(3)"])
def test_a_child_whose_work_failed_is_not_kept(code):
    with pytest.raises(runner.ChildDied, match="exit code 3"):
        run(code)
    assert not runner._idle[sys.executable, "-c", code]


LIMITED = (
    "import os, socket, subprocess, sys\n"
    "from portal.briefings.child import limit_this_process\n"
    "limit_this_process(parent=os.getppid(), memory_bytes=300_000_000, cpu_seconds=20)\n"
)


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        ("socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
        ("socket.getaddrinfo('example.org', 80)", "PermissionError"),
        ("subprocess.run(['true'])", "PermissionError"),
        ("os.system('true')", "PermissionError"),
        ("bytearray(400_000_000)", "MemoryError"),
    ],
)
def test_the_renderers_process_has_no_network_no_programs_and_bounded_memory(attempt, refusal, checkout):
    done = subprocess.run([sys.executable, "-c", LIMITED + attempt], cwd=checkout, capture_output=True, text=True)
    assert done.returncode == 1
    assert refusal in done.stderr.splitlines()[-1]


def test_the_renderer_ends_at_once_when_its_parent_is_gone(checkout):
    done = subprocess.run(
        [sys.executable, "-m", "portal.briefings.child", "1", str(checkout)],
        cwd=checkout,
        input="{}",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ""


# --- making a pack with it ------------------------------------------------------------------


@pytest.fixture
def claimed(db: None) -> BriefingPack:
    queue_pack()
    pack = work.claim_due_pack()
    assert pack is not None
    return pack


def test_a_claimed_pack_is_made(claimed):
    pack = after(claimed)
    assert (pack.state, pack.percent, pack.error) == (pack.State.READY, 100, "")
    assert pack.page_count >= 3
    assert Path(pack.file.path).read_bytes().startswith(b"%PDF-1.7")
    assert [path.name for path in Path(pack.file.path).parent.glob(f"{pack.token}*")] == [f"{pack.token}.pdf"]


def test_a_pack_that_takes_too_long_fails_with_what_to_do(claimed, settings):
    settings.BRIEFINGS_RENDER_WALL_SECONDS = 0.2
    pack = after(claimed)
    assert pack.state == pack.State.FAILED
    assert f"“{pack.data['entries'][0]['title']}” holds more than can be laid out" in pack.error


def test_of_several_entries_the_one_that_holds_most_is_named_to_be_left_out():
    entries = [{"title": "Rota", "summary": ["Short."]}, {"title": "Bank", "summary": ["w" * 9_000]}]
    told = making.with_advice("It took too long.", {"entries": entries})
    assert told.startswith("It took too long. Make it with fewer entries")
    assert told.endswith("“Bank”.")


def test_a_pack_that_needs_too_much_memory_fails_and_leaves_no_file(claimed, monkeypatch):
    monkeypatch.setattr(making, "memory_limit", lambda entries: 100_000_000)
    pack = after(claimed)
    assert pack.state in (pack.State.FAILED, pack.State.QUEUED)
    assert not pack.file
    assert pack.state == pack.State.QUEUED or "holds more than can be laid out" in pack.error


def test_content_that_can_not_be_laid_out_fails_its_own_pack_only(claimed):
    broken = claimed
    BriefingPack.objects.filter(pk=broken.pk).update(data={**broken.data, "entries": [{"number": 1}]})
    broken.refresh_from_db()
    other = queue_pack(title="Another")
    assert after(broken).state == broken.State.FAILED
    assert "could not be laid out (KeyError)" in broken.error
    assert making.make_due_packs() == 1
    other.refresh_from_db()
    assert other.state == other.State.READY


def test_a_folder_that_can_not_be_written_fails_the_pack_with_the_reason(claimed, monkeypatch):
    def refuse(*args: Any) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("portal.briefings.storage.keep", refuse)
    assert "Permission denied" in after(claimed).error


@pytest.mark.parametrize(("entries", "gigabytes"), [(1, 1), (20, 1), (60, 2), (100, 3)])
def test_memory_grows_with_the_pack(entries, gigabytes):
    assert making.memory_limit(entries) == gigabytes * 10**9
