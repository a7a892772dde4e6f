"""LitServe before ONNX Runtime, a worker per core."""

import os
from typing import Any

import litserve
import numpy as np
import onnxruntime

NAME = os.environ["MODEL_NAME"]
TYPES = {"FP32": np.float32, "INT64": np.int64}


class Api(litserve.LitAPI):
    def setup(self, device: str) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            os.environ["MODEL_FILE"], options, providers=["CPUExecutionProvider"]
        )

    def decode_request(self, request: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {
            tensor["name"]: np.array(tensor["data"], TYPES[tensor["datatype"]]).reshape(
                tensor["shape"]
            )
            for tensor in request["inputs"]
        }

    def predict(self, inputs: dict[str, Any], **_: Any) -> Any:
        return self._session.run(None, inputs)[0]

    def encode_response(self, output: Any, **_: Any) -> dict[str, Any]:
        return {
            "model_name": NAME,
            "outputs": [
                {
                    "name": "output",
                    "datatype": "FP32",
                    "shape": list(output.shape),
                    "data": output.ravel().tolist(),
                }
            ],
        }


if __name__ == "__main__":
    server = litserve.LitServer(
        Api(api_path=f"/v2/models/{NAME}/infer"),
        accelerator="cpu",
        workers_per_device=int(os.environ["WORKERS"]),
        timeout=60,
    )
    server.run(
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
    )
