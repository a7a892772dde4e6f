"""What an answer costs at least: a server without work in the network of the same pod.

It takes as many bytes and sends as many, through a Service as well, so that what differs from
the runtime is the runtime. Run as a program, this file is that server.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..kube import Api

PORT = 9999


@contextmanager
def peer(api: "Api", service: str, pid: int, request: int, answer: bytes) -> Iterator[str]:
    """The address of the peer of a service, whose runtime is the process `pid`."""
    from ..http1 import Connection
    from ..services import OWNER
    from ..settings import NAMESPACE

    name = f"{service}-peer"
    ports = [{"name": "http", "port": 80, "targetPort": PORT}]
    made = api.apply(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name, "namespace": NAMESPACE},
            "spec": {"selector": {OWNER.label: service}, "ports": ports},
        }
    )
    address = made["spec"]["clusterIP"]
    network = f"--net=/proc/{pid}/ns/net"
    command = ["nsenter", network, sys.executable, __file__, str(request), answer.decode()]
    server = subprocess.Popen(command)
    try:
        for _ in range(500):
            try:
                Connection(address, 80, timeout=1).__exit__()
                break
            except OSError:
                time.sleep(0.02)
        yield address
    finally:
        server.kill()
        server.wait()
        api.delete("Service", NAMESPACE, name)


def serve(request: int, answer: bytes) -> None:
    """Answers after each `request` bytes."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}"
    response = head.encode() + b"\r\n\r\n" + answer
    with socket.create_server(("", PORT)) as listener:
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting = request
            while received := connection.recv(65536):
                waiting -= len(received)
                if waiting == 0:
                    connection.sendall(response)
                    waiting = request
            connection.close()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2].encode())
