"""ONNX Runtime in a loop, without a server: the limit.

usage: loop.py MODEL INPUT OUTPUT SECONDS [ROWS]

Prints, for one thread and for one per core, rows per second and CPU time per row as JSON: of runs
of one row, and with ROWS also of runs of so many on all cores, which is what batching could give at
best. Python adds some microseconds to each run.
"""

import json
import os
import sys
import threading
import time

import numpy as np
import onnxruntime

model, given, wanted, seconds, *batch = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
(described,) = session.get_inputs()
kind = {"tensor(float)": np.float32, "tensor(int64)": np.int64}[described.type]
value = np.fromfile(given, kind).reshape(1, *described.shape[1:])
answer = session.run(None, {described.name: value})[0]
if not np.allclose(answer.ravel(), np.fromfile(wanted, np.float32), 1e-3, 1e-3):
    sys.exit("the answer is wrong")


def loop(end, rows, counts):
    values = np.repeat(value, rows, axis=0)
    count = 0
    while time.monotonic() < end:
        session.run(None, {described.name: values})
        count += rows
    counts.append(count)


results = []
cores = os.cpu_count()
for threads, rows in [(1, 1), (cores, 1), *((cores, int(rows)) for rows in batch)]:
    for length in (float(seconds) / 3, float(seconds)):  # the first to warm up
        counts = []
        begin, cpu = time.monotonic(), time.process_time()
        workers = [
            threading.Thread(target=loop, args=(begin + length, rows, counts))
            for _ in range(threads)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        took, used = time.monotonic() - begin, time.process_time() - cpu
    results.append(
        {
            "threads": threads,
            "rows": rows,
            "per_second": sum(counts) / took,
            "cpu_us": used / sum(counts) * 1e6,
        }
    )
print(json.dumps(results))
