#!/usr/bin/env python3
"""Installs the vendors' clients into the build folder and runs them against the emulator.

usage: run.py BUILD_FOLDER javascript|python"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "flows"))
os.environ.setdefault("OUTCROP", "")
from harness import BASE, HEAD, Emulator  # noqa: E402  (it reads the variable above)
from packages import NPM, install  # noqa: E402

FAULTS = [{"on": "converse-stream", "nth": 3, "times": 1, "fault": "stream-throttling"}]
REPLIES = [{"match": {"agent": "security"},
            "findings": {"summary": "Looked.", "findings": []}},
           {"text": "Hello."}]
KEYS = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "secretexample"}


def javascript(folder):
    install(folder, HERE / "package.json", NPM)
    shutil.copy(HERE / "clients.mjs", folder / "clients.mjs")
    return ["node", "clients.mjs"]


def python(folder):
    interpreter = str(folder / "venv/bin/python")
    # By the pip of our tools: to put another one into the folder takes a quarter of the time that the packages do.
    pip = [str(HERE.parent.parent / "script/with-tools"), "pip", "--python", interpreter]
    install(folder, HERE / "requirements.txt", [sys.executable, "-m", "venv", "--without-pip", "venv"],
            [*pip, "install", "--quiet", "--no-compile", "-r", "requirements.txt"])
    return [interpreter, str(HERE / "clients.py")]


LANGUAGES = {"javascript": (javascript, FAULTS), "python": (python, ())}


def main():
    folder = pathlib.Path(sys.argv[1]).resolve() / "sdk"
    folder.mkdir(parents=True, exist_ok=True)
    make, faults = LANGUAGES[sys.argv[2]]
    try:
        command = make(folder)
    except (OSError, subprocess.SubprocessError) as error:
        print("1..1")
        if sys.argv[2] == "python":
            print(f"ok 1 - the_clients_can_be_installed # SKIP {error}")
            return
        print(f"not ok 1 - the_clients_can_be_installed: {error}; is npm there, and its registry?")
        sys.exit(1)
    head = {**HEAD, "README.md": "# Widgets\n\nMore.\n"}
    with Emulator(REPLIES, faults, base=BASE, head=head,
                  aws={**KEYS, "clock_skew_seconds": 900}) as emulator:
        env = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        env["EMULATOR_ENV"] = json.dumps(emulator.env)
        sys.exit(subprocess.run(command, cwd=folder, env=env, timeout=240,
                                stdin=subprocess.DEVNULL).returncode)


if __name__ == "__main__":
    main()
