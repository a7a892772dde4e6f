"""The checks, by group, in the order in which they run."""

from ..check import Check
from . import (
    binary,
    compression,
    connections,
    datatypes,
    errors,
    extensions,
    grpc,
    infer,
    metadata,
    refusals,
    server,
    versions,
)

MODULES = (
    server,
    metadata,
    infer,
    datatypes,
    refusals,
    versions,
    binary,
    compression,
    errors,
    connections,
    extensions,
    grpc,
)
CHECKS: list[Check] = [check for module in MODULES for check in module.GROUP.checks]
GROUPS = tuple(module.GROUP.name for module in MODULES)
