"""The command line: an MLflow server for a test, until it is ended."""

import argparse
import os
import sys
from pathlib import Path


def main() -> None:
    options = _parser().parse_args()
    folder = options.folder.resolve()
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
    server = [sys.executable, "-m", "mlflow", "server"]
    server += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db"]
    server += ["--artifacts-destination", str(folder / "artifacts")]
    server += ["--host", "127.0.0.1", "--port", str(options.port), "--workers", "1"]
    os.execv(sys.executable, server)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="clients tracking",
        description="Runs an MLflow server on 127.0.0.1, with SQLite, until it is ended.",
    )
    parser.add_argument("--folder", type=Path, required=True, help="where it keeps what it is told")
    parser.add_argument("--port", type=int, required=True, help="port to listen on")
    return parser


if __name__ == "__main__":
    main()
