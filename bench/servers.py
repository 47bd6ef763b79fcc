"""Web servers started for a measurement, and what asking them costs."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from statistics import mean, median, quantiles

import psutil

ROOT = Path(__file__).resolve().parent.parent
CONSTANT = "/bench-constant/"
PATIENCE_SECONDS = 600
AT_ONCE = 8


class WrongAnswer(Exception):
    """A server didn't answer 200, so there is nothing to measure."""


@dataclass(frozen=True)
class Cost:
    """What answers cost: seconds until the last byte, and seconds of CPU in all the server's processes."""

    p50: float
    p95: float
    cpu: float

    @classmethod
    def of(cls, seconds: list[float], cpu: list[float]) -> "Cost":
        last = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
        return cls(median(seconds), last, mean(cpu))


class Server:
    """A server of one or several processes, on a port of its own."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = psutil.Process(process.pid)
        self._port = port

    def ask(self, address: str, cookie: str = "") -> float:
        """Return how many seconds the answer took, over a new connection."""
        started = time.perf_counter()
        self.body_of(address, cookie)
        return time.perf_counter() - started

    def body_of(self, address: str, cookie: str = "") -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        connection.request("GET", address, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise WrongAnswer(f"{address[:80]} answered {answer.status}.")
        return body

    def cost_of(self, address: str, times: int, cookie: str = "") -> Cost:
        """Ask again and again, as the visitor whom the cookie names."""
        before = self.cpu()
        seconds = [self.ask(address, cookie) for _ in range(times)]
        return Cost.of(seconds, [(self.cpu() - before) / times])

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer: those that have started no other."""
        everyone = [self._process, *self._process.children(recursive=True)]
        return [process for process in everyone if not process.children()]

    def cpu(self) -> float:
        return sum(map(_cpu, self.workers()))

    def warm(self, address: str) -> None:
        """Ask until every process has made the answer once, and so keeps it."""
        before = {worker.pid: _cpu(worker) for worker in self.workers()}
        self.ask(address)
        while True:
            spent = [_cpu(worker) - before.get(worker.pid, 0) for worker in self.workers()]
            if min(spent) > max(spent) / 3:
                return
            with ThreadPoolExecutor(AT_ONCE) as clients:
                list(clients.map(self.ask, [address] * AT_ONCE))

    def memory(self) -> list[tuple[float, float]]:
        """Return the megabytes each process holds, and held at most."""
        return [(worker.memory_info().rss / 1e6, _peak(worker.pid)) for worker in self.workers()]


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM"))


def portal(scratch: Path, application: str) -> AbstractContextManager[Server]:
    """Start one web process, as the supervisor does; bench.constant answers the scratch folder's file `constant`."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
    environment = os.environ | {"BENCH_CONSTANT": str(scratch / "constant"), "PYTHONPATH": str(ROOT)}
    environment["API_PER_MINUTE"] = "10000000"  # one address asks all there is, and counting it is part of the cost
    return running(command, port, scratch / "portal.log", **environment)


@contextmanager
def running(command: list[str], port: int, log: Path, **environment: str) -> Iterator[Server]:
    """Start a server, hand it over once it answers on its port, and stop it in the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        try:
            _wait_for(process, port, log)
            yield Server(process, port)
        finally:
            process.terminate()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    while process.poll() is None:
        with socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"A server ended at once:\n{log.read_text()}")


def free_port() -> int:
    with socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])
