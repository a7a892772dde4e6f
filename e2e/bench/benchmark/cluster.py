"""The embedded cluster, by its command."""

import os
import subprocess
import sys
from pathlib import Path

from .settings import BENCH, CHECKOUT

IMAGES = {
    "operator": CHECKOUT / "operator/target/image/operator.tar",
    "runtime": CHECKOUT / "inference-runtime/server/target/image/server.tar",
    "model": CHECKOUT / "examples/quickstart/target/image/iris.tar",
}
COMMAND = CHECKOUT / "e2e/cluster/cluster"
BUILD = "./mvnw -DskipTests package -pl '!e2e'"


class Cluster:
    """A cluster of this checkout beside the one that people and tests use."""

    def __init__(self, command: str):
        self._command = command
        self._env = {**os.environ}
        self._env.setdefault("MODELWEIR_CLUSTER", "bench")

    def run(self, *args: str) -> None:
        """Runs a cluster command; its output goes to stderr, the tables own stdout."""
        subprocess.run([self._command, *args], env=self._env, check=True, stdout=sys.stderr)

    def ask(self, *args: str) -> str:
        return subprocess.check_output([self._command, *args], env=self._env, text=True).strip()

    def up(self, nodes: int) -> bool:
        """Starts it with simulated nodes; False when it ran already, and so is left running."""
        if self._running():
            return False
        self.run("up", "--install", "--kwok-nodes", str(nodes))
        return True

    def inside(self, module: str, *args: str) -> "subprocess.Popen[bytes]":
        """Starts a module of this program where Service addresses work."""
        command = [self._command, "exec", "--", sys.executable, "-m", module, *args]
        return subprocess.Popen(command, env={**self._env, "PYTHONPATH": str(BENCH)})

    def _running(self) -> bool:
        return (
            subprocess.run(
                [self._command, "kubeconfig"], env=self._env, capture_output=True
            ).returncode
            == 0
        )


def missing_images() -> list[Path]:
    return [tar for tar in IMAGES.values() if not tar.exists()]
