"""Every datatype in JSON, to the ends of its range."""

from collections.abc import Callable

from oip import rest
from oip.tensor import Tensor

from ..check import Group
from ..known import BINARY_ONLY, IDENTITIES, example
from ..target import Target, expect_error, expect_tensor, read_answer

GROUP = Group("datatypes", "OIP REST, Tensor Data Types")


def _passes(datatype: str) -> Callable[[Target], None]:
    def passes(target: Target) -> None:
        tensor = example(datatype)
        wanted = Tensor("out", datatype, tensor.shape, tensor.data)
        for nested in (False, True):
            body = rest.body([rest.plain(tensor, nested=nested)])
            _, outputs = target.answer(IDENTITIES[datatype], body)
            expect_tensor(outputs, wanted)

    return passes


def _right_or_refused(datatype: str) -> Callable[[Target], None]:
    def right_or_refused(target: Target) -> None:
        tensor = example(datatype)
        known = IDENTITIES[datatype]
        reply = target.infer(known, rest.body([rest.plain(tensor)]))
        if reply.status >= 400:
            expect_error(reply)
            return
        _, outputs = read_answer(reply, target.model(known))
        expect_tensor(outputs, Tensor("out", datatype, tensor.shape, tensor.data))

    return right_or_refused


for _datatype in IDENTITIES:
    if _datatype in BINARY_ONLY:
        GROUP.must(
            _datatype,
            f"{_datatype} in JSON is answered right or refused with an error",
            "OIP gRPC, Tensor Data Types: FP16 and BF16 have no representation but raw bytes",
        )(_right_or_refused(_datatype))
    else:
        GROUP.must(_datatype, f"{_datatype} passes unchanged, its extremes too")(_passes(_datatype))
