"""Writes the models and their requests; runs in a venv with onnx, numpy and onnxruntime.

usage: models.py DIR

DIR/NAME/1/model.onnx is the layout of a model repository; DIR/NAME/input-I.bin and
output-I.bin are requests of batch 1 with the answers of ONNX Runtime, little-endian and row-major,
DIR/NAME/signature.json says what they are. Weights are random with a fixed seed: what is measured
is the work, not what comes of it.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPSET, IR = 17, 9
SAMPLES = 4


class Graph:
    """Nodes and weights as they come along."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.nodes, self.weights = [], []

    def weight(self, *shape, fan_in=None):
        scale = np.sqrt(2 / fan_in) if fan_in else 0.02
        return self.constant((self.random.standard_normal(shape) * scale).astype(np.float32))

    def constant(self, array):
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def op(self, kind, *inputs, output=None, **attributes):
        name = output or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def dense(self, x, size_in, size_out, output=None):
        product = self.op("MatMul", x, self.weight(size_in, size_out, fan_in=size_in))
        return self.op("Add", product, self.weight(size_out), output=output)

    def model(self, name, input_type, input_shape, output_shape):
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info("input", input_type, ["batch", *input_shape])],
            [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["batch", *output_shape])],
            self.weights,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR
        )
        onnx.checker.check_model(model)
        return model


def mlp(name, seed, *sizes):
    g = Graph(seed)
    x = "input"
    for i, (size_in, size_out) in enumerate(zip(sizes, sizes[1:], strict=False)):
        last = i == len(sizes) - 2
        x = g.dense(x, size_in, size_out, output="output" if last else None)
        if not last:
            x = g.op("Relu", x)
    return g.model(name, TensorProto.FLOAT, [sizes[0]], [sizes[-1]])


def encoder(layers=6, width=384, heads=12, tokens=32, vocabulary=8192):
    """A sentence encoder of MiniLM's shape: token ids to the mean of the last layer."""
    g = Graph(4)
    x = g.op("Add", g.op("Gather", g.weight(vocabulary, width), "input"), g.weight(tokens, width))
    split = g.constant(np.array([0, 0, heads, width // heads], np.int64))
    join = g.constant(np.array([0, 0, width], np.int64))
    scale = g.constant(np.float32(1 / np.sqrt(width // heads)))
    half, one = g.constant(np.float32(0.5)), g.constant(np.float32(1))
    root = g.constant(np.float32(np.sqrt(0.5)))

    def norm(x):
        ones = g.constant(np.ones(width, np.float32))
        zeros = g.constant(np.zeros(width, np.float32))
        return g.op("LayerNormalization", x, ones, zeros, axis=-1)

    def head(x, order):
        return g.op("Transpose", g.op("Reshape", g.dense(x, width, width), split), perm=order)

    x = norm(x)
    for _ in range(layers):
        query, key, value = head(x, [0, 2, 1, 3]), head(x, [0, 2, 3, 1]), head(x, [0, 2, 1, 3])
        scores = g.op("Softmax", g.op("Mul", g.op("MatMul", query, key), scale), axis=-1)
        mixed = g.op("Transpose", g.op("MatMul", scores, value), perm=[0, 2, 1, 3])
        x = norm(g.op("Add", x, g.dense(g.op("Reshape", mixed, join), width, width)))
        h = g.dense(x, width, 4 * width)
        gelu = g.op(
            "Mul", g.op("Mul", h, half), g.op("Add", g.op("Erf", g.op("Mul", h, root)), one)
        )
        x = norm(g.op("Add", x, g.dense(gelu, 4 * width, width)))
    g.op("ReduceMean", x, axes=[1], keepdims=0, output="output")
    return g.model("encoder", TensorProto.INT64, [tokens], [width])


def resnet18():
    """ResNet-18 for 224 x 224 images, batch normalisation folded into the convolutions."""
    g = Graph(5)

    def conv(x, size_in, size_out, kernel, stride):
        weight = g.weight(size_out, size_in, kernel, kernel, fan_in=size_in * kernel * kernel)
        pads = [kernel // 2] * 4
        bias = g.weight(size_out)
        return g.op("Conv", x, weight, bias, strides=[stride] * 2, pads=pads)

    x = g.op("Relu", conv("input", 3, 64, 7, 2))
    x = g.op("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    size_in = 64
    for size_out, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        for first in (True, False):
            step = stride if first else 1
            h = g.op("Relu", conv(x, size_in, size_out, 3, step))
            h = conv(h, size_out, size_out, 3, 1)
            skip = conv(x, size_in, size_out, 1, step) if step != 1 or size_in != size_out else x
            x = g.op("Relu", g.op("Add", h, skip))
            # Random weights make sums grow from block to block; halving keeps them in range.
            x = g.op("Mul", x, g.constant(np.float32(0.5)))
            size_in = size_out
    x = g.op("Flatten", g.op("GlobalAveragePool", x))
    g.dense(x, 512, 1000, output="output")
    return g.model("image", TensorProto.FLOAT, [3, 224, 224], [1000])


def save(folder, name, model, sample):
    home = folder / name
    (home / "1").mkdir(parents=True, exist_ok=True)
    onnx.save(model, home / "1" / "model.onnx")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    random = np.random.default_rng(11)
    for i in range(SAMPLES):
        value = sample(random)
        (answer,) = session.run(None, {"input": value})
        (home / f"input-{i}.bin").write_bytes(value.tobytes())
        (home / f"output-{i}.bin").write_bytes(answer.tobytes())
    signature = {
        "input": {"datatype": "INT64" if value.dtype == np.int64 else "FP32", "shape": value.shape},
        "output": {"datatype": "FP32", "shape": answer.shape},
        "samples": SAMPLES,
    }
    (home / "signature.json").write_text(json.dumps(signature))


def main(folder):
    def normal(*shape):
        return lambda random: random.standard_normal((1, *shape)).astype(np.float32)

    save(folder, "tiny", mlp("tiny", 1, 4, 8, 3), normal(4))
    save(folder, "mlp", mlp("mlp", 2, 64, 256, 256, 8), normal(64))
    save(folder, "big", mlp("big", 3, 784, 2048, 2048, 10), normal(784))
    tokens = lambda random: random.integers(0, 8192, (1, 32))  # noqa: E731
    save(folder, "encoder", encoder(), tokens)
    save(folder, "image", resnet18(), normal(3, 224, 224))


main(Path(sys.argv[1]))
