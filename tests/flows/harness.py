"""Runs the real program in a runner-like environment against the emulator, and prints TAP."""
import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

OUTCROP = os.environ["OUTCROP"]
EMULATOR = os.environ["OUTCROP_EMULATOR"]
ROLE = "arn:aws:iam::123456789012:role/reviewer"
BOT = "github-actions[bot]"
RUN_SECONDS = 90

BASE = {"src/pool.c": "int get(void)\n{\n\treturn 0;\n}\n", "README.md": "# Widgets\n"}
HEAD = {"src/pool.c": "int get(void)\n{\n\tint idx = take();\n\n\tconns[idx].busy = 1;\n"
                      "\treturn idx;\n}\n",
        "README.md": "# Widgets\n"}


def finding(**members):
    """A finding on the line that the sample change adds, with what a test says otherwise."""
    given = {"path": "src/pool.c", "line": 5, "side": "RIGHT", "severity": "high",
             "category": "correctness", "title": "The index may be negative",
             "body": "`take()` gives -1 when the pool is empty.",
             "evidence": "conns[idx].busy = 1;", "confidence": 0.9}
    given.update(members)
    return {name: value for name, value in given.items() if value is not None}


def reply(*findings, **members):
    """An emulator's reply that reports these findings."""
    return {"findings": {"summary": "Looked at the pool.", "findings": list(findings)}, **members}


class Emulator:
    """One emulator with its scenario in a folder of its own; `with` ends it."""

    def __init__(self, replies=(), faults=(), base=None, head=None, aws=None, github=None, tls=(),
                 others=None):
        """`tls` is a certificate and its key, as files: it then speaks https."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="outcrop-flow-"))
        self.write_tree("base", BASE if base is None else base)
        self.write_tree("head", HEAD if head is None else head)
        for name, files in (others or {}).items():
            self.write_tree(name, files)
        scenario = {
            "aws": {"region": "us-east-1", "clock_skew_seconds": 0, **(aws or {})},
            "oidc": {"subject": "repo:acme/widgets:pull_request"},
            "replies": [*replies, {}], "faults": list(faults),
            "github": {"repository": "acme/widgets", "number": 7, "title": "Use the pool",
                       "base": "base", "head": "head", **(github or {})}}
        self.file = self.folder / "scenario.yml"
        self.file.write_text(json.dumps(scenario, ensure_ascii=False), encoding="utf-8")
        self.context = ssl.create_default_context(cafile=tls[0]) if tls else None
        self.process = subprocess.Popen(
            [EMULATOR, "--scenario", str(self.file), *(["--tls", *tls] if tls else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.env = {}
        for line in self.process.stdout:
            if line.strip() == "ready":
                break
            name, _, value = line.rstrip("\n").partition("=")
            self.env[name] = value
        if "EMULATOR_URL" not in self.env:
            raise RuntimeError("the emulator did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def write_tree(self, name, files):
        for path, text in files.items():
            file = self.folder / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, pathlib.PurePath):
                file.symlink_to(text)
            else:
                file.write_bytes(text.encode() if isinstance(text, str) else text)

    def get(self, path, data=None):
        request = urllib.request.Request(self.env["EMULATOR_URL"] + path, data=data)
        with urllib.request.urlopen(request, timeout=20, context=self.context) as answer:
            return answer.read()

    def state(self):
        return json.loads(self.get("/_emulator/state?bodies=1"))

    def push(self, name, files):
        """A new head commit."""
        self.write_tree(name, files)
        self.get("/_emulator/push", name.encode())

    def requests(self, operation):
        """What was asked of that operation ("converse-stream", "github POST ...")."""
        return [r for r in self.state()["requests"] if r["operation"].startswith(operation)]


class Result:
    """What one run of the action left behind."""

    def __init__(self, status, text, folder, seconds):
        self.status, self.text, self.seconds = status, text, seconds
        self.outputs = read_outputs((folder / "output").read_text())
        self.summary = (folder / "summary").read_text()
        self.workspace = folder / "workspace"

    def report(self):
        return json.loads((self.workspace / "outcrop-report.json").read_text())


def read_outputs(text):
    outputs, lines = {}, iter(text.split("\n"))
    for line in lines:
        if "<<" not in line:
            continue
        name, _, delimiter = line.partition("<<")
        value = []
        for part in lines:
            if part == delimiter:
                break
            value.append(part)
        outputs[name] = "\n".join(value)
    return outputs


class Job:
    """A workflow's job: its environment, and the folders that a runner gives."""

    def __init__(self, emulator, event_name="pull_request", event=None, **inputs):
        self.emulator = emulator
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="job-", dir=emulator.folder))
        (self.folder / "workspace").mkdir()
        event = event or json.loads(emulator.get("/_emulator/event"))
        (self.folder / "event.json").write_text(json.dumps(event))
        names = ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                 "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL_STS", "GITHUB_API_URL",
                 "GITHUB_GRAPHQL_URL", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
        self.env = {name: emulator.env[name] for name in names}
        self.env.update({
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event_name, "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_REF": "refs/pull/7/merge", "GITHUB_RUN_ID": "42", "GITHUB_ACTOR": "alice",
            "GITHUB_WORKSPACE": str(self.folder / "workspace"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "AWS_EC2_METADATA_DISABLED": "true", "OUTCROP_CLOCK_SCALE": "20"})
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        self.set(**{"github_token": emulator.env["GITHUB_TOKEN"], "aws_region": "us-east-1",
                    "role_to_assume": ROLE, "agents": "security", **inputs})

    def set(self, **inputs):
        for name, value in inputs.items():
            self.env["INPUT_" + name.replace("_", "-").upper()] = value

    def point_at(self, url):
        """Speaks to what stands in front of the emulator instead."""
        there = self.emulator.env["EMULATOR_URL"]
        self.env = {name: value.replace(there, url) for name, value in self.env.items()}

    def start(self):
        for name in ("output", "summary"):
            (self.folder / name).write_text("")
        return subprocess.Popen([OUTCROP], env=self.env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def finish(self, process, started):
        text, _ = process.communicate(timeout=RUN_SECONDS)
        return Result(process.returncode, text.decode(errors="replace"), self.folder,
                      time.monotonic() - started)

    def run(self):
        started = time.monotonic()
        return self.finish(self.start(), started)

    def run_and_signal(self, after_seconds, number=signal.SIGTERM):
        started = time.monotonic()
        process = self.start()
        time.sleep(after_seconds)
        signalled = time.monotonic()
        process.send_signal(number)
        return self.finish(process, signalled)


def comment_event(emulator, author, body):
    """The event of a comment on the pull request."""
    event = json.loads(emulator.get("/_emulator/event"))
    pull = event.pop("pull_request")
    event.update(action="created", issue={
        "number": 7, "title": pull["title"], "state": "open", "user": pull["user"], "labels": [],
        "pull_request": {"url": "https://example.invalid"}})
    event["comment"] = {"id": 1001, "body": body, "user": {"login": author, "type": "User"},
                        "html_url": "https://example.invalid/c"}
    event["sender"] = {"login": author, "type": "User"}
    return event


def outcrop(emulator, *arguments, stdin="", env=None):
    """A command on a laptop: the emulator's AWS by keys, no Actions variables."""
    variables = {
        "PATH": os.environ["PATH"], "HOME": str(emulator.folder),
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": emulator.env["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
        "AWS_ENDPOINT_URL_STS": emulator.env["AWS_ENDPOINT_URL_STS"],
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1",
        "OUTCROP_CLOCK_SCALE": "20", **(env or {})}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            variables[name] = os.environ[name]
    return subprocess.run([OUTCROP, *arguments], input=stdin, env=variables, text=True,
                          capture_output=True, timeout=RUN_SECONDS, cwd=emulator.folder)


def check(condition, *facts):
    if not condition:
        raise AssertionError("; ".join(str(fact) for fact in facts) or "does not hold")


def equal(actual, expected, *facts):
    check(actual == expected, f"{actual!r}, expected {expected!r}", *facts)


class Skip(Exception):
    """Raised by a flow that needs what is not installed here; says what that is."""


FLOWS = []


def flow(function):
    FLOWS.append(function)
    return function


def main():
    failed = 0
    chosen = [f for f in FLOWS if len(sys.argv) < 2 or f.__name__ in sys.argv[1:]]
    print(f"1..{len(chosen)}")
    for number, function in enumerate(chosen, 1):
        try:
            function()
            print(f"ok {number} - {function.__name__}")
        except Skip as reason:
            print(f"ok {number} - {function.__name__} # SKIP {reason}")
            print(f"# skipped: {function.__name__}: {reason}")
        except Exception as error:  # a flow that breaks is a flow that fails
            failed += 1
            print(f"not ok {number} - {function.__name__}: {str(error)[:3000]}")
            for line in traceback.format_exc().splitlines():
                print("# " + line)
        sys.stdout.flush()
    sys.exit(1 if failed else 0)
