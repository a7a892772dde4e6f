"""FastAPI as people put it before ONNX Runtime: one async route, orjson both ways."""

import os

import numpy as np
import onnxruntime
import orjson
from fastapi import FastAPI, Request, Response

NAME = os.environ["MODEL_NAME"]
TYPES = {"FP32": np.float32, "INT64": np.int64}

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(
    os.environ["MODEL_FILE"], options, providers=["CPUExecutionProvider"]
)
app = FastAPI()


@app.post(f"/v2/models/{NAME}/infer")
async def infer(request: Request) -> Response:
    asked = orjson.loads(await request.body())
    inputs = {
        tensor["name"]: np.array(tensor["data"], TYPES[tensor["datatype"]]).reshape(tensor["shape"])
        for tensor in asked["inputs"]
    }
    (output,) = session.run(None, inputs)
    answer = {
        "model_name": NAME,
        "outputs": [
            {
                "name": "output",
                "datatype": "FP32",
                "shape": output.shape,
                "data": output.ravel(),
            }
        ],
    }
    body = orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY)
    return Response(body, media_type="application/json")
