"""What is said of a port before anything is started."""

import socket
from collections.abc import Iterator

import pytest

from portal.core.ports import PortNotUsable, check_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_free_port_is_fine() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        free_port = listener.getsockname()[1]

    check_port(str(free_port))


def test_a_taken_port_is_named_with_the_next_one(taken_port: int) -> None:
    with pytest.raises(PortNotUsable, match=rf"Port {taken_port} is taken .* PORT={taken_port + 1} bin/run"):
        check_port(str(taken_port))


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "80.5"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(PortNotUsable, match=rf"PORT is '{text}'.*PORT=8001 bin/run"):
        check_port(text)


def test_an_address_of_another_machine_is_refused_in_words() -> None:
    with pytest.raises(PortNotUsable, match=r"Port 8123 can't be used: "):
        check_port("8123", host="192.0.2.1")
