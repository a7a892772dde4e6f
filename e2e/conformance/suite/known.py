"""The models of the folder models/, and what they must answer."""

from typing import Any

from oip.tensor import Tensor

# Per datatype a matrix whose elements reach the ends of the range.
EXAMPLES: dict[str, tuple[list[int], list[Any]]] = {
    "BOOL": ([2, 2], [True, False, False, True]),
    "UINT8": ([2, 2], [0, 1, 128, 255]),
    "UINT16": ([2, 2], [0, 1, 32768, 65535]),
    "UINT32": ([2, 2], [0, 1, 2147483648, 4294967295]),
    "UINT64": ([2, 2], [0, 1, 9223372036854775808, 18446744073709551615]),
    "INT8": ([2, 2], [-128, -1, 0, 127]),
    "INT16": ([2, 2], [-32768, -1, 0, 32767]),
    "INT32": ([2, 2], [-2147483648, -1, 0, 2147483647]),
    "INT64": ([2, 2], [-9223372036854775808, -1, 9007199254740993, 9223372036854775807]),
    "FP16": ([2, 3], [0.0, -1.5, 65504.0, 2.0**-24, 0.0999755859375, 1.0]),
    "BF16": ([2, 3], [0.0, -1.5, 2.0**100, 2.0**-100, 0.10009765625, 1.0]),
    "FP32": (
        [2, 3],
        [0.0, -1.5, 3.4028234663852886e38, 1.401298464324817e-45, 0.10000000149011612, 16777215.0],
    ),
    "FP64": ([2, 3], [0.0, -1.5, 1.7976931348623157e308, 5e-324, 0.1, 9007199254740993.0]),
    "BYTES": ([2, 3], [b"", b"text", "Grüße €".encode(), "𝄞".encode(), b'"\\\n\t', b"0"]),
}
# What JSON cannot carry by the specification, so that a server may refuse it.
BINARY_ONLY = ("FP16", "BF16")

IDENTITIES = {datatype: f"identity_{datatype.lower()}" for datatype in EXAMPLES}
SCALAR, ADD, VERSIONS, CLASSIFIER = "identity_scalar", "add", "versions", "classifier"
NAMES = (*IDENTITIES.values(), SCALAR, ADD, VERSIONS, CLASSIFIER)

SUM_A = Tensor("a", "FP32", [2, 3], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
SUM_B = Tensor("b", "FP32", [2, 3], [0.5, 0.25, -3.0, 10.0, 0.0, 100.0])
SUM = Tensor("sum", "FP32", [2, 3], [1.5, 2.25, 0.0, 14.0, 5.0, 106.0])
DIFFERENCE = Tensor("difference", "FP32", [2, 3], [0.5, 1.75, 6.0, -6.0, 5.0, -94.0])

FEATURES = Tensor("features", "FP32", [2, 4], [0.25, 4.0, 1.5, 9.0, 8.0, -1.0, 2.0, 9.0])
SCORES = Tensor("scores", "FP32", [2, 3], [0.25, 4.0, 1.5, 8.0, -1.0, 2.0])


def example(datatype: str, name: str = "in") -> Tensor:
    shape, data = EXAMPLES[datatype]
    return Tensor(name, datatype, list(shape), list(data))
