"""KServe's Python model server with a model of its own kind, as its documentation shows."""

import os
import uuid

import onnxruntime
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer


class OnnxModel(Model):
    """Goes to the workers by pickle, which a session cannot: each makes its own when asked."""

    def __init__(self, name: str):
        super().__init__(name)
        self._session = None
        self.ready = True

    def _loaded(self):
        if self._session is None:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(
                os.environ["MODEL_FILE"], options, providers=["CPUExecutionProvider"]
            )
        return self._session

    async def predict(self, payload: InferRequest, headers=None, response_headers=None):
        inputs = {tensor.name: tensor.as_numpy() for tensor in payload.inputs}
        (array,) = self._loaded().run(None, inputs)
        output = InferOutput("output", list(array.shape), "FP32")
        # As the request came: binary or raw when its tensors were.
        wanted = payload.use_binary_outputs or payload.from_grpc
        output.set_data_from_numpy(array, binary_data=bool(wanted))
        return InferResponse(payload.id or str(uuid.uuid4()), self.name, [output])


if __name__ == "__main__":
    ModelServer(
        http_port=int(os.environ["PORT"]),
        grpc_port=int(os.environ["GRPC_PORT"]),
        workers=int(os.environ["WORKERS"]),
    ).start([OnnxModel(os.environ["MODEL_NAME"])])
