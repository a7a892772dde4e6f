"""What the numbers were measured on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from .install import version
from .kube import Api
from .settings import CHECKOUT


def describe(api: Api) -> dict[str, str]:
    return host() | {"Kubernetes": api.call("GET", "/version")["gitVersion"]}


def host() -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    release = platform.freedesktop_os_release()
    return {
        "Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "Machine": f"{_processor()}, {os.cpu_count()} cores, {memory / 2**30:.0f} GiB",
        "System": f"{release.get('PRETTY_NAME', platform.system())}, Linux {platform.release()}",
        "Load before": f"{os.getloadavg()[0]:.2f} (average of one minute)",
        "Modelweir": f"{version()}, commit {_commit()}",
        "Python": platform.python_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    """With a plus sign when files differ from it."""
    git = ["git", "-C", str(CHECKOUT), "describe", "--always", "--dirty=+", "--exclude=*"]
    try:
        return subprocess.check_output(git, text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
