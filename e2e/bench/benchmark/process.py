"""Processes, from /proc: those of pods, and those of the control plane."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")


def _pids() -> Iterator[int]:
    return (int(entry) for entry in os.listdir("/proc") if entry.isdigit())


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; the name before them may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


class Process:
    def __init__(self, pid: int):
        self.pid = pid

    @staticmethod
    def of_container(pod: dict[str, Any], container: str) -> "Process":
        """The first process of a container, which its cgroup names."""
        statuses = pod["status"]["containerStatuses"]
        status = next(s for s in statuses if s["name"] == container)
        cgroup = status["containerID"].removeprefix("containerd://")
        found = []
        for pid in _pids():
            try:
                if cgroup in Path(f"/proc/{pid}/cgroup").read_text():
                    found.append(Process(pid))
            except OSError:
                continue  # it ended meanwhile
        if not found:
            raise RuntimeError(
                f"no process of container {container} of pod {pod['metadata']['name']} in /proc:"
                " run the benchmark on the machine of the cluster, as root"
            )
        return min(found, key=lambda p: p.started)

    @property
    def started(self) -> float:
        """Seconds since the epoch, to a hundredth."""
        after_boot = int(_stat(self.pid)[19]) / _TICKS
        return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + after_boot

    @property
    def cpu_seconds(self) -> float:
        user, system = _stat(self.pid)[11:13]
        return (int(user) + int(system)) / _TICKS

    def memory(self) -> dict[str, float]:
        """Resident memory in MB (10^6 bytes): `now` and the `peak` since the process started."""
        fields = dict(
            line.split(":", 1) for line in Path(f"/proc/{self.pid}/status").read_text().splitlines()
        )
        names = {"now": "VmRSS", "peak": "VmHWM"}
        return {key: int(fields[f].split()[0]) * 1024 / 1e6 for key, f in names.items()}


class ControlPlane:
    """All that runs in the network of the cluster but not in pods, this program included."""

    def __init__(self) -> None:
        self._before = self._cpu_seconds()

    def used(self) -> dict[str, float]:
        """CPU seconds by program since this object was made."""
        return {
            name: seconds - self._before.get(name, 0)
            for name, seconds in self._cpu_seconds().items()
        }

    @staticmethod
    def _cpu_seconds() -> dict[str, float]:
        used: dict[str, float] = {}
        here = os.readlink("/proc/self/ns/net")
        for pid in _pids():
            try:
                if os.readlink(f"/proc/{pid}/ns/net") == here:
                    name = Path(f"/proc/{pid}/comm").read_text().strip()
                    used[name] = used.get(name, 0) + Process(pid).cpu_seconds
            except OSError:
                continue  # it ended meanwhile
        return used
