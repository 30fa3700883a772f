# SPDX-License-Identifier: BSD-3-Clause
"""All interop checks, each in a process of its own: python tests/interop/run.py BUILD. Those in sklearn-V/ run in the
environment BUILD/sklearn-V. The closing line counts them."""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main():
    build = os.path.abspath(sys.argv[1])
    env = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
    passed = failed = 0
    checks = [(sys.executable, s) for s in sorted(HERE.glob("check_*.py"))]
    checks += [(os.path.join(build, s.parent.name, "python"), s) for s in sorted(HERE.glob("sklearn-*/check_*.py"))]
    for python, script in checks:
        print(f"-- {script.name}", flush=True)
        ok = subprocess.run([python, str(script), build], env=env).returncode == 0
        passed += ok
        failed += not ok
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
