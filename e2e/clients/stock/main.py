"""The command line."""

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from .skip import Skip

Tests = Iterable[tuple[str, Callable[[], None]]]
Result = tuple[str, str, str, str]  # client, test, outcome, message


def _triton_http(url: str, _: str | None) -> Tests:
    from . import triton

    return triton.http(urlsplit(url).netloc)


def _triton_grpc(_: str, grpc: str | None) -> Tests:
    from . import triton

    return triton.grpc(_needed(grpc))


def _kserve_rest(url: str, _: str | None) -> Tests:
    from . import kserve_sdk

    return kserve_sdk.rest(url)


def _kserve_grpc(_: str, grpc: str | None) -> Tests:
    from . import kserve_sdk

    return kserve_sdk.grpc(_needed(grpc))


def _openai(url: str, _: str | None) -> Tests:
    from . import openai_sdk

    return openai_sdk.embeddings(url)


CLIENTS: dict[str, tuple[str, Callable[[str, str | None], Tests]]] = {
    "tritonclient-http": ("tritonclient", _triton_http),
    "tritonclient-grpc": ("tritonclient", _triton_grpc),
    "kserve-rest": ("kserve", _kserve_rest),
    "kserve-grpc": ("kserve", _kserve_grpc),
    "openai-embeddings": ("openai", _openai),
}


def main() -> int:
    options = _parser().parse_args()
    results: list[Result] = []
    for client in options.only or CLIENTS:
        # tritonclient and kserve bring the same protobuf package and do not load together.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            results += process.submit(_run, client, options.url.rstrip("/"), options.grpc).result()
    counts = Counter(outcome for _, _, outcome, _ in results)
    print(", ".join(f"{counts[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped")))
    if options.json:
        keys = ("client", "test", "outcome", "message")
        rows = [dict(zip(keys, result, strict=True)) for result in results]
        options.json.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    return 1 if counts["failed"] else 0


def _run(client: str, url: str, grpc: str | None) -> list[Result]:
    """All tests of one client."""
    del sys.argv[1:]  # kserve parses the arguments of whoever imports it
    package, tests = CLIENTS[client]
    name = f"{client} {version(package)}"
    results: list[Result] = []
    try:
        for test, run in tests(url, grpc):
            results.append((name, test, *_outcome(run)))
            _print(results[-1])
    except Skip as skip:
        results.append((name, "all", "skipped", str(skip)))
        _print(results[-1])
    return results


def _needed(grpc: str | None) -> str:
    if grpc is None:
        raise Skip("no address was given with --grpc")
    return grpc


def _outcome(run: Callable[[], None]) -> tuple[str, str]:
    begin = time.monotonic()
    try:
        run()
    except Skip as skip:
        return "skipped", str(skip)
    except Exception as failure:  # whatever a client makes of an answer
        return "failed", f"{type(failure).__name__}: {str(failure)[:300]}"
    return "passed", f"{time.monotonic() - begin:.3f} s"


def _print(result: Result) -> None:
    client, test, outcome, message = result
    print(f"{outcome:<8} {client:<28} {test:<34} {message}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="clients",
        description="Runs stock clients against a server that serves e2e/conformance/models. Ends"
        " with 1 when one of them fails.",
    )
    parser.add_argument("--url", required=True, help="http://HOST:PORT of the server's REST")
    parser.add_argument("--grpc", metavar="HOST:PORT", help="where the server speaks gRPC")
    parser.add_argument("--only", action="append", choices=CLIENTS, help="may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results here")
    return parser


if __name__ == "__main__":
    sys.exit(main())
