#!/usr/bin/env python3
"""Runs outcrop on one pull request of ReviewBench: the change in, findings.json out.

The benchmark starts the container without arguments, once for each pull request, and says everything in RB_*
variables (AGENT_CONTRACT.md of review-bench/ReviewBench). An incomplete review is a failure, never silence.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path("/opt/outcrop")  # the files of outcrop's own image
LIBRARIES = ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu")
DONE = (0, 1)  # exit statuses of a complete review, without and with a finding at --fail-on
SETTINGS = {"RB_CONFIG_MODEL": "--model", "RB_CONFIG_AGENTS": "--agents", "RB_CONFIG_REGION": "--region"}


def program():
    """The command, and the environment with the libraries that it was linked with."""
    env = dict(os.environ)
    if ROOT.is_dir():
        env["LD_LIBRARY_PATH"] = ":".join(str(ROOT / folder) for folder in LIBRARIES)
    return os.environ.get("OUTCROP", str(ROOT / "usr/bin/outcrop")), env


def settings():
    """What the manifest configures, as options; printed, since the benchmark looks for the values."""
    options = []
    for variable, option in SETTINGS.items():
        value = os.environ.get(variable, "").strip()
        if value:
            options += [option, value]
    pairs = zip(options[::2], options[1::2], strict=True)
    print("outcrop", " ".join(f"{option[2:]}={value}" for option, value in pairs))
    return options


def review(repository):
    """The report of a complete review; exits otherwise."""
    command, env = program()
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "report.json"
        result = subprocess.run([command, "review", "--diff", os.environ["RB_DIFF"], "--format", "json",
                                 "--output", str(output), *settings()], cwd=repository, env=env, check=False)
        if result.returncode not in DONE:
            sys.exit(f"outcrop ended with status {result.returncode}: the review is not complete")
        return json.loads(output.read_text(encoding="utf-8"))


def is_shown(finding):
    """What a person would see, on lines of a file at the head."""
    hidden = finding.get("unverified") or finding.get("pre_existing") or finding.get("dismissed")
    return bool(finding["path"]) and not hidden and finding["severity"] != "info" \
        and finding.get("side", "RIGHT") == "RIGHT"


def entry(finding, producer):
    line = finding.get("line") or 1
    return {"file": finding["path"], "start_line": line, "end_line": max(finding.get("end_line") or line, line),
            "message": f"{finding['title']}\n\n{finding['body']}".strip(), "producer": producer}


def main():
    producer = os.environ["RB_AGENT"]
    out = pathlib.Path(os.environ["RB_OUT"])
    # The benchmark mounts the repository beside the folder that it wants the answer in.
    report = review(out.parent.parent / "repo")
    findings = {
        "pr": {"repo": f"https://github.com/{os.environ['RB_NWO']}", "pr_number": int(os.environ["RB_PR_NUMBER"]),
               "base": os.environ["RB_BASE"], "head": os.environ["RB_HEAD"]},
        "agent": producer,
        "findings": [entry(finding, producer) for finding in report["findings"] if is_shown(finding)],
    }
    out.write_text(json.dumps(findings, indent=2) + "\n", encoding="utf-8")
    print(f"{len(findings['findings'])} findings, conclusion {report['conclusion']}")


if __name__ == "__main__":
    main()
