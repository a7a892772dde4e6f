"""The command line."""

import argparse
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit

from . import report
from .check import Result
from .checks import CHECKS, GROUPS
from .fuzz import Fuzzer
from .http import Broken, Endpoint
from .known import NAMES
from .runner import run
from .soak import Soak
from .target import Target, served


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    checks = [check for check in CHECKS if not options.only or check.group in options.only]
    if options.list:
        for check in checks:
            print(f"{check.level:<6} {check.id:<34} {check.rule} [{check.source}]")
        return 0
    try:
        target = _target(options)
    except (ValueError, Broken) as problem:
        print(f"conformance: {problem}", file=sys.stderr)
        return 2
    if options.fuzz:
        return Fuzzer(target, options.seed).run(options.fuzz)
    if options.soak:
        return Soak(target, options.seed, options.pid).run(options.soak)
    results: list[Result] = []
    for check in checks:
        results.append(run(check, target))
        print(report.line(results[-1]), flush=True)
    print(report.summary(results))
    if options.json:
        options.json.write_text(report.as_json(options.url, results))
    return 1 if report.violated(results) else 0


def _target(options: argparse.Namespace) -> Target:
    if not options.url:
        raise ValueError("--url is needed")
    url = urlsplit(options.url)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(f"--url is {options.url!r}; it must be http://HOST:PORT or https://HOST")
    base = url.path.rstrip("/")
    tls = ssl.create_default_context(cafile=options.ca) if url.scheme == "https" else None
    port = url.port or (443 if tls else 80)
    trusted = options.ca.read_bytes() if options.ca else None
    headers = dict(map(_header, options.header or []))
    endpoint = Endpoint(url.hostname, port, tls, trusted, headers)
    if options.model:
        names = dict(_named(model) for model in options.model)
    else:
        names = served(endpoint, base)
    if not names:
        raise ValueError(
            f"the server has none of the models of {Path(__file__).parent.parent / 'models'};"
            " serve that folder, or give --model"
        )
    return Target(endpoint, names, options.grpc, base)


def _named(model: str) -> tuple[str, str]:
    known, _, name = model.partition("=")
    if known not in NAMES:
        raise ValueError(f"--model {known}: the models are {', '.join(NAMES)}")
    return known, name or known


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise ValueError(f"--header is {line!r}; it must be NAME: VALUE")
    return name.strip(), value.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="conformance",
        description="Checks a server of the Open Inference Protocol v2 that serves the models of"
        " the folder models/. Ends with 1 when a MUST is not kept, with 2 when it could not run.",
    )
    parser.add_argument("--url", metavar="URL", help="http://HOST:PORT or https://HOST of REST")
    parser.add_argument(
        "--grpc", metavar="HOST:PORT", help="where the server speaks gRPC, with TLS as --url says"
    )
    parser.add_argument(
        "--header",
        action="append",
        metavar="NAME: VALUE",
        help="of every request and call, such as `Authorization: Bearer …`; may be repeated",
    )
    parser.add_argument(
        "--ca",
        type=Path,
        metavar="FILE",
        help="PEM certificates to trust in place of the system's, for https",
    )
    parser.add_argument(
        "--model",
        action="append",
        metavar="MODEL[=NAME]",
        help="a model of the folder that the server has, and its name there; may be repeated. By"
        " default the server is asked",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results here")
    parser.add_argument("--list", action="store_true", help="print the checks and run none")
    parser.add_argument(
        "--only",
        action="append",
        choices=GROUPS,
        metavar="GROUP",
        help=f"run only this group, one of {', '.join(GROUPS)}; may be repeated",
    )
    parser.add_argument(
        "--fuzz",
        type=float,
        metavar="SECONDS",
        help="in place of the checks send broken requests for this long; afterwards the server"
        " must be live, right, and hold no connection",
    )
    parser.add_argument(
        "--soak",
        type=float,
        metavar="SECONDS",
        help="in place of the checks send right and broken requests side by side for this long, and"
        " reload a model each second: every answer must be right, and memory must not grow",
    )
    parser.add_argument(
        "--pid", type=int, metavar="N", help="the server's process, of which --soak watches memory"
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="of --fuzz and --soak, default 1"
    )
    return parser
