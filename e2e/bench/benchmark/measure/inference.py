"""The question that every served model must answer, and how long the first right answer takes."""

import json
import time

from ..http1 import Connection, post
from ..kube import Api, wait_until
from ..services import QUICKSTART
from ..settings import NAMESPACE

CLASSES = [0, 1, 2]
REQUEST = json.dumps(json.loads((QUICKSTART / "request.json").read_text())).encode()


def inference_request(name: str) -> bytes:
    return post(f"{name}.{NAMESPACE}.svc", f"/v2/models/{name}/infer", REQUEST)


def correct(status: int, body: bytes) -> bool:
    return status == 200 and any(
        output["data"] == CLASSES for output in json.loads(body)["outputs"]
    )


def cluster_ip(api: Api, name: str) -> str:
    """The address of a Service that is just being made."""

    def address() -> str | None:
        service = api.get("Service", NAMESPACE, name)
        return service["spec"]["clusterIP"] if service else None

    return wait_until(f"Service {name}", address, 60, every=0.005)


def first_answer(api: Api, name: str) -> float:
    """When the first correct answer came through the Service, asked for every few milliseconds."""
    address, question = cluster_ip(api, name), inference_request(name)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with Connection(address, 80, timeout=0.2) as connection:
                if correct(*connection.ask(question)):
                    return time.time()
        except OSError:
            pass  # nobody answers yet
        time.sleep(0.002)
    raise TimeoutError(f"no correct answer of {name} in 120 s")
