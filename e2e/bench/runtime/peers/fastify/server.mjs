// Fastify before ONNX Runtime: one route, a process per core.
import cluster from "node:cluster";
import { createRequire } from "node:module";

// Packages lie where they were installed, not beside this file.
const require = createRequire(process.env.PACKAGES + "/");
const { MODEL_NAME, MODEL_FILE, PORT, WORKERS } = process.env;

async function serve() {
  const ort = require("onnxruntime-node");
  const app = require("fastify")({ bodyLimit: 64 * 1024 * 1024 });
  const session = await ort.InferenceSession.create(MODEL_FILE, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const tensors = {
    FP32: (data, shape) => new ort.Tensor("float32", Float32Array.from(data), shape),
    INT64: (data, shape) => new ort.Tensor("int64", BigInt64Array.from(data, BigInt), shape),
  };
  app.post(`/v2/models/${MODEL_NAME}/infer`, async (request) => {
    const inputs = {};
    for (const { name, datatype, shape, data } of request.body.inputs) {
      inputs[name] = tensors[datatype](data, shape);
    }
    const { output } = await session.run(inputs);
    return {
      model_name: MODEL_NAME,
      outputs: [
        { name: "output", datatype: "FP32", shape: output.dims, data: Array.from(output.data) },
      ],
    };
  });
  await app.listen({ host: "127.0.0.1", port: Number(PORT) });
}

if (cluster.isPrimary) {
  for (let i = 0; i < Number(WORKERS); i++) {
    cluster.fork();
  }
} else {
  await serve();
}
