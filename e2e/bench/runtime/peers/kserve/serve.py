"""KServe's Python model server with a model of its own kind, as its documentation shows."""

import os

import onnxruntime
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer


class OnnxModel(Model):
    def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            os.environ["MODEL_FILE"], options, providers=["CPUExecutionProvider"]
        )
        self.ready = True
        return True

    async def predict(self, payload: InferRequest, headers=None, response_headers=None):
        inputs = {tensor.name: tensor.as_numpy() for tensor in payload.inputs}
        (array,) = self._session.run(None, inputs)
        output = InferOutput("output", list(array.shape), "FP32")
        # As the request came: binary or raw when its tensors were.
        wanted = payload.use_binary_outputs or payload.from_grpc
        output.set_data_from_numpy(array, binary_data=bool(wanted))
        return InferResponse(payload.id, self.name, [output])


if __name__ == "__main__":
    model = OnnxModel(os.environ["MODEL_NAME"])
    model.load()
    ModelServer(
        http_port=int(os.environ["PORT"]),
        grpc_port=int(os.environ["GRPC_PORT"]),
        workers=int(os.environ["WORKERS"]),
        access_log_format=None,
    ).start([model])
