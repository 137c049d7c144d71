"""Single parts of a call beside well-known implementations: signatures, event streams, JSON, diffs, redaction."""
import json
import pathlib
import re
import subprocess
import sys

import service

HERE = pathlib.Path(__file__).parent
EVENTS, FINDINGS, FILES, LINES = 10000, 4000, 800, 120


def make_json(path):
    """A model's findings, as much of them as a megabyte and a half."""
    finding = {"path": "src/part1/file.c", "title": "The result of the call is not checked", "severity": "high",
               "body": "When `combine` fails, \"previous\" keeps its value.\nThe loop then uses it again — twice.",
               "confidence": 0.8, "end_line": None, "suggestion": "\tif (!result)\n\t\treturn false;\n"}
    path.write_text(json.dumps([{**finding, "line": line} for line in range(FINDINGS)], ensure_ascii=False))


def make_events(path):
    """The pieces of an answer as Bedrock streams them."""
    path.write_bytes(b"".join(
        service.event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": f"word {number} "}})
        for number in range(EVENTS)))


def make_diff(path):
    """Files of a common size with some lines added and deleted, as bench_change makes them: six megabytes."""
    parts = []
    for number in range(FILES):
        lines = [f"{'+' if line % 8 == 3 else '-' if line % 8 == 6 else ' '}\tresult_{number} = "
                 f"combine(previous, items[{line}].weight, {number * LINES + line});\n" for line in range(LINES)]
        kinds = [line[0] for line in lines]
        old, new = LINES - kinds.count("+"), LINES - kinds.count("-")
        name = f"src/part{number // 8}/file{number}.c"
        parts.append(f"diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n@@ -1,{old} +1,{new} @@\n"
                     + "".join(lines))
    path.write_text("".join(parts))


def timed(run, command):
    """Name, milliseconds for one time, and bytes, of each line that a program prints."""
    result = run(command)
    if result["status"]:
        sys.exit(f"bench: {command}: {result['text']}")
    return {name: (float(each), int(size)) for name, each, size in
            re.findall(r"^([^\t\n]+)\t([\d.]+)\t(\d+)$", result["text"], re.M)}


def rate(pair):
    """Megabytes a second."""
    value = pair[1] / pair[0] / 1000
    return f"{value:,.0f} MB" if value >= 10 else f"{value:.2f} MB"


def by_git(run, path):
    """Milliseconds of CPU in which git reads the diff and counts its lines."""
    command = ["git", "apply", "--numstat", path]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return min(run(command)["cpu"] * 1000 for _ in range(3)), path.stat().st_size


def measure(run, program, clients, folder):
    """`program` is bench_parts, `clients` the folder with the Python of the clients; gives the rows."""
    files = [folder / name for name in ("findings.json", "events.bin", "change.diff")]
    for make, path in zip((make_json, make_events, make_diff), files):
        make(path)
    ours = timed(run, [program, *files])
    theirs = timed(run, [clients / "venv/bin/python3", HERE / "clients/parts.py", *files])
    theirs["git"] = by_git(run, files[2])
    rows = [
        ("signatures of 11.5 kB", f"{1000 / ours['sign'][0]:,.0f}",
         f"botocore {1000 / theirs['sign'][0]:,.0f}, awscrt from Python {1000 / theirs['sign by awscrt'][0]:,.0f}"),
        ("event stream", rate(ours["eventstream"]), f"botocore {rate(theirs['eventstream'])}"),
        ("JSON", rate(ours["json"]), f"jansson {rate(ours['json by jansson'])}, Python {rate(theirs['json'])}"),
        ("parse a diff", rate(ours["diff"]), f"git apply --numstat {rate(theirs['git'])}"),
        ("redaction", rate(ours["redaction"]),
         f"a plain copy {rate(ours['copy'])}, detect-secrets {rate(theirs['redaction'])}"),
    ]
    return [{"name": f"part: {name}", "rate": ours_text, "beside": text} for name, ours_text, text in rows]
