"""Whole reviews by outcrop against bare calls by the clients that people would use instead."""
import os
import pathlib
import shutil
import subprocess
import sys

import results
import world

HERE = pathlib.Path(__file__).parent
PROMPT = "prompt: |\n  Review this. {{ diff }}\n"
CONFIG = "version: 1\nagents: [one]\ndefaults: { chunk: { tokens: 500 } }\n"
REPOSITORY = {".github/outcrop/agents/one.yml": PROMPT, ".github/outcrop.yml": CONFIG}
SECONDS = 0.5

PYTHON = ("boto3", "aioboto3", "anthropic")
NODE = ("@aws-sdk/client-bedrock-runtime", "@smithy/node-http-handler")


def install(folder):
    """The competitors, from their registries, into a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    python, whole = folder / "venv/bin/python3", folder / "venv/whole"
    if not whole.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "-q", "install", "--only-binary", ":all:", *PYTHON], check=True)
        whole.touch()
    if shutil.which("npm") and not (folder / "node_modules").exists():
        subprocess.run(["npm", "--silent", "--prefix", folder, "install", *NODE], check=True)


def commands(folder, quick):
    """Name and command of each competitor that is there."""
    python = folder / "venv/bin/python3"
    found = {}
    if python.exists():
        found["boto3, threads"] = [python, HERE / "clients/boto3_threads.py"]
        found["aioboto3"] = [python, HERE / "clients/aioboto3_tasks.py"]
    if (folder / "node_modules").exists():
        found["AWS SDK for JS"] = ["node", HERE / "clients/sdk_js.mjs"]
    if python.exists() and not quick:
        found["Anthropic SDK"] = [python, HERE / "clients/anthropic_tasks.py"]
    return found


def figures(result, there):
    return {"wall_ms": result["wall"] * 1000, "cpu_ms": result["cpu"] * 1000, "peak_rss_mib": result["mib"],
            "connections": there.connections}


def run_client(run, command, folder, calls):
    there = world.World([], {}, {"": SECONDS})
    variables = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
                 "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-key", "AWS_EC2_METADATA_DISABLED": "true",
                 "HOME": str(folder)}
    result = run([*command, str(there.port), str(calls)], variables, folder)
    there.stop()
    if result["status"] or len(there.calls) != calls:
        sys.exit(f"bench: {command}: {len(there.calls)} of {calls} calls\n{result['text'][-2000:]}")
    return figures(result, there)


def run_review(run, environment, outcrop, workspace, calls):
    files = [world.changed_file(number, 40) for number in range(calls)]
    there = world.World(files, REPOSITORY, {"one": SECONDS})
    inputs = {"max_concurrency": str(calls), "max_calls": str(calls + 10)}
    result = run([outcrop, "action"], environment(workspace, there.port, **inputs), workspace)
    there.stop()
    if result["status"] or there.unknown or len(there.calls) != calls:
        sys.exit(f"bench: {len(there.calls)} of {calls} calls, not served: {there.unknown}\n"
                 f"{result['text'][-2000:]}")
    return figures(result, there)


def measure(run, environment, outcrop, workspace, folder, quick):
    """Everybody in turn, round after round, so that a busy moment hits all alike; gives the rows."""
    rows = []
    for calls in (1, 10, 100, 1000):
        runs = {"outcrop review": []}
        for _ in range(1 if quick else 3):
            runs["outcrop review"].append(run_review(run, environment, outcrop, workspace, calls))
            for name, command in commands(folder, quick).items():
                runs.setdefault(name, []).append(run_client(run, command, folder, calls))
        rows += [results.median_row(name, calls, SECONDS * 1000, several) for name, several in runs.items()]
    return rows
