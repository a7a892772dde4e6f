"""Writes models/ anew; needs onnx and numpy. The files are committed, so only a change needs it."""

import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HOME = Path(__file__).resolve().parent / "models"
OPSET, IR = 17, 8
TYPES = {
    "bool": TensorProto.BOOL,
    "uint8": TensorProto.UINT8,
    "uint16": TensorProto.UINT16,
    "uint32": TensorProto.UINT32,
    "uint64": TensorProto.UINT64,
    "int8": TensorProto.INT8,
    "int16": TensorProto.INT16,
    "int32": TensorProto.INT32,
    "int64": TensorProto.INT64,
    "fp16": TensorProto.FLOAT16,
    "bf16": TensorProto.BFLOAT16,
    "fp32": TensorProto.FLOAT,
    "fp64": TensorProto.DOUBLE,
    "bytes": TensorProto.STRING,
}


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def save(name, nodes, inputs, outputs, weights=(), version=1):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(weights))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    model.producer_name = "modelweir-conformance"
    onnx.checker.check_model(model)
    file = HOME / name / str(version) / "model.onnx"
    file.parent.mkdir(parents=True)
    onnx.save(model, file)


def identities():
    for name, kind in TYPES.items():
        shape = ["batch", "width"]
        save(
            f"identity_{name}",
            [helper.make_node("Identity", ["in"], ["out"])],
            [value("in", kind, shape)],
            [value("out", kind, shape)],
        )
    save(
        "identity_scalar",
        [helper.make_node("Identity", ["in"], ["out"])],
        [value("in", TensorProto.FLOAT, [])],
        [value("out", TensorProto.FLOAT, [])],
    )


def add():
    shape = [2, 3]
    save(
        "add",
        [
            helper.make_node("Add", ["a", "b"], ["sum"]),
            helper.make_node("Sub", ["a", "b"], ["difference"]),
        ],
        [value(name, TensorProto.FLOAT, shape) for name in ("a", "b")],
        [value(name, TensorProto.FLOAT, shape) for name in ("sum", "difference")],
    )


def versions():
    for version in (1, 2):
        weight = numpy_helper.from_array(np.array([version], np.float32), "version")
        save(
            "versions",
            [helper.make_node("Add", ["in", "version"], ["out"])],
            [value("in", TensorProto.FLOAT, ["batch", 2])],
            [value("out", TensorProto.FLOAT, ["batch", 2])],
            [weight],
            version,
        )
    # Otherwise servers of this family serve the highest version only.
    (HOME / "versions" / "config.json").write_text('{"version_policy": {"all": {}}}\n')
    (HOME / "versions" / "config.pbtxt").write_text("version_policy: { all: {} }\n")


def classifier():
    """Scores are the first three of the four features, so the class is the greatest of them."""
    weight = numpy_helper.from_array(np.eye(4, 3, dtype=np.float32), "weight")
    save(
        "classifier",
        [helper.make_node("MatMul", ["features", "weight"], ["scores"])],
        [value("features", TensorProto.FLOAT, ["batch", 4])],
        [value("scores", TensorProto.FLOAT, ["batch", 3])],
        [weight],
    )


shutil.rmtree(HOME, ignore_errors=True)
identities()
add()
versions()
classifier()
