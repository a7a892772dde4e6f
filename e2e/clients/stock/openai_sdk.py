"""openai, for servers that have its endpoints."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import openai

from .data import expect
from .skip import Skip


# A tiny text encoder that knows ten words.
ENCODER = "encoder"


def embeddings(url: str) -> Iterator[tuple[str, Callable[[], None]]]:
    client = openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)

    def model() -> str:
        try:
            listed = client.models.list().data
        except openai.NotFoundError as absent:
            raise Skip("the server has no /v1/models") from absent
        if all(model.id != ENCODER for model in listed):
            raise Skip(f"the server lists no model {ENCODER} in /v1/models")
        return ENCODER

    def embed(texts: Any, **more: Any) -> list[list[float]]:
        answer = client.embeddings.create(model=model(), input=texts, **more)
        return [one.embedding for one in answer.data]

    def one_text() -> None:
        (vector,) = embed("the river flows")
        expect(all(map(math.isfinite, vector)) and len(vector) > 1, True, "that it is a vector")

    def several_texts() -> None:
        one, other, again = embed(["the river flows", "a bird sings", "the river flows"])
        expect(one != other, True, "that texts differ")
        expect(max(abs(a - b) for a, b in zip(one, again, strict=True)) < 1e-4, True, "the same")

    def encodings() -> None:
        """The client asks for base64 when nobody says otherwise."""
        (usual,), (plain,) = embed("the river flows"), embed("the river flows", encoding_format="float")
        near = all(abs(a - b) < 1e-5 for a, b in zip(usual, plain, strict=True))
        expect(near, True, "that both encodings say the same")

    yield "one text", one_text
    yield "several texts", several_texts
    yield "base64 and numbers", encodings
