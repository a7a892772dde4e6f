"""Arrays for the models of e2e/conformance/models."""

import numpy as np

# numpy has no BF16, so no stock client sends it as an array.
ARRAYS = {
    "BOOL": np.array([[True, False], [False, True]]),
    "UINT8": np.array([[0, 255]], np.uint8),
    "UINT16": np.array([[0, 65535]], np.uint16),
    "UINT32": np.array([[0, 2**32 - 1]], np.uint32),
    "UINT64": np.array([[0, 2**64 - 1]], np.uint64),
    "INT8": np.array([[-128, 127]], np.int8),
    "INT16": np.array([[-(2**15), 2**15 - 1]], np.int16),
    "INT32": np.array([[-(2**31), 2**31 - 1]], np.int32),
    "INT64": np.array([[-(2**63), 2**63 - 1]], np.int64),
    "FP16": np.array([[1.5, 65504.0]], np.float16),
    "FP32": np.array([[0.1, 3.4e38]], np.float32),
    "FP64": np.array([[0.1, 1.7e308]], np.float64),
    "BYTES": np.array([[b"text", "Grüße €".encode()]], np.object_),
}
BINARY_ONLY = ("FP16",)
A = np.arange(6, dtype=np.float32).reshape(2, 3)
B = np.full((2, 3), 0.5, np.float32)


def expect(is_: object, should: object, what: str) -> None:
    if isinstance(should, np.ndarray):
        same = np.array_equal(np.asarray(is_), should)
    else:
        same = bool(is_ == should)
    if not same:
        raise AssertionError(f"{what} is {is_!r}, not {should!r}")
