"""What deploy/ ships for the proxy, in a real nginx in front of anything that listens on a port of this machine."""

import http.client
import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.commands.processes import free_port, listens, wait_until

NAME = "portal.example.nhs.uk"


class Proxy(NamedTuple):
    """The ports of the shipped configuration, and the process."""

    plain: int
    secure: int
    process: "subprocess.Popen[bytes]"


@contextmanager
def shipped_proxy(checkout: Path, folder: Path, *, in_front_of: int) -> Iterator[Proxy]:
    key, certificate, plain, secure = folder / "privkey.pem", folder / "fullchain.pem", free_port(), free_port()
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    shipped = checkout / "deploy" / "nginx"
    text = (shipped / "nginx.conf").read_text()
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    for of_the_shipped, here in {
        "include /etc/nginx/conf.d/*.conf;": temporary + (shipped / "portal.conf.template").read_text(),
        "${PORTAL_NAME}": NAME,
        "${PORTAL_WEB}": f"127.0.0.1:{in_front_of}",
        "/etc/nginx/tls": str(folder),
        "/var/log/nginx": str(folder),
        "listen [::]:80 default_server;": "",
        "listen [::]:443 ssl default_server;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen 443": f"listen 127.0.0.1:{secure}",
    }.items():
        assert of_the_shipped in text
        text = text.replace(of_the_shipped, here)
    configuration = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""
    configuration.write_text(f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log;\n{text}")
    started = ["nginx", "-c", str(configuration)]
    subprocess.run([*started, "-t"], check=True, capture_output=True)
    nginx = subprocess.Popen(started, stderr=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: listens(secure), seconds=20)
        yield Proxy(plain, secure, nginx)
    finally:
        nginx.terminate()
        nginx.wait(timeout=20)


def speak_tls(port: int, *, host: str = NAME, source: str = "127.0.0.1") -> ssl.SSLSocket:
    """Connect as the visitor with this address of this machine."""
    context = ssl._create_unverified_context()  # noqa: S323 (made for this test)
    plain = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0))
    return context.wrap_socket(plain, server_hostname=host)


def ask(port: int, path: str = "/", *, host: str = NAME, method: str = "GET", **more: Any) -> tuple[int, Any]:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        asking.sock = speak_tls(port, host=host)
        asking.request(method, path, headers={"Host": host, **more.pop("headers", {})}, **more)
        answer = asking.getresponse()
        return answer.status, answer.read()
    finally:
        asking.close()
