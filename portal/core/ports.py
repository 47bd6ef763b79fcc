"""Is the port free? Asked by bin/run before anything is installed, so standard library only."""

import errno
import os
import socket
import sys

LOOPBACK = "127.0.0.1"


class PortNotUsable(Exception):
    """The port is no port, is taken, or needs rights we don't have; the message says what to do."""


def check_port(text: str, *, host: str = LOOPBACK) -> None:
    """Raise PortNotUsable unless a server could listen on this port now."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise PortNotUsable(f"PORT is '{text}'. Set it to a number from 1 to 65535: PORT=8001 bin/run")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        # As the web server does, so that a port it has just left counts as free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, int(text)))
        except OSError as error:
            raise PortNotUsable(_explain(error, int(text))) from error


def _explain(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8001
        return f"Port {port} is taken by another program. Stop that one, or choose another port: PORT={other} bin/run"
    if error.errno == errno.EACCES:
        return f"Port {port} needs root. Choose one above 1023: PORT=8001 bin/run"
    return f"Port {port} can't be used: {os.strerror(error.errno or 0)}."


if __name__ == "__main__":
    try:
        check_port(sys.argv[1], host=sys.argv[2])
    except PortNotUsable as problem:
        sys.exit(str(problem))
