#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Predictions beside scikit-learn, its Intel extension, onnxruntime and Treelite, in one run: make bench-predict, or
    PYTHON bench/predict.py BUILD [--rounds N] [--only NAME,...] [--threads 1,2]     (PYTHON has bench/requirements.txt)

Every side of a comparison is a process of its own that has the model loaded. They are asked in turn, for a short slice each (A B C A B C ...), and
the medians of the slices are compared, since the speed of a shared machine drifts. One thread means one CPU, too. scikit-learn and cornichon
compute in float64 on float64 rows; onnxruntime and Treelite in float32."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

PEERS = ("sklearn", "sklearnex", "onnxruntime", "treelite")
ROWS = 100_000
SLICE = 0.3


# ---- models ----


def classes(rows, features, informative, labels, seed):
    from sklearn.datasets import make_classification
    return make_classification(rows, features, n_informative=informative, n_redundant=features // 5, n_classes=labels, random_state=seed)


def models():
    """name: (model, method, rows)"""
    import numpy as np
    from sklearn.datasets import load_iris
    from sklearn.decomposition import PCA
    from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    random = np.random.default_rng(7)
    iris = load_iris()
    flowers = iris.data[random.integers(0, 150, ROWS)] + random.normal(0, 0.05, (ROWS, 4))
    x50, y50 = classes(ROWS, 50, 30, 10, 0)
    x20, y20 = classes(ROWS, 20, 12, 2, 3)
    images = random.random((ROWS, 784)) * (random.random((ROWS, 784)) < 0.2)
    digits = random.integers(0, 10, ROWS)
    part = slice(0, 20_000)
    yield "logreg_4x3", LogisticRegression(max_iter=1000).fit(iris.data, iris.target), "predict_proba", flowers
    yield "logreg_50x10", LogisticRegression(max_iter=200).fit(x50, y50), "predict_proba", x50
    yield "pca_784x32", PCA(32, svd_solver="covariance_eigh").fit(images), "transform", images
    pipe = make_pipeline(StandardScaler(), PCA(32, svd_solver="covariance_eigh"), LogisticRegression(max_iter=200))
    yield "pipeline_784", pipe.fit(images[part], digits[part]), "predict_proba", images
    yield "forest_depth10", RandomForestClassifier(100, max_depth=10, random_state=0).fit(x20[part], y20[part]), "predict_proba", x20
    yield "forest_full", RandomForestClassifier(100, random_state=0).fit(x20[part], y20[part]), "predict_proba", x20
    yield "boosting_100", GradientBoostingClassifier(random_state=0).fit(x20[part], y20[part]), "predict_proba", x20
    hist = HistGradientBoostingClassifier(max_iter=200, early_stopping=False, random_state=0)
    yield "hist_200", hist.fit(x20[part], y20[part]), "predict_proba", x20
    yield "neighbors_5", KNeighborsClassifier().fit(x20[:10_000], y20[:10_000]), "predict_proba", x20[:20_000]
    yield "svc_rbf", SVC().fit(x20[:5_000], y20[:5_000]), "decision_function", x20[:20_000]


def texts(count, words, seed):
    """documents whose words are as frequent as in a language (Zipf)"""
    import numpy as np
    random = np.random.default_rng(seed)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    vocabulary = ["".join(random.choice(letters, random.integers(2, 10))) for _ in range(50_000)]
    ranks = (random.zipf(1.3, (count, words)) - 1) % len(vocabulary)
    return [" ".join(vocabulary[r] for r in row) + "." for row in ranks]


# ---- one side of a comparison: asked through its standard input, answers in JSON lines ----


def caller(peer, model, method, threads, features, folder, name):
    """a function of a block of rows"""
    import numpy as np
    if peer == "sklearn":
        return getattr(model, method)
    if peer == "sklearnex":
        import sklearnex
        sklearnex.patch_sklearn(verbose=False)
        import importlib
        cls = getattr(importlib.import_module(type(model).__module__.split("._")[0]), type(model).__name__)
        if not cls.__module__.startswith(("sklearnex", "daal4py")):
            return None
        x, y = np.load(os.path.join(folder, name + ".fit.npy")), np.load(os.path.join(folder, name + ".y.npy"))
        return getattr(cls(**model.get_params()).fit(x, y), method)
    if peer == "onnxruntime":
        import onnxruntime
        from skl2onnx import to_onnx
        options = {id(model): {"zipmap": False}} if hasattr(model, "classes_") else None
        if method == "decision_function":
            options = {id(model): {"raw_scores": True, "zipmap": False}}
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        graph = to_onnx(model, np.zeros((1, features), "float32"), options=options).SerializeToString()
        session = onnxruntime.InferenceSession(graph, settings, providers=["CPUExecutionProvider"])
        output = [session.get_outputs()[-1].name]
        return lambda x: session.run(output, {"X": x})
    import treelite
    forest = treelite.sklearn.import_model(model)
    return lambda x: treelite.gtil.predict(forest, x, nthread=threads)


def serve(peer, name, method, folder, threads):
    import joblib
    import numpy as np
    x = np.load(os.path.join(folder, name + ".npy"))
    if peer in ("onnxruntime", "treelite"):
        x = x.astype("float32")
    try:
        ask = caller(peer, joblib.load(os.path.join(folder, name + ".joblib")), method, threads, x.shape[1], folder, name)
        ask(x[:1])
    except Exception:  # noqa: BLE001   this peer does not have the model
        ask = None
    print(json.dumps(ask is not None), flush=True)
    for line in sys.stdin:
        one = line.strip() == "row"
        times, start = [], time.perf_counter()
        while not times or time.perf_counter() - start < SLICE:
            block = x[len(times) % 1000:][:1] if one else x
            before = time.perf_counter()
            ask(block)
            times.append(time.perf_counter() - before)
        print(json.dumps(1e6 * statistics.median(times) if one else len(x) / min(times)), flush=True)


class Side:
    def __init__(self, peer, name, method, folder, threads):
        env = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads))
        argv = [sys.executable, __file__, "--serve", peer, name, method, folder, str(threads)]
        if threads == 1:
            argv = ["taskset", "-c", "0"] + argv
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
        self.works = self.process.stdout.readline().strip() == "true"

    def ask(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Cornichon:
    works = True

    def __init__(self, program, name, method, folder, threads):
        self.argv = [program, "bench", os.path.join(folder, name + ".joblib") + ":" + method, "-i", os.path.join(folder, name + ".npy"),
                     "--seconds", str(SLICE), "--threads", str(threads), "--json"]
        if threads == 1:
            self.argv = ["taskset", "-c", "0"] + self.argv

    def ask(self, what):
        batch = ["--batch", "1"] if what == "row" else ["--batch", str(ROWS)]
        p = subprocess.run(self.argv + batch, capture_output=True, text=True, check=True)
        out = json.loads(p.stdout)
        return out["p50_us"] if what == "row" else 1e6 * out["rows"] / out["calls"] / out["p50_us"]

    def close(self):
        pass


# ---- comparisons ----


def compare(program, name, method, folder, threads, rounds):
    sides = {"cornichon": Cornichon(program, name, method, folder, threads)}
    sides.update((peer, Side(peer, name, method, folder, threads)) for peer in PEERS)
    sides = {peer: side for peer, side in sides.items() if side.works}
    for what, unit, better in (("row", "us", min), ("rows", "rows/s", max)):
        got = {peer: [] for peer in sides}
        for _ in range(rounds):
            for peer, side in sides.items():
                got[peer].append(side.ask(what))
        medians = {peer: statistics.median(v) for peer, v in got.items()}
        ours = medians.pop("cornichon")
        best = better(medians, key=medians.get)
        times = medians[best] / ours if what == "row" else ours / medians[best]
        others = ", ".join(f"{peer} {value:.3g}" for peer, value in medians.items() if peer != best)
        label = "one row" if what == "row" else "all rows"
        print(f"| {name} | {label}, {threads} thread{'s' * (threads > 1)} | {ours:.3g} {unit} | {best} {medians[best]:.3g} | {times:.3g} | {others} |", flush=True)
    for side in sides.values():
        side.close()


def compare_texts(program, folder, rounds):
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    documents = texts(10_000, 150, 5)
    model = TfidfVectorizer().fit(documents)
    path, rows = os.path.join(folder, "tfidf.joblib"), os.path.join(folder, "texts.json")
    joblib.dump(model, path)
    with open(rows, "w") as f:
        json.dump(documents, f)
    ours, theirs = [], []
    for _ in range(rounds):
        p = subprocess.run(["taskset", "-c", "0", program, "bench", path + ":transform", "-i", rows, "--batch", str(len(documents)),
                            "--seconds", str(SLICE), "--threads", "1", "--json"], capture_output=True, text=True, check=True)
        out = json.loads(p.stdout)
        ours.append(out["rows"] / out["s"])
        start = time.perf_counter()
        model.transform(documents)
        theirs.append(len(documents) / (time.perf_counter() - start))
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"| tfidf | 10,000 texts of 150 words, 1 thread | {a:.3g} texts/s | sklearn {b:.3g} | {a / b:.3g} | |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="")
    parser.add_argument("--threads", default="1,2")
    args = parser.parse_args()
    program, only = os.path.join(os.path.abspath(args.build), "cornichon"), set(filter(None, args.only.split(",")))
    print("| model | question | cornichon | the best of the others | times | the rest |\n|---|---|---|---|---|---|")
    import joblib
    import numpy as np
    with tempfile.TemporaryDirectory() as folder:
        for name, model, method, rows in models():
            if only and name not in only:
                continue
            joblib.dump(model, os.path.join(folder, name + ".joblib"))
            np.save(os.path.join(folder, name + ".npy"), rows)
            fitted = rows[:{"neighbors_5": 10_000, "svc_rbf": 5_000}.get(name, 20_000)]
            np.save(os.path.join(folder, name + ".fit.npy"), fitted)
            np.save(os.path.join(folder, name + ".y.npy"), model.predict(fitted) if hasattr(model, "predict") else np.zeros(len(fitted)))
            for threads in map(int, args.threads.split(",")):
                compare(program, name, method, folder, threads, args.rounds)
        if not only or "tfidf" in only:
            compare_texts(program, folder, args.rounds)


if len(sys.argv) == 7 and sys.argv[1] == "--serve":
    serve(*sys.argv[2:6], int(sys.argv[6]))
else:
    main()
