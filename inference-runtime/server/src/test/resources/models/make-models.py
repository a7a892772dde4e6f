"""Makes the tiny models that the tests serve. Run it in this folder, with the package onnx installed.

The results are committed, so that the build needs no Python.
"""

import struct
from pathlib import Path

import onnx
from onnx import TensorProto as T
from onnx import helper as h

OPSETS = [h.make_opsetid("", 18), h.make_opsetid("ai.onnx.ml", 3)]


def save(path, nodes, inputs, outputs, constants=()):
    graph = h.make_graph(nodes, Path(path).stem, inputs, outputs, list(constants))
    model = h.make_model(graph, opset_imports=OPSETS, ir_version=9, producer_name="modelweir-tests")
    onnx.checker.check_model(model)
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(model.SerializeToString())


def value(name, kind, shape):
    return h.make_tensor_value_info(name, kind, shape)


# A linear classifier of four features and three classes, with a softmax over the scores.
CLASSIFIER = h.make_node(
    "LinearClassifier",
    ["input"],
    ["label", "scores"],
    domain="ai.onnx.ml",
    coefficients=[0.4, 1.3, -2.1, -0.9, 0.3, -0.5, 0.2, -0.8, -1.2, -1.1, 2.4, 2.2],
    intercepts=[1.0, 1.5, -2.5],
    classlabels_ints=[0, 1, 2],
    post_transform="NONE",
)
SOFTMAX = h.make_node("Softmax", ["scores"], ["probabilities"], axis=1)
FEATURES = value("input", T.FLOAT, ["N", 4])

save(
    "iris/model.onnx",
    [CLASSIFIER, SOFTMAX],
    [FEATURES],
    [value("label", T.INT64, ["N"]), value("probabilities", T.FLOAT, ["N", 3])],
)

# The same as scikit-learn converters make it by default: probabilities as a sequence of maps.
save(
    "zipmap/model.onnx",
    [
        CLASSIFIER,
        SOFTMAX,
        h.make_node(
            "ZipMap",
            ["probabilities"],
            ["output_probability"],
            domain="ai.onnx.ml",
            classlabels_int64s=[0, 1, 2],
        ),
    ],
    [FEATURES],
    [
        value("label", T.INT64, ["N"]),
        h.make_value_info(
            "output_probability",
            h.make_sequence_type_proto(
                h.make_map_type_proto(T.INT64, h.make_tensor_type_proto(T.FLOAT, []))
            ),
        ),
    ],
)

# The same with names as labels, which are not in their order.
save(
    "zipmap-names/model.onnx",
    [
        CLASSIFIER,
        SOFTMAX,
        h.make_node(
            "ZipMap",
            ["probabilities"],
            ["output_probability"],
            domain="ai.onnx.ml",
            classlabels_strings=["setosa", "virginica", "versicolor"],
        ),
    ],
    [FEATURES],
    [
        h.make_value_info(
            "output_probability",
            h.make_sequence_type_proto(
                h.make_map_type_proto(T.STRING, h.make_tensor_type_proto(T.FLOAT, []))
            ),
        ),
    ],
)

# A sequence of tensors, which no message of the protocol holds, beside a tensor.
save(
    "sequence-output/model.onnx",
    [
        h.make_node("Identity", ["x"], ["y"]),
        h.make_node("SequenceConstruct", ["x", "x"], ["both"]),
    ],
    [value("x", T.FLOAT, ["N"])],
    [
        value("y", T.FLOAT, ["N"]),
        h.make_value_info(
            "both", h.make_sequence_type_proto(h.make_tensor_type_proto(T.FLOAT, ["N"]))
        ),
    ],
)

# Strings in and out, and numbers looked up by string: shows whether text keeps its bytes.
save(
    "text/model.onnx",
    [
        h.make_node("Identity", ["text"], ["echo"]),
        h.make_node(
            "LabelEncoder",
            ["text"],
            ["code"],
            domain="ai.onnx.ml",
            keys_strings=["tree", "Bäume", "木", "🌲"],
            values_int64s=[1, 2, 3, 4],
            default_int64=-1,
        ),
    ],
    [value("text", T.STRING, ["N"])],
    [value("echo", T.STRING, ["N"]), value("code", T.INT64, ["N"])],
)

# Every datatype of numbers, unchanged.
TYPES = {
    "bool": T.BOOL,
    "uint8": T.UINT8,
    "uint16": T.UINT16,
    "uint32": T.UINT32,
    "uint64": T.UINT64,
    "fp16": T.FLOAT16,
    "bf16": T.BFLOAT16,
    "int8": T.INT8,
    "int16": T.INT16,
    "int32": T.INT32,
    "int64": T.INT64,
    "fp32": T.FLOAT,
    "fp64": T.DOUBLE,
}
save(
    "types/model.onnx",
    [h.make_node("Identity", [name], [name + "_out"]) for name in TYPES],
    [value(name, kind, ["A", "B"]) for name, kind in TYPES.items()],
    [value(name + "_out", kind, ["A", "B"]) for name, kind in TYPES.items()],
)

# Multiplies matrices that grow with the input: an inference as long as the test wants.
save(
    "slow/model.onnx",
    [
        h.make_node("Expand", ["one", "size"], ["matrix"]),
        *[
            h.make_node("MatMul", ["matrix" if i == 0 else f"m{i - 1}", "matrix"], [f"m{i}"])
            for i in range(20)
        ],
        h.make_node("ReduceMax", ["m19"], ["result"], keepdims=0),
    ],
    [value("size", T.INT64, [2])],
    [value("result", T.FLOAT, [])],
    [h.make_tensor("one", T.FLOAT, [1, 1], [0.001])],
)

# Inputs that this server refuses to take.
save(
    "sequence/model.onnx",
    [h.make_node("SequenceLength", ["x"], ["y"])],
    [h.make_tensor_sequence_value_info("x", T.FLOAT, ["N"])],
    [value("y", T.INT64, [])],
)

# Divides one by the input: infinite for zero.
save(
    "reciprocal/model.onnx",
    [h.make_node("Reciprocal", ["x"], ["y"])],
    [value("x", T.FLOAT, ["N"])],
    [value("y", T.FLOAT, ["N"])],
)

Path("corrupt").mkdir(exist_ok=True)
Path("corrupt/model.onnx").write_bytes(Path("iris/model.onnx").read_bytes()[:200])

# A row's answer depends on its neighbours: must never be computed together with others.
save(
    "mixing/model.onnx",
    [h.make_node("Softmax", ["x"], ["y"], axis=0)],
    [value("x", T.FLOAT, ["N", 2])],
    [value("y", T.FLOAT, ["N", 2])],
)

# The same with half as many bits.
save(
    "mixing-fp16/model.onnx",
    [h.make_node("Softmax", ["x"], ["y"], axis=0)],
    [value("x", T.FLOAT16, ["N", 2])],
    [value("y", T.FLOAT16, ["N", 2])],
)

# Rows times the mean of all rows: a row of zeros stays one.
save(
    "scaled/model.onnx",
    [h.make_node("ReduceMean", ["x", "axes"], ["mean"]), h.make_node("Mul", ["x", "mean"], ["y"])],
    [value("x", T.FLOAT, ["N", 2])],
    [value("y", T.FLOAT, ["N", 2])],
    [h.make_tensor("axes", T.INT64, [1], [0])],
)

# A row depends on those before it, as in a series.
save(
    "running-sum/model.onnx",
    [h.make_node("CumSum", ["x", "axis"], ["y"])],
    [value("x", T.FLOAT, ["N", 2])],
    [value("y", T.FLOAT, ["N", 2])],
    [h.make_tensor("axis", T.INT64, [], [0])],
)

# Twice the input, with rows of any length.
save(
    "double/model.onnx",
    [h.make_node("Add", ["x", "x"], ["y"])],
    [value("x", T.FLOAT, ["N", "L"])],
    [value("y", T.FLOAT, ["N", "L"])],
)

# The same in another version, to tell which one answered: three times the input.
save(
    "triple/model.onnx",
    [h.make_node("Add", ["x", "x"], ["xx"]), h.make_node("Add", ["xx", "x"], ["y"])],
    [value("x", T.FLOAT, ["N", "L"])],
    [value("y", T.FLOAT, ["N", "L"])],
)

# Takes a while whatever it is asked, so that loading and measuring it can be watched, and longer for
# larger numbers. Gives what it is given.
save(
    "heavy/model.onnx",
    [
        h.make_node("ReduceMin", ["x"], ["least"], keepdims=0),
        h.make_node("Mul", ["least", "zero"], ["nothing"]),
        h.make_node("ReduceMax", ["x"], ["largest"], keepdims=0),
        h.make_node("Cast", ["largest"], ["more"], to=T.INT64),
        h.make_node("Add", ["more", "fewest"], ["side"]),
        h.make_node("Concat", ["side", "side"], ["size"], axis=0),
        h.make_node("Expand", ["nothing", "size"], ["matrix"]),
        *[
            h.make_node("MatMul", ["matrix" if i == 0 else f"m{i - 1}", "matrix"], [f"m{i}"])
            for i in range(20)
        ],
        h.make_node("ReduceMax", ["m19"], ["most"], keepdims=0),
        h.make_node("Add", ["x", "most"], ["y"]),
    ],
    [value("x", T.FLOAT, ["N", "L"])],
    [value("y", T.FLOAT, ["N", "L"])],
    [h.make_tensor("zero", T.FLOAT, [], [0]), h.make_tensor("fewest", T.INT64, [1], [400])],
)

# Answers up to three rows.
save(
    "three/model.onnx",
    [
        h.make_node("Shape", ["x"], ["rows"], start=0, end=1),
        h.make_node("Sub", ["rows", "one"], ["last"]),
        h.make_node("Gather", ["zeros", "last"], ["zero"]),
        h.make_node("Add", ["x", "zero"], ["y"]),
    ],
    [value("x", T.FLOAT, ["N", "L"])],
    [value("y", T.FLOAT, ["N", "L"])],
    [h.make_tensor("one", T.INT64, [1], [1]), h.make_tensor("zeros", T.FLOAT, [3], [0, 0, 0])],
)

# Weights in a file of their own, as large models have them: adds one to each of 1024 numbers.
save(
    "external/model.onnx",
    [h.make_node("Add", ["x", "w"], ["y"])],
    [value("x", T.FLOAT, ["N", 1024])],
    [value("y", T.FLOAT, ["N", 1024])],
    [h.make_tensor("w", T.FLOAT, [1024], struct.pack("<1024f", *[1.0] * 1024), raw=True)],
)
model = onnx.load("external/model.onnx")
onnx.save_model(
    model,
    "external/model.onnx",
    save_as_external_data=True,
    location="model.onnx.data",
    size_threshold=0,
)
