#!/usr/bin/env python3
"""Installs the vendors' clients into the build folder and runs them against the emulator.

usage: run.py BUILD_FOLDER"""
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

INSTALL_SECONDS = 300
FAULTS = [{"on": "converse-stream", "nth": 3, "times": 1, "fault": "stream-throttling"}]
REPLIES = [{"match": {"agent": "security"},
            "findings": {"summary": "Looked.", "findings": []}},
           {"text": "Hello."}]
KEYS = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "secretexample"}


def install(folder):
    """npm's packages, once for each list of them."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (HERE / "package.json").read_text()
    done = folder / "installed.json"
    if not done.exists() or done.read_text() != wanted:
        (folder / "package.json").write_text(wanted)
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"],
                       cwd=folder, check=True, timeout=INSTALL_SECONDS,
                       stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        done.write_text(wanted)
    shutil.copy(HERE / "clients.mjs", folder / "clients.mjs")


def main():
    folder = pathlib.Path(sys.argv[1]) / "sdk"
    try:
        install(folder)
    except (OSError, subprocess.SubprocessError) as error:
        print("1..1")
        print(f"not ok 1 - the_clients_can_be_installed: {error}; is npm there, and its registry?")
        sys.exit(1)
    head = {**HEAD, "README.md": "# Widgets\n\nMore.\n"}
    with Emulator(REPLIES, FAULTS, base=BASE, head=head,
                  aws={**KEYS, "clock_skew_seconds": 900}) as emulator:
        env = {**os.environ, "EMULATOR_ENV": json.dumps(emulator.env)}
        for name in list(env):
            if name.startswith("AWS_"):
                del env[name]
        sys.exit(subprocess.run(["node", "clients.mjs"], cwd=folder, env=env, timeout=120,
                                stdin=subprocess.DEVNULL).returncode)


if __name__ == "__main__":
    main()
