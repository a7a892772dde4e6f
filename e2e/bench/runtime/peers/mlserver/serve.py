"""Writes the two settings files and becomes MLServer."""

import json
import os
import sys
import tempfile
from pathlib import Path

folder = Path(tempfile.mkdtemp(prefix="bench-mlserver-"))
settings = {
    "host": "127.0.0.1",
    "http_port": int(os.environ["PORT"]),
    "grpc_port": int(os.environ["GRPC_PORT"]),
    "metrics_port": int(os.environ["METRICS_PORT"]),
    "metrics_dir": str(folder / "metrics"),
    "environments_dir": str(folder / "environments"),
    "parallel_workers": int(os.environ["WORKERS"]),
    "gzip_enabled": False,
}
model = {
    "name": os.environ["MODEL_NAME"],
    "implementation": "onnx_runtime.OnnxModel",
    "parameters": {"uri": os.environ["MODEL_FILE"]},
}
(folder / "settings.json").write_text(json.dumps(settings))
(folder / "model-settings.json").write_text(json.dumps(model))
os.environ["PYTHONPATH"] = str(Path(__file__).parent)
mlserver = str(Path(sys.executable).parent / "mlserver")
os.execv(sys.executable, [sys.executable, mlserver, "start", str(folder)])
