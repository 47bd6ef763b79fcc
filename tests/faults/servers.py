"""Servers of a test's own, which it may kill, stop for a while, fill and start again on the same port."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

from tests.commands.processes import free_port, wait_until


class Redis:
    """A Redis without a disk, as a broker needs none."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([*command, "--dir", str(self._folder)], stdout=subprocess.DEVNULL)
        assert wait_until(lambda: self.say("ping") == "PONG", seconds=10)

    def say(self, *words: str) -> str:
        command = ["redis-cli", "-p", str(self.port), *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=False).stdout.strip()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        self.kill()
        self.start()

    def freeze(self) -> None:
        """Answer nothing, while connections are still taken."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)


class PostgreSQL:
    """A PostgreSQL that writes for good before it says yes, as one in production does."""

    def __init__(self, folder: Path, *, most_connections: int = 100) -> None:
        self.port, self._folder = free_port(), folder / "postgresql"
        self._programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        self._options = f"-c port={self.port} -c listen_addresses=127.0.0.1 -c max_connections={most_connections} "
        self._options += "-c unix_socket_directories='' -c superuser_reserved_connections=1"
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            for parent in folder.parents:
                # Another user shall reach it.
                parent.chmod(parent.stat().st_mode | 0o011)
        self._do("initdb", "--username=portal", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://portal@127.0.0.1:{self.port}/postgres"

    def _do(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), f"--pgdata={self._folder}", *arguments]
        if os.geteuid() == 0:  # it refuses to run as root
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def start(self) -> None:
        log = f"--log={self._folder}.log"
        self._do("pg_ctl", log, "--wait", "--silent", "start", f"--options={self._options}")

    def restart(self) -> None:
        self._do(
            "pg_ctl", f"--log={self._folder}.log", "--wait", "--mode=fast", f"--options={self._options}", "restart"
        )

    def kill(self) -> None:
        """End it as a power cut does: its first process, and all that it made."""
        first = psutil.Process(int((self._folder / "postmaster.pid").read_text().split()[0]))
        others = first.children()
        for process in (first, *others):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs([first, *others], timeout=10)

    def end(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self._do("pg_ctl", "--mode=immediate", "--wait", "stop")
