"""The servers that are measured: how each is started, and which forms it understands."""

import json
import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import installed
from .names import OURS
from .workload import FORMS, GRPC, JSON

CHECKOUT = Path(__file__).resolve().parents[3]
START_SCRIPT = CHECKOUT / "inference-runtime/server/target/image/server.work/start"


@dataclass(frozen=True)
class Start:
    """What a server is to serve, and where."""

    model: Path
    name: str
    port: int
    grpc_port: int
    metrics_port: int
    workers: int

    @property
    def environment(self) -> dict[str, str]:
        return {
            "MODEL_FILE": str(self.model),
            "MODEL_NAME": self.name,
            "PORT": str(self.port),
            "GRPC_PORT": str(self.grpc_port),
            "METRICS_PORT": str(self.metrics_port),
            "WORKERS": str(self.workers),
            # Thread pools below numpy and others; inference has one thread per worker.
            "OMP_NUM_THREADS": "1",
            "ORT_DISABLE_TELEMETRY": "1",
            "BENTOML_DO_NOT_TRACK": "1",
            "MODELWEIR_TERMINATION_LOG": os.devnull,
        }


@dataclass(frozen=True)
class Server:
    """`command` raises Unavailable where the server cannot be had."""

    name: str
    forms: tuple[str, ...]
    command: Callable[[Start], list[str]]
    environment: dict[str, str] = field(default_factory=dict)
    grpc_on_own_port: bool = True


def modelweir(
    start_script: Path,
    java_options: list[str],
    name: str = OURS,
    forms: tuple[str, ...] = FORMS,
    config: dict[str, Any] | None = None,
    versions: int = 1,
) -> Server:
    """As its image starts it: the same Java, flags and AOT cache.

    `config` is the model's configuration in Triton's words; without it, all is measured.
    With it there may be several versions of the model, all of them the same.
    """

    def command(start: Start) -> list[str]:
        if not start_script.exists():
            raise installed.Unavailable(
                f"{start_script} is missing; build it:"
                " ./mvnw -pl inference-runtime/server -am package -DskipTests"
            )
        arguments = ["--model-path", start.model, "--model-name", start.name]
        if config is not None:
            arguments = ["--model-repository", _repository(start, name, config, versions)]
        ports = ["--http-port", start.port, "--metrics-port", start.metrics_port]
        return list(map(str, [start_script, *arguments, *ports]))

    # An empty one would be as good, but Java tells of each.
    environment = {"JDK_JAVA_OPTIONS": " ".join(java_options)} if java_options else {}
    return Server(name, forms, command, environment, grpc_on_own_port=False)


def _repository(start: Start, name: str, config: dict[str, Any], versions: int) -> Path:
    """A folder with the model, which is the same file, and the configuration beside it."""
    folder = start.model.parents[2] / "configured" / name
    home = folder / start.name
    shutil.rmtree(home, ignore_errors=True)
    for version in range(1, versions + 1):
        (home / str(version)).mkdir(parents=True)
        os.link(start.model, home / str(version) / "model.onnx")
    (home / "config.json").write_text(json.dumps(config))
    return folder


def _peer(name: str) -> Path:
    return installed.PEERS / name


def _fastapi(start: Start) -> list[str]:
    return [
        *(str(installed.venv("fastapi")), "-m", "uvicorn", "server:app"),
        *("--app-dir", str(_peer("fastapi")), "--host", "127.0.0.1", "--port", str(start.port)),
        *("--loop", "uvloop", "--http", "httptools", "--workers", str(start.workers)),
        *("--no-access-log", "--log-level", "warning"),
    ]


def _fastify(_: Start) -> list[str]:
    packages = installed.npm("fastify")
    return ["env", f"PACKAGES={packages}", "node", str(_peer("fastify") / "server.mjs")]


def _kserve(_: Start) -> list[str]:
    # A line per request goes to the log otherwise.
    quiet = ["--log_config_file", str(_peer("kserve") / "logging.json")]
    return [str(installed.venv("kserve")), str(_peer("kserve") / "serve.py"), *quiet]


def _script(name: str, script: str) -> Callable[[Start], list[str]]:
    return lambda _: [str(installed.venv(name)), str(_peer(name) / script)]


def _bentoml(start: Start) -> list[str]:
    python = installed.venv("bentoml")
    return [
        *(str(python.parent / "bentoml"), "serve", "service:Service"),
        *("--working-dir", str(_peer("bentoml")), "--host", "127.0.0.1"),
        *("--port", str(start.port)),
    ]


PEERS = (
    Server("FastAPI", (JSON,), _fastapi),
    Server("Fastify", (JSON,), _fastify),
    Server("MLServer", (JSON, GRPC), _script("mlserver", "serve.py")),
    Server("KServe", FORMS, _kserve),
    Server("BentoML", (JSON,), _bentoml),
    Server("LitServe", (JSON,), _script("litserve", "serve.py")),
)


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
