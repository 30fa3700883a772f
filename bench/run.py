#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""cornichon beside scikit-learn and Keras, in one run: make bench, or
    build/python/bin/python bench/run.py BUILD [--rounds N]

Each comparison alternates the two sides (A B A B ...) and gives the ratio of their medians, since the speed of a shared
machine drifts. Whole processes are timed from the outside, peak memory is the kernel's count for the finished process;
predictions in C are timed by `cornichon bench`, which leaves start-up and loading out."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

COLD_PYTHON = """
import sys, joblib, numpy as np
from keras.models import load_model
pca, network = joblib.load(sys.argv[1]), load_model(sys.argv[2], compile=False)
np.savetxt(sys.argv[4], network.predict(pca.transform(np.load(sys.argv[3])), verbose=0), delimiter=",")
"""
FIT_KERAS = """
import time, keras
from sklearn.datasets import load_iris
x, y = load_iris(return_X_y=True)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(128, activation="relu"), keras.layers.Dense(3, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
start = time.perf_counter()
model.fit(x, y, epochs=10, verbose=0)
print(time.perf_counter() - start)
"""
QUIET = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")


# The kernel counts the memory of the process that forks into the peak of its child, so a small one does the forking.
LAUNCH = """
import os, sys, time
start = time.perf_counter()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
_, status, usage = os.wait4(pid, 0)
print(time.perf_counter() - start, usage.ru_maxrss / 1024, file=sys.stderr)
sys.exit(status != 0)
"""


def run(argv):
    """wall seconds, peak memory in MiB (no less than the 9 of the process that forks), stdout"""
    p = subprocess.run([sys.executable, "-S", "-E", "-c", LAUNCH, *argv], capture_output=True, text=True, env=QUIET)
    if p.returncode != 0:
        sys.exit(f"failed: {argv}")
    seconds, peak = p.stderr.split()
    return float(seconds), float(peak), p.stdout


def pairs(rounds, ours, theirs):
    a, b = [], []
    for _ in range(rounds):
        a.append(ours())
        b.append(theirs())
    return a, b


def median(values):
    return statistics.median(values)


def line(what, ours, theirs, unit):
    ratio = median(theirs) / median(ours)
    print(f"| {what} | {median(ours):.3g} {unit} | {median(theirs):.3g} {unit} | {ratio:.3g} |")


def make_models(program, folder):
    at = lambda name: os.path.join(folder, name)  # noqa: E731
    run([program, "fit", "PCA(n_components=2)", "-i", "iris", "-o", at("pca.joblib")])
    run([program, "fit", "LogisticRegression(max_iter=500)", "-i", "iris", "-o", at("lr.joblib")])
    run([program, "fit", "make_pipeline(PCA(n_components=2), Sequential([Dense(128, activation='relu'), Dense(3, activation='softmax')]))",
         "-i", "iris", "--optimizer", "adam", "--loss", "sparse_categorical_crossentropy", "--epochs", "10",
         "-o", at("pca.joblib"), "-o", at("net.keras")])


def cold_chain(program, folder, rounds):
    """one row through the chain, process start to output"""
    import numpy as np
    row, out = os.path.join(folder, "row.npy"), os.path.join(folder, "out.csv")
    np.save(row, np.array([[5.1, 3.5, 1.4, 0.2]]))
    models = [os.path.join(folder, "pca.joblib"), os.path.join(folder, "net.keras")]
    ours, theirs = pairs(rounds, lambda: run([program, "predict", *models, "-i", row, "-o", out])[:2],
                         lambda: run([sys.executable, "-c", COLD_PYTHON, *models, row, out])[:2])
    line("chain, one row: process start to output", [1e3 * a for a, _ in ours], [1e3 * b for b, _ in theirs], "ms")
    line("chain, one row: peak memory", [m for _, m in ours], [m for _, m in theirs], "MiB")


def python_row(call):
    """median microseconds of one call"""
    call()
    times = []
    for _ in range(2000):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e6 * median(times)


def one_row(program, folder, rounds):
    """one row through a prepared predictor"""
    import joblib
    import numpy as np
    import keras
    row = np.array([[5.1, 3.5, 1.4, 0.2]])
    lr, pca = (joblib.load(os.path.join(folder, n + ".joblib")) for n in ("lr", "pca"))
    network = keras.models.load_model(os.path.join(folder, "net.keras"), compile=False)
    at = lambda name: os.path.join(folder, name)  # noqa: E731

    def bench(*models):
        out = run([program, "bench", *models, "-i", at("row.npy"), "--seconds", "0.3", "--threads", "1", "--json"])[2]
        return json.loads(out)["p50_us"]

    for what, ours, theirs in (
        ("LogisticRegression.predict, one row", lambda: bench(at("lr.joblib")), lambda: python_row(lambda: lr.predict(row))),
        ("PCA.transform, one row", lambda: bench(at("pca.joblib")), lambda: python_row(lambda: pca.transform(row))),
        ("PCA -> network, one row (Keras: model(x))", lambda: bench(at("pca.joblib"), at("net.keras")),
         lambda: python_row(lambda: network(pca.transform(row)).numpy())),
    ):
        a, b = pairs(max(3, rounds // 2), ours, theirs)
        line(what, a, b, "us")


def fit_iris(program, folder, rounds):
    """ten epochs on iris: our whole process against Keras's fit() alone"""
    net = os.path.join(folder, "fit.h5")
    argv = [program, "fit", "Sequential([Dense(128, activation='relu'), Dense(3, activation='softmax')])", "-i", "iris", "-q", "--optimizer",
            "adam", "--loss", "sparse_categorical_crossentropy", "--metrics", "accuracy", "--epochs", "10", "--threads", "1", "-o", net]
    ours, theirs = pairs(rounds, lambda: run(argv)[0], lambda: float(run([sys.executable, "-c", FIT_KERAS])[2]))
    line("ten epochs on iris (ours: the whole process)", [1e3 * a for a in ours], [1e3 * b for b in theirs], "ms")


def load_large(program, folder, rounds):
    """inspect an uncompressed joblib file: the arrays stay in the map, so the size does not matter"""
    import joblib
    import numpy as np
    from sklearn.decomposition import PCA
    small, large = os.path.join(folder, "small.joblib"), os.path.join(folder, "large.joblib")
    for path, features in ((small, 1000), (large, 134_000_000)):
        pca = PCA(n_components=1).fit(np.eye(3))
        pca.components_ = np.ones((1, features))
        pca.mean_, pca.n_features_in_ = np.zeros(features) if features == 1000 else None, features
        joblib.dump(pca, path)
        del pca
    ours, theirs = pairs(rounds, lambda: run([program, "inspect", large])[0], lambda: run([program, "inspect", small])[0])
    size = os.path.getsize(large) / 2**30
    print(f"| loading {size:.2f} GiB beside 8 kB, both in cornichon | {1e3 * median(ours):.3g} ms | {1e3 * median(theirs):.3g} ms | "
          f"{median(theirs) / median(ours):.3g} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    program = os.path.join(os.path.abspath(args.build), "cornichon")
    os.environ.update(QUIET)
    print("| what | cornichon | Python | times |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        make_models(program, folder)
        for part in (cold_chain, one_row, fit_iris, load_large):
            part(program, folder, args.rounds)


main()
