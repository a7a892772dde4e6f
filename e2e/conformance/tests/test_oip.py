"""The wire formats of the suite, against bytes written by hand."""

import struct
import unittest

from oip import protobuf, rest
from oip.tensor import Tensor, pack, rounded, unpack
from suite.known import EXAMPLES, example


class TensorTest(unittest.TestCase):
    def test_bytes_come_back(self) -> None:
        for datatype, (_, data) in EXAMPLES.items():
            self.assertEqual(data, unpack(datatype, pack(datatype, data)), datatype)

    def test_little_endian(self) -> None:
        self.assertEqual(b"\x02\x01", pack("UINT16", [0x0102]))
        self.assertEqual(b"\x80\x3f", pack("BF16", [1.0]))
        self.assertEqual(b"\1\0\0\0a\0\0\0\0", pack("BYTES", [b"a", b""]))

    def test_what_is_cut_is_refused(self) -> None:
        for datatype, raw in (("INT32", b"123"), ("BYTES", b"\1\0\0"), ("BYTES", b"\5\0\0\0abc")):
            with self.assertRaises(ValueError):
                unpack(datatype, raw)

    def test_rounding(self) -> None:
        self.assertEqual(0.10009765625, rounded("BF16", 0.1))
        self.assertEqual(0.0999755859375, rounded("FP16", 0.1))
        self.assertEqual(16777216.0, rounded("FP32", 16777217.0))


class RestTest(unittest.TestCase):
    def test_nested(self) -> None:
        tensor = Tensor("x", "INT8", [2, 3], [1, 2, 3, 4, 5, 6])
        self.assertEqual([[1, 2, 3], [4, 5, 6]], rest.plain(tensor, nested=True)["data"])

    def test_answers_that_break_the_protocol(self) -> None:
        good = '{"name":"x","datatype":"INT8","shape":[2],"data":[1,2]}'
        self.assertEqual([1, 2], rest.outputs(f'{{"outputs":[{good}]}}'.encode())[1][0].data)
        for output in (
            good.replace("[2]", "[3]"),
            good.replace("[2]", "[-1,-2]"),
            good.replace("INT8", "FP32").replace("1,", "true,"),
            good.replace("1,", "1.5,"),
            good.replace("INT8", "INT7"),
            '{"name":"x","datatype":"INT8","shape":[2]}',
            '{"name":"x","datatype":"INT8","shape":[2],"parameters":{"binary_data_size":2}}',
        ):
            with self.assertRaises(ValueError, msg=output):
                rest.outputs(f'{{"outputs":[{output}]}}'.encode())
        with self.assertRaises(ValueError):
            rest.outputs(f'{{"outputs":[{good}]}}more'.encode(), "70")


class ProtobufTest(unittest.TestCase):
    def test_request_as_written_by_hand(self) -> None:
        tensor = Tensor("x", "INT32", [1, 2], [1, -1])
        wanted = (
            b"\x0a\x01m\x1a\x01i"
            b"\x2a\x0e\x0a\x01x\x12\x05INT32\x1a\x02\x01\x02"
            b"\x3a\x08" + struct.pack("<ii", 1, -1)
        )
        self.assertEqual(wanted, protobuf.infer_request("m", [tensor], id="i"))

    def test_answers_come_back(self) -> None:
        for datatype in EXAMPLES:
            tensor = example(datatype)
            shape = b"".join(protobuf.varint(d) for d in tensor.shape)
            head = b"".join(map(protobuf.field, (1, 2, 3), (tensor.name, datatype, shape)))
            raw = protobuf.field(5, head) + protobuf.field(6, tensor.raw())
            self.assertEqual([tensor], protobuf.infer_response(raw)[1], datatype)
            if datatype in protobuf.CONTENTS:
                typed = protobuf.field(5, head + protobuf.field(5, protobuf.contents(tensor)))
                self.assertEqual([tensor], protobuf.infer_response(typed)[1], datatype)

    def test_what_is_no_message_is_refused(self) -> None:
        for broken in (b"\x0a", b"\x0a\x05ab", b"\xff" * 12, b"\x0b"):
            with self.assertRaises(ValueError):
                protobuf.parse(broken)
