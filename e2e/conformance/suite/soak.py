"""Right and broken requests for a long time, beside reloads of a model: does memory stay flat?"""

import dataclasses
import gzip
import threading
import time
from collections.abc import Callable
from pathlib import Path

from oip import rest
from oip.protobuf import infer_request, infer_response

from .check import Failure, Skip
from .fuzz import Fuzzer
from .grpc import Grpc, Refused
from .http import Broken
from .known import ADD, IDENTITIES, SUM, SUM_A, SUM_B, VERSIONS, example
from .target import Target, expect_tensor, read_answer

CLIENTS = 4
RELOAD_EVERY = 1.0
SAMPLES = 60  # of memory, over the whole time
# The part of the time that caches, compiled code and the heap have to find their size.
WARM_UP = 1 / 3
# How much of its mean the line through the samples may rise after that.
GROWTH = 0.10


class Soak:
    """`process` is the server's, of which the memory is watched; None to watch only the answers."""

    def __init__(self, target: Target, seed: int, process: int | None):
        self._target = target
        self._process = process
        self._fuzzer = Fuzzer(target, seed)
        self._over = threading.Event()
        self._problems: list[str] = []
        self._answered = 0

    def run(self, seconds: float) -> int:
        """1 when an answer was wrong or memory grew, otherwise 0; prints what happened."""
        kinds = [self._json, self._binary, self._zipped, self._broken]
        try:
            Grpc.of(self._target)
            kinds.append(self._grpc)
        except Skip as reason:
            print(f"without gRPC: {reason}")
        threads = [
            threading.Thread(target=self._client, args=(kinds[i % len(kinds)],))
            for i in range(max(CLIENTS, len(kinds)))
        ]
        threads.append(threading.Thread(target=self._reloader))
        for thread in threads:
            thread.start()
        samples = self._watch(seconds)
        self._over.set()
        for thread in threads:
            thread.join()
        self._fuzzer.close()
        print(f"{self._answered} answers in {seconds:.0f} s")
        if samples:
            problem = growth(samples)
            self._problems += [problem] if problem else []
        for problem in self._problems[:5]:
            print(f"FAILED {problem}")
        return 1 if self._problems else 0

    def _watch(self, seconds: float) -> list[tuple[float, int]]:
        """Time and memory in bytes, until the time is over or something is wrong."""
        start = time.monotonic()
        samples = []
        for i in range(1, SAMPLES + 1):
            if self._problems or self._over.wait(start + seconds * i / SAMPLES - time.monotonic()):
                break
            if self._process is not None:
                samples.append((time.monotonic() - start, resident(self._process)))
                if i % (SAMPLES // 10) == 0:
                    at, held = samples[-1]
                    print(f"{at:7.0f} s {held / 1e6:7.1f} MB {self._answered} answers", flush=True)
        return samples

    def _client(self, kind: Callable[[], None]) -> None:
        while not self._over.is_set():
            try:
                kind()
                self._answered += 1
            except Exception as problem:  # a thread that ends must not end in silence
                self._problems.append(f"{kind.__name__.strip('_')}: {problem}")
                return

    def _reloader(self) -> None:
        try:
            path = f"/v2/repository/models/{self._target.model(VERSIONS)}/load"
            while not self._over.wait(RELOAD_EVERY):
                reply = self._target.ask("POST", path, b"{}")
                if reply.status != 200:
                    raise Failure(f"status {reply.status} {reply.body!r:.200}")
        except Skip:
            return
        except (Failure, Broken) as problem:
            self._problems.append(f"reload: {problem}")

    def _sum(self, body: bytes, **headers: str) -> None:
        expect_tensor(self._target.answer(ADD, body, **headers)[1], SUM)

    def _json(self) -> None:
        """A hundred on a kept connection."""
        body = rest.body([rest.plain(SUM_A), rest.plain(SUM_B)])
        with self._target.connect() as connection:
            path = self._target.base + self._target.path(ADD) + "/infer"
            for _ in range(100):
                reply = connection.ask("POST", path, body)
                expect_tensor(read_answer(reply, self._target.model(ADD))[1], SUM)

    def _zipped(self) -> None:
        body = gzip.compress(rest.body([rest.plain(SUM_A), rest.plain(SUM_B)]))
        self._sum(body, content_encoding="gzip")

    def _binary(self) -> None:
        tensor = example("FP32")
        head = rest.body([rest.binary(tensor)])
        headers = {"inference_header_content_length": str(len(head))}
        known = IDENTITIES["FP32"]
        outputs = self._target.answer(known, head + tensor.raw(), **headers)[1]
        expect_tensor(outputs, dataclasses.replace(tensor, name="out"))

    def _grpc(self) -> None:
        request = infer_request(self._target.model(ADD), [SUM_A, SUM_B])
        _, outputs = infer_response(Grpc.of(self._target).call("ModelInfer", request))
        expect_tensor({output.name: output for output in outputs}, SUM)

    def _broken(self) -> None:
        self._fuzzer.one()


def resident(process: int) -> int:
    """Bytes of a process that are in memory."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"process {process} has no memory")


def growth(samples: list[tuple[float, int]]) -> str | None:
    """What is wrong with memory over time: the least-squares line of the later part rises."""
    later = samples[int(len(samples) * WARM_UP) :]
    mean_time = sum(at for at, _ in later) / len(later)
    mean = sum(held for _, held in later) / len(later)
    spread = sum((at - mean_time) ** 2 for at, _ in later)
    slope = sum((at - mean_time) * (held - mean) for at, held in later) / spread if spread else 0.0
    risen = slope * (later[-1][0] - later[0][0])
    print(f"memory {mean / 1e6:.1f} MB, {risen / 1e6:+.1f} MB in the later part of the time")
    if risen > GROWTH * mean:
        return f"memory rose by {risen / mean:.0%}"
    return None
