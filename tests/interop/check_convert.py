# SPDX-License-Identifier: BSD-3-Clause
"""`cornichon convert --sklearn V` on every golden file of scikit-learn 0.22 to 1.9: the real V loads the file without a warning, prints
it, and answers as the version that wrote it did. What V cannot say is an error that names it, and those are counted. Argument: BUILD;
the environments of V are BUILD/python and BUILD/sklearn-V."""
import collections
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BUILD = os.path.abspath(sys.argv[1])
HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden" / "sklearn"
PYTHONS = {
    "1.0": f"{BUILD}/sklearn-1.0/python",
    "1.2": f"{BUILD}/sklearn-1.2/python",
    "1.5": f"{BUILD}/sklearn-1.5/python",
    "1.9": sys.executable,
}

# What the version itself does otherwise than the one that wrote the file.
OTHERWISE = {
    ("1.5", "trees/1.9.1/dt_nan.joblib"): "decision_path takes no missing values",
    ("1.5", "trees/1.9.1/etr_nan.joblib"): "ExtraTreeRegressor takes no missing values",
}


def convert(model, out, version):
    p = subprocess.run([f"{BUILD}/cornichon", "convert", model, out, "--sklearn", version], capture_output=True, text=True)
    assert p.returncode in (0, 3), p.stderr
    assert p.returncode == 0 or "scikit-learn " in p.stderr, p.stderr
    return p.returncode == 0, p.stderr.strip()


def check(version, folder):
    jobs, refused = [], collections.Counter()
    for table in sorted(GOLDEN.glob("*.tsv")):
        for _, name, model, npz, methods in csv.reader(open(table), delimiter="\t"):
            out = os.path.join(folder, model.replace("/", "-"))
            done, said = convert(str(GOLDEN / model), out, version)
            if (version, model) in OTHERWISE:
                refused[f"{model}: {OTHERWISE[version, model]}"] += 1
            elif done:
                jobs.append(dict(name=model, model=out, npz=str(GOLDEN / npz), methods=methods.split(",") if methods else []))
            else:
                refused[said.split(": ", 2)[-1]] += 1
    listing = os.path.join(folder, "jobs.json")
    with open(listing, "w") as f:
        json.dump(jobs, f)
    p = subprocess.run([PYTHONS[version], str(HERE / "load_converted.py"), listing], capture_output=True, text=True)
    print(f"   for {version}: {len(jobs)} converted, {sum(refused.values())} cannot be said")
    for said, count in refused.most_common():
        print(f"      {count} x {said}")
    assert p.returncode == 0 and jobs, p.stdout[-4000:] + p.stderr[-4000:]


for target in PYTHONS:
    with tempfile.TemporaryDirectory() as made:
        check(target, made)
