"""BentoML before ONNX Runtime, a worker per core."""

import os
from typing import Any

import bentoml
import numpy as np
import onnxruntime

NAME = os.environ["MODEL_NAME"]
TYPES = {"FP32": np.float32, "INT64": np.int64}


@bentoml.service(workers=int(os.environ["WORKERS"]), metrics={"enabled": False})
class Service:
    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            os.environ["MODEL_FILE"], options, providers=["CPUExecutionProvider"]
        )

    @bentoml.api(route=f"/v2/models/{NAME}/infer")
    async def infer(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        arrays = {
            tensor["name"]: np.array(tensor["data"], TYPES[tensor["datatype"]]).reshape(
                tensor["shape"]
            )
            for tensor in inputs
        }
        (output,) = self._session.run(None, arrays)
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
