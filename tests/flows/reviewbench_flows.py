#!/usr/bin/env python3
"""The adapter for ReviewBench: its variables in, findings.json out; an incomplete review is a failure."""
import json
import os
import pathlib
import subprocess
import sys

from harness import CONVERSE, KEYS, OUTCROP, Emulator, check, equal, finding, flow, main, reply

ADAPTER = pathlib.Path(__file__).resolve().parent.parent.parent / "bench/reviewbench/adapter.py"
CHANGE = """diff --git a/src/pool.c b/src/pool.c
--- a/src/pool.c
+++ b/src/pool.c
@@ -1,4 +1,7 @@ int get(void)
 int get(void)
 {
-\treturn 0;
+\tint idx = take();
+
+\tconns[idx].busy = 1;
+\treturn idx;
 }
"""
BASE, HEAD = "1" * 40, "2" * 40


def run(emulator):
    folder = emulator.folder
    (folder / "diff.patch").write_text(CHANGE)
    (folder / "home").mkdir()
    (folder / "out").mkdir()
    (folder / "head").rename(folder / "repo")  # the mounts of the benchmark lie side by side
    env = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "OUTCROP": OUTCROP, "AWS_REGION": "us-east-1",
           "AWS_EC2_METADATA_DISABLED": "true", "OUTCROP_CLOCK_SCALE": "20", **KEYS,
           "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": emulator.env["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
           "RB_NWO": "acme/widgets", "RB_PR_NUMBER": "1938", "RB_BASE": BASE, "RB_HEAD": HEAD,
           "RB_AGENT": "outcrop-test", "RB_DIFF": str(folder / "diff.patch"),
           "RB_OUT": str(folder / "out/findings.json"), "RB_CONFIG_MODEL": "haiku", "RB_CONFIG_AGENTS": "security"}
    return subprocess.run([sys.executable, str(ADAPTER)], env=env, capture_output=True, text=True, timeout=180,
                          check=False)


@flow
def findings_are_written_as_the_benchmark_reads_them():
    hidden = finding(evidence="nothing_like_it();", title="Unverified")
    with Emulator([reply(finding(), hidden)]) as emulator:
        result = run(emulator)
        equal(result.returncode, 0, result.stderr)
        check("model=haiku" in result.stdout, result.stdout)
        written = json.loads((emulator.folder / "out/findings.json").read_text())
        equal(written["pr"], {"repo": "https://github.com/acme/widgets", "pr_number": 1938, "base": BASE,
                              "head": HEAD})
        equal(written["agent"], "outcrop-test")
        found, = written["findings"]
        equal((found["file"], found["start_line"], found["end_line"], found["producer"]),
              ("src/pool.c", 5, 5, "outcrop-test"))
        check(found["message"].startswith("The index may be negative\n\n"), found)


@flow
def silence_is_an_empty_list_and_a_failure_is_a_status():
    with Emulator([reply()]) as emulator:
        equal(run(emulator).returncode, 0)
        equal(json.loads((emulator.folder / "out/findings.json").read_text())["findings"], [])
    with Emulator([reply()], faults=[{"on": CONVERSE, "fault": "validation"}]) as emulator:
        result = run(emulator)
        check(result.returncode != 0, result.stdout)
        check("not complete" in result.stderr, result.stderr)
        check(not (emulator.folder / "out/findings.json").exists(), "a failed review leaves no file")


if __name__ == "__main__":
    main()
