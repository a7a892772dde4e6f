"""The TrainingJobs that are measured."""

from typing import Any

from .owner import Owner
from .settings import NAMESPACE

OWNER = Owner(
    "TrainingJob",
    "modelweir.dev/training-job",
    ("ServiceAccount", "NetworkPolicy", "Service", "Job"),
    ("Pod",),
)
IMAGE = "registry.modelweir.dev/bench/trainer:none"  # simulated nodes pull nothing
NODE_SELECTOR = {"type": "kwok"}
TOLERATIONS = [{"key": "kwok.x-k8s.io/node", "operator": "Exists"}]
FOR_EVER = "24h"
GPU = "nvidia.com/gpu"


def simulated(name: str, workers: int = 1, gpus: int = 0, runs: str = FOR_EVER) -> dict[str, Any]:
    """A training for simulated nodes, whose pods run that long and then end well."""
    template: dict[str, Any] = {
        "image": IMAGE,
        "resources": {"requests": _requests(gpus)},
        "podTemplate": {
            "annotations": _lasting(runs),
            "nodeSelector": NODE_SELECTOR,
            "tolerations": TOLERATIONS,
        },
    }
    if gpus:
        template["accelerator"] = {"vendor": "NVIDIA", "count": gpus}
    return {
        "apiVersion": "modelweir.dev/v1alpha1",
        "kind": "TrainingJob",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "spec": {"workers": workers, "template": template},
    }


def plain_job(name: str, workers: int, gpus: int) -> dict[str, Any]:
    """The same pods as somebody without an operator would have them made: started at once."""
    resources = {"requests": _requests(gpus), "limits": {GPU: str(gpus)}}
    spec = {
        "restartPolicy": "Never",
        "nodeSelector": NODE_SELECTOR,
        "tolerations": TOLERATIONS,
        "containers": [{"name": "train", "image": IMAGE, "resources": resources}],
    }
    metadata = {"labels": {OWNER.label: name}, "annotations": _lasting(FOR_EVER)}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": {OWNER.label: name}},
        "spec": {
            "completionMode": "Indexed",
            "completions": workers,
            "parallelism": workers,
            "backoffLimit": 0,
            "template": {"metadata": metadata, "spec": spec},
        },
    }


def _requests(gpus: int) -> dict[str, str]:
    """Little without devices; with them a processor and some memory for each, as is usual."""
    if gpus:
        return {"cpu": str(gpus), "memory": f"{8 * gpus}Gi"}
    return {"cpu": "10m", "memory": "16Mi"}


def of_pod(pod: dict[str, Any]) -> str:
    """The training that a pod belongs to."""
    name: str = pod["metadata"].get("labels", {}).get(OWNER.label, "")
    return name


def is_told(training: dict[str, Any]) -> bool:
    """Whether its status says where it stands."""
    return "phase" in training.get("status", {})


def has_run(training: dict[str, Any]) -> bool:
    """Whether its status says that all its workers run, or ran."""
    return training.get("status", {}).get("phase") in ("Running", "Succeeded")


def succeeded(training: dict[str, Any]) -> bool:
    phase: str = training.get("status", {}).get("phase", "")
    return phase == "Succeeded"


def pod_runs(pod: dict[str, Any]) -> bool:
    """Whether it runs, or ran."""
    return pod["status"]["phase"] in ("Running", "Succeeded")


def complete(job: dict[str, Any]) -> bool:
    conditions = job.get("status", {}).get("conditions", [])
    return any(c["type"] == "Complete" and c["status"] == "True" for c in conditions)


def _lasting(duration: str) -> dict[str, str]:
    """Read by the stage `pod-complete` of the simulated nodes."""
    return {"pod-complete.stage.kwok.x-k8s.io/delay": duration}
