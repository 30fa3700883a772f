#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A large forest from its file, beside joblib.load, and the memory that takes: make bench-load, or
    PYTHON bench/load.py BUILD [--trees N | --file FOREST.joblib] [--rounds N]     (PYTHON has bench/requirements.txt)

The file is in the page cache. Each load is a process of its own, in turn (A B C A B C ...), and medians are compared. joblib's time is that of
joblib.load alone, after its imports; the library's that of crn_model_load and crn_predictor_create; the program's the whole process, from its
start to one prediction. Peak memory is what the system says of the process (ru_maxrss): pages of the mapped file count, too."""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

JOBLIB = """import sys, time, joblib, sklearn.ensemble
start = time.perf_counter()
joblib.load(sys.argv[1])
print(time.perf_counter() - start)"""

LIBRARY = """import ctypes, sys, time
lib = ctypes.CDLL(sys.argv[2])
model, predictor = ctypes.c_void_p(), ctypes.c_void_p()
start = time.perf_counter()
assert lib.crn_model_load(sys.argv[1].encode(), None, ctypes.byref(model), None) == 0
loaded = time.perf_counter()
assert lib.crn_predictor_create(model, 0, None, ctypes.byref(predictor), None) == 0
print(loaded - start, time.perf_counter() - start)"""


def forest(path, trees):
    import joblib
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier
    random = np.random.default_rng(1)
    x = random.normal(size=(60_000, 10))
    y = x[:, 0] + 3 * random.normal(size=len(x)) > 0
    joblib.dump(RandomForestClassifier(trees, random_state=0, n_jobs=-1).fit(x, y), path)


def run(*argv):
    """output, seconds and peak memory in MB of a process"""
    start = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{argv[0]} failed")
    return out, seconds, usage.ru_maxrss * 1024 / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--trees", type=int, default=300)
    parser.add_argument("--file")
    parser.add_argument("--features", type=int, default=10, help="of the forest in --file")
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    build = os.path.abspath(args.build)
    with tempfile.TemporaryDirectory() as folder:
        path, row, out = args.file or os.path.join(folder, "forest.joblib"), os.path.join(folder, "row.csv"), os.path.join(folder, "out.npy")
        if not args.file:
            forest(path, args.trees)
        with open(row, "w") as f:
            f.write(",".join("0.5" for _ in range(args.features)) + "\n")
        got = {name: [] for name in ("joblib.load", "load", "ready", "process")}
        memory = {"joblib.load": [], "process": []}
        for _ in range(args.rounds):
            text, _, peak = run(sys.executable, "-c", JOBLIB, path)
            got["joblib.load"].append(float(text))
            memory["joblib.load"].append(peak)
            loaded, ready = map(float, run(sys.executable, "-c", LIBRARY, path, os.path.join(build, "libcornichon.so"))[0].split())
            got["load"].append(loaded)
            got["ready"].append(ready)
            _, seconds, peak = run(os.path.join(build, "cornichon"), "predict", path, "-i", row, "-o", out)
            got["process"].append(seconds)
            memory["process"].append(peak)
        size = os.path.getsize(path) / 1e6
    ms = {name: 1e3 * statistics.median(v) for name, v in got.items()}
    mb = {name: statistics.median(v) for name, v in memory.items()}
    print("| forest of %.0f MB | ms | times | peak memory |\n|---|---|---|---|" % size)
    print(f"| joblib.load | {ms['joblib.load']:.0f} | | {mb['joblib.load']:.0f} MB |")
    for name, what in (("load", "crn_model_load"), ("ready", "... and crn_predictor_create"), ("process", "program, start to prediction")):
        peak = f"{mb[name]:.0f} MB" if name in mb else ""
        print(f"| {what} | {ms[name]:.0f} | {ms['joblib.load'] / ms[name]:.1f} | {peak} |")


main()
