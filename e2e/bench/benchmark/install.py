"""Installs Modelweir for the time of the measurement, and removes all of it."""

import subprocess
import xml.etree.ElementTree as xml
from collections.abc import Iterator
from contextlib import contextmanager

from . import operator
from .kube import Api, wait_until
from .settings import CHECKOUT, NAMESPACE

CRDS = [
    f"{plural}.modelweir.dev"
    for plural in ("inferenceservices", "trainingjobs", "models", "modelversions")
]


def version() -> str:
    pom = xml.parse(CHECKOUT / "pom.xml")
    return pom.findtext("{http://maven.apache.org/POM/4.0.0}version") or ""


@contextmanager
def modelweir(api: Api, cluster_command: str, values: list[str], cleanup: bool) -> Iterator[None]:
    """Modelweir by its chart, and an empty namespace; `cleanup` unless the cluster ends as well."""

    def helm(*args: str) -> None:
        command = [cluster_command, "helm", *args, "--namespace", operator.NAMESPACE]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def remove() -> None:
        remove_namespace(api, NAMESPACE)
        helm("uninstall", "modelweir", "--ignore-not-found", "--wait")
        kubectl("delete", "crd", *CRDS, "--ignore-not-found")
        remove_namespace(api, operator.NAMESPACE)

    remove()  # what a killed run left
    kubectl("create", "namespace", NAMESPACE)
    tags = [f"image.tag={version()}", f"runtimeImage.tag={version()}"]
    settings = [part for value in [*tags, *values] for part in ("--set", value)]
    chart = str(CHECKOUT / "helm-chart")
    helm("install", "modelweir", chart, "--create-namespace", "--wait", *settings)
    try:
        yield
    finally:
        if cleanup:
            remove()


def kubectl(*args: str, given: str = "") -> None:
    subprocess.run(["kubectl", *args], input=given.encode(), check=True, stdout=subprocess.DEVNULL)


def remove_namespace(api: Api, name: str) -> None:
    api.delete("Namespace", None, name)
    gone = lambda: api.get("Namespace", None, name) is None  # noqa: E731
    wait_until(f"namespace {name} is gone", gone, 300, every=0.2)
