"""Whole reviews by outcrop against bare calls by the clients that people would use instead."""
import contextlib
import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys

import front
import results
import world

HERE = pathlib.Path(__file__).parent
PROMPT = "prompt: |\n  Review this. {{ diff }}\n"
CONFIG = "version: 1\nagents: [one]\ndefaults: { chunk: { tokens: 500 } }\n"
REPOSITORY = {".github/outcrop/agents/one.yml": PROMPT, ".github/outcrop.yml": CONFIG}
SECONDS = 0.5
ROUNDS = 3

# Versions that fit together: aioboto3 names one boto3, and pip tries hundreds of others without this.
PYTHON = ("aioboto3==15.5.0", "anthropic[bedrock]==2.14.0", "awscrt==0.38.1", "detect-secrets==1.5.0")
NODE = ("@aws-sdk/client-bedrock-runtime@3", "@smithy/node-http-handler@4")

PLAIN, TLS, HTTP2 = "HTTP/1.1", "HTTP/1.1 and TLS", "HTTP/2 and TLS"


def install(folder):
    """The competitors, from their registries, into a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    python, whole = folder / "venv/bin/python3", folder / "venv/whole"
    if not whole.exists() or whole.read_text() != "\n".join(PYTHON):
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "-q", "install", "--only-binary", ":all:", *PYTHON], check=True)
        whole.write_text("\n".join(PYTHON))
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


def protocols(quick):
    """nghttpx, where there is one, speaks TLS for the same service."""
    return (PLAIN, TLS, HTTP2) if front.is_there() and not quick else (PLAIN,)


@dataclasses.dataclass
class Bench:
    """What all measurements of one protocol share."""
    run: object
    environment: object
    outcrop: pathlib.Path
    workspace: pathlib.Path
    folder: pathlib.Path
    protocol: str


def figures(result, there):
    return {"wall_ms": result["wall"] * 1000, "cpu_ms": result["cpu"] * 1000, "peak_rss_mib": result["mib"],
            "connections": there.connections}


@contextlib.contextmanager
def reached(bench, there):
    """The address of the service over the protocol, and the certificate to trust."""
    if bench.protocol == PLAIN:
        yield f"http://127.0.0.1:{there.port}", None
        return
    proxy = front.Front(bench.workspace, there.port, http2=bench.protocol == HTTP2)
    try:
        yield f"https://127.0.0.1:{proxy.port}", str(proxy.certificate)
    finally:
        proxy.stop()


def run_client(bench, command, calls):
    there = world.World([], {}, {"": SECONDS})
    variables = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
                 "AWS_SECRET_ACCESS_KEY": "not-a-real-secret-key", "AWS_EC2_METADATA_DISABLED": "true",
                 "HOME": str(bench.folder), "BENCH_HTTP2": "1" if bench.protocol == HTTP2 else ""}
    with reached(bench, there) as (url, certificate):
        if certificate:
            variables |= dict.fromkeys(("AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"), certificate)
        result = bench.run([*command, url, str(calls)], variables, bench.folder)
    there.stop()
    if result["status"] or len(there.calls) != calls:
        sys.exit(f"bench: {command}: {len(there.calls)} of {calls} calls\n{result['text'][-2000:]}")
    return figures(result, there)


def run_review(bench, calls):
    files = [world.changed_file(number, 40) for number in range(calls)]
    there = world.World(files, REPOSITORY, {"one": SECONDS})
    inputs = {"max_concurrency": str(calls), "max_calls": str(calls + 10)}
    with reached(bench, there) as (url, certificate):
        variables = bench.environment(bench.workspace, url, **inputs)
        if certificate:
            variables["SSL_CERT_FILE"] = certificate
        result = bench.run([*bench.outcrop, "action"], variables, bench.workspace)
    there.stop()
    if result["status"] or there.unknown or len(there.calls) != calls:
        sys.exit(f"bench: {len(there.calls)} of {calls} calls, not served: {there.unknown}\n"
                 f"{result['text'][-2000:]}")
    return figures(result, there)


def measure(bench, quick):
    """Everybody in turn, round after round, so that a busy moment hits all alike; gives the rows."""
    rows = []
    for calls in (1, 10, 100, 1000):
        runs = {"outcrop review": []}
        for _ in range(1 if quick else ROUNDS):
            runs["outcrop review"].append(run_review(bench, calls))
            for name, command in commands(bench.folder, quick).items():
                runs.setdefault(name, []).append(run_client(bench, command, calls))
        rows += [results.median_row(name, calls, SECONDS * 1000, several) for name, several in runs.items()]
    return rows
