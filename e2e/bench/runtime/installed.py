"""What the benchmark needs beside itself, made below the cache on first use."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HOME = Path(__file__).resolve().parent
PEERS = HOME / "peers"
CACHE = Path(os.environ.get("MODELWEIR_CACHE") or Path.home() / ".cache" / "modelweir")

_TIMEOUT = 900


class Unavailable(Exception):
    """It cannot be had on this machine; the message says why."""


def venv(name: str) -> Path:
    """The interpreter of a venv with the packages of peers/NAME/requirements.txt."""
    requirements = PEERS / name / "requirements.txt"
    folder = CACHE / "venvs" / f"bench-{name}"
    python = folder / "bin" / "python"

    def install() -> None:
        _run(sys.executable, "-m", "venv", "--clear", folder)
        _run(python, "-m", "pip", "install", "--quiet", "--requirement", requirements)

    _once(folder, _digest(requirements), install)
    return python


def npm(name: str) -> Path:
    """A folder with node_modules for peers/NAME/package.json."""
    if not shutil.which("npm"):
        raise Unavailable("npm is not installed")
    source = PEERS / name
    folder = CACHE / "npm" / f"bench-{name}"
    files = [source / "package.json", source / "package-lock.json"]

    def install() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder)
        # The post-install script of onnxruntime-node asks for CUDA packages of another host.
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)

    _once(folder, _digest(*files), install)
    return folder


def models() -> Path:
    """A folder with the models and their requests."""
    script = HOME / "models.py"
    python = venv("models")
    digest = _digest(script, PEERS / "models" / "requirements.txt")
    folder = CACHE / "bench" / "models"

    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _run(python, script, folder)

    _once(folder, digest, make)
    return folder


def load() -> Path:
    """The load generator."""
    source = HOME / "load"
    digest = _digest(*sorted(source.glob("*.go")), source / "go.mod")
    folder = CACHE / "bench" / "load"
    if not shutil.which("go"):
        raise Unavailable("Go is not installed: install Go 1.26 or later and put it on PATH")

    def build() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        environment = {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}
        _run("go", "build", "-trimpath", "-o", folder / "load", ".", folder=source, **environment)

    _once(folder, digest, build)
    return folder / "load"


def _once(folder: Path, digest: str, make: Callable[[], None]) -> None:
    mark = folder / ".made-from"
    if mark.exists() and mark.read_text() == digest:
        return
    print(f"runtime-bench: making {folder}", file=sys.stderr, flush=True)
    make()
    mark.write_text(digest)


def _digest(*files: Path) -> str:
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _run(*command: object, folder: Path | None = None, **environment: str) -> None:
    words = [str(word) for word in command]
    try:
        subprocess.run(
            words,
            cwd=folder,
            env=os.environ | environment | {"ORT_DISABLE_TELEMETRY": "1"},
            check=True,
            timeout=_TIMEOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except subprocess.CalledProcessError as failed:
        tail = " ".join(failed.stdout.split())[-300:]
        raise Unavailable(f"{words[0]} ended with {failed.returncode}: {tail}") from failed
    except (OSError, subprocess.TimeoutExpired) as failed:
        raise Unavailable(str(failed)) from failed
