#!/usr/bin/env python3
"""A machine that misbehaves: clocks that jump, allocations that fail, threads and hosts that are counted."""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from harness import OUTCROP, Emulator, Job, Skip, check, equal, finding, flow, main, reply
from places_flows import check_ending, complete

REVIEW = [reply(finding())]
SHIM = []


def shim():
    """The library that is preloaded, made once."""
    if any(name in pathlib.Path(OUTCROP).read_bytes() for name in (b"__asan_init", b"__tsan_init")):
        raise Skip("sanitizers want to be loaded first")
    if sys.platform != "linux" or not shutil.which("cc"):
        raise Skip("needs Linux and cc")
    if not SHIM:
        SHIM.append(pathlib.Path(tempfile.mkdtemp(prefix="outcrop-shim-")) / "shim.so")
        source = pathlib.Path(__file__).with_name("shim.c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", SHIM[0], source, "-ldl"], check=True)
    return str(SHIM[0])


def run_shimmed(emulator, inputs=None, command=None, **settings):
    job = Job(emulator, **(inputs or {}))
    notes = job.folder / "notes"
    job.env.update({"LD_PRELOAD": shim(), "SHIM_NOTES": str(notes),
                    **{f"SHIM_{name.upper()}": str(value) for name, value in settings.items()}})
    job.env.update(command or {})
    result = job.run()
    kinds = {}
    for line in notes.read_text().splitlines() if notes.exists() else ():
        kind, _, text = line.partition(" ")
        kinds.setdefault(kind, []).append(text)
    return job, result, kinds


@flow
def a_wall_clock_that_jumps_changes_no_limit_and_no_signature():
    """Limits, waits and the age of credentials go by the clock that never jumps."""
    slow = [reply(finding(), latency_ms=8000)]
    for jump in (-7200, -30, 30, 3 * 3600, 86400 * 400):
        for at in (0, 150):
            if jump and not at and abs(jump) > 300:
                continue  # a clock that is wrong from the start is another fault
            with Emulator(slow) as emulator:
                job, result, _ = run_shimmed(emulator, {"timeout_minutes": "5"}, jump_s=jump,
                                             jump_at_ms=at)
                equal((result.status, result.outputs["conclusion"]), (0, "findings"), jump, at,
                      result.text[-1500:])
                check(complete(emulator), jump, at)
                check(len(emulator.requests("sts")) <= 2, "renewed for a jump", jump, at)


@flow
def a_failed_allocation_anywhere_ends_in_a_stated_outcome():
    with Emulator(REVIEW) as emulator:
        _, result, kinds = run_shimmed(emulator)
        equal(result.status, 0, result.text[-1500:])
        count = int(kinds["allocations"][0])
    check(count > 1000, count)
    # Dense at the start, where the process is set up, then spread over the whole run.
    places = sorted({int(1.35 ** n) for n in range(60) if 1.35 ** n < count}
                    | set(range(count // 24, count, count // 24)))

    def fail_at(place):
        with Emulator(REVIEW) as emulator:
            job, result, _ = run_shimmed(emulator, fail_at=place)
            if result.status in (0, 1):  # what was refused could be done without
                check_ending(emulator, job, result, place)
                return "done without"
            if result.status == 127 and "loading" in result.text:
                return "not loaded"
            # cmark-gfm ends the process by itself, and says so.
            check(result.status > 0 or "null pointer, aborting" in result.text, "a crash", place,
                  result.status, result.text[-800:])
            check(result.text.strip(), "no message", place)
            check(result.outputs.get("conclusion") != "clean", "a clean pass", place)
            check(not [p for p in job.folder.rglob("*") if p.name.startswith(".outcrop-")], place)
            return result.status

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        seen = list(pool.map(fail_at, places))
    check(len(set(seen)) > 1, seen)


@flow
def no_thread_and_no_file_is_left_at_the_end():
    faults = ([], [{"on": "converse-stream", "fault": "reset"}], [{"on": "github POST", "fault": "cut"}])
    for given in faults:
        with Emulator(REVIEW, faults=given) as emulator:
            with tempfile.TemporaryDirectory(prefix="outcrop-flow-") as folder:
                job, result, kinds = run_shimmed(emulator, None, {"TMPDIR": folder})
                equal(os.listdir(folder), [])
            equal(kinds["threads"], ["1"], given, result.text[-800:])
            names = {p.name for p in job.folder.rglob("*") if p.is_file()}
            equal(names - {"event.json", "output", "summary", "notes",
                           "outcrop-report.json", "outcrop.sarif"}, set())


@flow
def only_the_hosts_of_the_configuration_are_connected_to():
    with Emulator(REVIEW) as emulator:
        port = emulator.env["EMULATOR_URL"].rpartition(":")[2]
        everything = {"publish": "summary, review, check, sarif"}
        _, result, kinds = run_shimmed(emulator, everything)
        equal(result.status, 0, result.text[-1500:])
        equal(set(kinds["connect"]), {f"127.0.0.1:{port}"})
        check(set(kinds.get("name", ())) <= {"127.0.0.1"}, kinds)
    wanted = {"GITHUB_API_URL": ("", "api.github.com"),
              "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": ("", "bedrock-runtime.us-east-1.amazonaws.com"),
              "AWS_ENDPOINT_URL_STS": ("", "sts.us-east-1.amazonaws.com")}
    for variable, (value, host) in wanted.items():
        with Emulator(REVIEW) as emulator:
            _, result, kinds = run_shimmed(emulator, None, {variable: value}, no_names=1)
            check(result.status in (3, 4), variable, result.status, result.text[-800:])
            equal(set(kinds["name"]) - {"127.0.0.1"}, {host}, variable)


if __name__ == "__main__":
    main()
