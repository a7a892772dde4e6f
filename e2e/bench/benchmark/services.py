"""The InferenceServices that are measured."""

import re
from typing import Any

from .kube import Api, condition, wait_until
from .owner import Owner
from .settings import CHECKOUT, NAMESPACE

QUICKSTART = CHECKOUT / "examples/quickstart"
OWNER = Owner(
    "InferenceService",
    "modelweir.dev/inference-service",
    ("ServiceAccount", "NetworkPolicy", "Service", "Deployment"),
    ("ReplicaSet", "Pod"),
)


def quickstart(name: str) -> str:
    """The YAML of the quick start under another name."""
    text, changed = re.subn(
        r"^(metadata:\n  name:) \S+$",
        rf"\1 {name}\n  namespace: {NAMESPACE}",
        (QUICKSTART / "isvc.yaml").read_text(),
        flags=re.MULTILINE,
    )
    if changed != 1:
        raise RuntimeError(f"{QUICKSTART}/isvc.yaml does not begin its metadata with a name")
    return text


def simulated(name: str) -> dict[str, Any]:
    """The service of the quick start for simulated nodes, where pods are Ready without running."""
    uri = re.search(r"storageUri: (\S+)", (QUICKSTART / "isvc.yaml").read_text())
    assert uri, "the quick start names its model"
    return {
        "apiVersion": "modelweir.dev/v1alpha1",
        "kind": "InferenceService",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": {
            "model": {"format": "ONNX", "storageUri": uri.group(1)},
            "runtime": {
                "podTemplate": {
                    "nodeSelector": {"type": "kwok"},
                    "tolerations": [{"key": "kwok.x-k8s.io/node", "operator": "Exists"}],
                }
            },
        },
    }


def ready(obj: dict[str, Any]) -> bool:
    return condition(obj, "Ready")


def pod_of(api: Api, name: str) -> dict[str, Any]:
    pods = api.find("Pod", NAMESPACE, f"{OWNER.label}={name}")["items"]
    if len(pods) != 1:
        raise RuntimeError(f"expected one pod of {name}, found {len(pods)}")
    return pods[0]


def delete(api: Api, name: str) -> None:
    """Deletes one service and waits until its pods are gone, so that they use no processor."""
    api.delete("InferenceService", NAMESPACE, name)
    wait_until(f"the pods of {name} are gone", lambda: not OWNER.left(api, "Pod", name), 120)
