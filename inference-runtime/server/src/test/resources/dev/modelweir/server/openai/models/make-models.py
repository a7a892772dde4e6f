"""Makes the tiny text encoders that the tests of embeddings serve, with their tokenizer.

Run it in this folder, with the package onnx installed. The results are committed.
"""

import json
from pathlib import Path

import onnx
from onnx import TensorProto as T
from onnx import helper as h

WORDS = "[PAD] [UNK] [CLS] [SEP] the river flows to sea a bird sings".split()
WIDTH = 4
LIMIT = 24


def value(name, kind, shape):
    return h.make_tensor_value_info(name, kind, shape)


def weight(i, j):
    """Any numbers that differ; the tests compute them by the same rule."""
    return ((i * 7 + j * 5) % 11 - 5) / 5


def table(name, rows, shift):
    values = [weight(i + shift, j) for i in range(rows) for j in range(WIDTH)]
    return h.make_tensor(name, T.FLOAT, [rows, WIDTH], values)


def save(name, nodes, inputs, outputs, constants):
    graph = h.make_graph(nodes, name, inputs, outputs, constants)
    model = h.make_model(
        graph,
        opset_imports=[h.make_opsetid("", 18)],
        ir_version=9,
        producer_name="modelweir-tests",
    )
    onnx.checker.check_model(model)
    folder = Path(name)
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    (folder / "tokenizer.json").write_text(json.dumps(TOKENIZER, indent=1) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": LIMIT}) + "\n")


def special(content):
    return {
        "id": WORDS.index(content),
        "content": content,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }


def piece(kind, name):
    return {kind: {"id": name, "type_id": 0}}


TOKENIZER = {
    "version": "1.0",
    "truncation": None,
    "padding": None,
    "added_tokens": [special(word) for word in WORDS[:4]],
    "normalizer": {"type": "Lowercase"},
    "pre_tokenizer": {"type": "Whitespace"},
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [piece("SpecialToken", "[CLS]"), piece("Sequence", "A"), piece("SpecialToken", "[SEP]")],
        "pair": [piece("Sequence", "A"), piece("Sequence", "B")],
        "special_tokens": {
            word: {"id": word, "ids": [WORDS.index(word)], "tokens": [word]} for word in ("[CLS]", "[SEP]")
        },
    },
    "decoder": None,
    "model": {
        "type": "WordLevel",
        "vocab": {word: i for i, word in enumerate(WORDS)},
        "unk_token": "[UNK]",
    },
}

# One head of self-attention over embedded tokens, with a residual: softmax(x xT / 2 + mask) x + x.
ATTENTION = [
    h.make_node("Gather", ["embedding", "input_ids"], ["x"]),
    h.make_node("Transpose", ["x"], ["xt"], perm=[0, 2, 1]),
    h.make_node("MatMul", ["x", "xt"], ["products"]),
    h.make_node("Mul", ["products", "half"], ["scores"]),
    h.make_node("Cast", ["attention_mask"], ["mask"], to=T.FLOAT),
    h.make_node("Sub", ["one", "mask"], ["hidden"]),
    h.make_node("Mul", ["hidden", "never"], ["bias"]),
    h.make_node("Unsqueeze", ["bias", "rows"], ["bias_rows"]),
    h.make_node("Add", ["scores", "bias_rows"], ["masked"]),
    h.make_node("Softmax", ["masked"], ["attention"], axis=-1),
    h.make_node("MatMul", ["attention", "x"], ["seen"]),
    h.make_node("Add", ["seen", "x"], ["last_hidden_state"]),
]
CONSTANTS = [
    table("embedding", len(WORDS), 0),
    h.make_tensor("half", T.FLOAT, [], [0.5]),
    h.make_tensor("one", T.FLOAT, [], [1.0]),
    h.make_tensor("never", T.FLOAT, [], [-10000.0]),
    h.make_tensor("rows", T.INT64, [1], [1]),
]

# Vectors of tokens, and beside them one of the first token, which is no embedding.
save(
    "encoder",
    [
        *ATTENTION,
        h.make_node("Gather", ["last_hidden_state", "first"], ["pooler_output"], axis=1),
    ],
    [value("input_ids", T.INT64, ["N", "L"]), value("attention_mask", T.INT64, ["N", "L"])],
    [
        value("pooler_output", T.FLOAT, ["N", WIDTH]),
        value("last_hidden_state", T.FLOAT, ["N", "L", WIDTH]),
    ],
    [*CONSTANTS, h.make_tensor("first", T.INT64, [], [0])],
)

# Vectors of texts: the sum of their tokens. All inputs that there may be, in the other type.
save(
    "sentences",
    [
        h.make_node("Gather", ["embedding", "input_ids"], ["words"]),
        h.make_node("Gather", ["segment", "token_type_ids"], ["segments"]),
        h.make_node("Add", ["words", "segments"], ["x"]),
        h.make_node("Cast", ["attention_mask"], ["mask"], to=T.FLOAT),
        h.make_node("Unsqueeze", ["mask", "last"], ["columns"]),
        h.make_node("Mul", ["x", "columns"], ["masked"]),
        h.make_node("ReduceSum", ["masked", "tokens"], ["sentence_embedding"], keepdims=0),
    ],
    [value(name, T.INT32, ["N", "L"]) for name in ("input_ids", "attention_mask", "token_type_ids")],
    [value("sentence_embedding", T.FLOAT, ["N", WIDTH])],
    [
        table("embedding", len(WORDS), 0),
        table("segment", 2, 3),
        h.make_tensor("last", T.INT64, [1], [2]),
        h.make_tensor("tokens", T.INT64, [1], [1]),
    ],
)

# As the first one, but nothing can be hidden from it: what fills up would be seen as text.
save(
    "maskless",
    [
        *ATTENTION[:4],
        h.make_node("Softmax", ["scores"], ["attention"], axis=-1),
        h.make_node("MatMul", ["attention", "x"], ["seen"]),
        h.make_node("Add", ["seen", "x"], ["last_hidden_state"]),
    ],
    [value("input_ids", T.INT64, ["N", "L"])],
    [value("last_hidden_state", T.FLOAT, ["N", "L", WIDTH])],
    CONSTANTS[:2],
)
