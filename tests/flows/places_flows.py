#!/usr/bin/env python3
"""Faults of the machine and the way to a server: each ends in a stated outcome and leaves nothing over."""
import concurrent.futures
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import time

from harness import OUTCROP, Emulator, Job, Skip, check, equal, finding, flow, main, reply

REVIEW = [reply(finding())]
# 0 and 1: done; 2: wrong use; 3: no credentials; 4: no complete result; 5: not posted; 6: stopped.
ENDINGS = {0, 1, 2, 3, 4, 5, 6}


def complete(emulator):
    """Whether the finding is on the pull request."""
    return any(c["path"] == "src/pool.c" for c in emulator.state()["github"]["line_comments"])


def check_ending(emulator, job, result, *facts):
    """Never a crash, a hang, a clean pass, a duplicate, or a file that is left over."""
    check(result.status in ENDINGS, "a crash", result.status, *facts, result.text[-800:])
    check(result.outputs.get("conclusion") != "clean", "a clean pass", *facts)
    check(result.status not in (0, 1) or complete(emulator), "nothing is posted", *facts)
    github = emulator.state()["github"]
    check(len(github["line_comments"]) <= 1, "a duplicate", *facts)
    check(len([c for c in github["conversation"] if "outcrop:summary" in c["body"]]) <= 1,
          "a duplicate", *facts)
    left = [str(p) for p in job.folder.rglob("*") if p.name.startswith(".outcrop-")]
    equal(left, [], *facts)


def with_command(job, *command):
    """The job as a child of a command that limits it."""
    if not shutil.which(command[0]):
        raise Skip(f"needs {command[0]}")
    for name in ("output", "summary"):
        (job.folder / name).write_text("")
    started = time.monotonic()
    process = subprocess.Popen([*command, OUTCROP], env=job.env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return job.finish(process, started)


@contextlib.contextmanager
def closed_port():
    """A port that refuses connections, and that nobody else is given meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def places(emulator):
    """What a job connects to, and the status when it cannot be reached."""
    return (("GITHUB_API_URL", "/api/v3", 4), ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "", 4),
            ("AWS_ENDPOINT_URL_STS", "", 3), ("ACTIONS_ID_TOKEN_REQUEST_URL", "/token?x=1", 3))


def unreachable(address, words):
    with Emulator(REVIEW) as emulator:
        for name, path, status in places(emulator):
            job = Job(emulator)
            job.env[name] = address + path
            job.env["OUTCROP_CLOCK_SCALE"] = "50"
            result = job.run()
            check_ending(emulator, job, result, name)
            equal(result.status, status, name, result.text[-800:])
            check(any(word in result.text for word in words), name, result.text[-800:])


@flow
def a_name_that_does_not_exist_is_reported_for_every_server():
    unreachable("https://outcrop.invalid", ["outcrop.invalid"])


@flow
def a_closed_port_is_reported_for_every_server():
    with closed_port() as port:
        unreachable(f"http://127.0.0.1:{port}", ["connect", "Connection refused"])


@flow
def a_server_that_speaks_no_tls_is_reported_for_every_server():
    with Emulator() as other:
        port = other.env["EMULATOR_URL"].rsplit(":", 1)[1]
        unreachable(f"https://127.0.0.1:{port}", ["TLS", "SSL", "certificate"])


@flow
def a_disk_that_is_full_loses_no_comment_and_is_reported():
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        with Emulator(REVIEW) as emulator:
            job = Job(emulator)
            job.env[name] = "/dev/full"
            result = job.run()
            check(result.status not in (0, 1), name, result.text[-800:])
            check(complete(emulator), name)
            check("No space left" in result.text, name, result.text[-800:])


@flow
def a_workspace_without_room_loses_no_comment_and_is_reported():
    if os.geteuid() != 0 or not shutil.which("unshare"):
        raise Skip("needs root and unshare")
    with Emulator(REVIEW) as emulator:
        job = Job(emulator)
        result = with_command(
            job, "unshare", "--mount", "sh", "-c",
            'mount -t tmpfs -o size=4k none "$GITHUB_WORKSPACE" && '
            'dd if=/dev/zero of="$GITHUB_WORKSPACE/full" bs=4k count=1 2>/dev/null; exec "$0"')
        if "dash" in os.path.realpath("/bin/sh"):  # it drops names with a dash
            job.env = {name.replace("-", "_"): value for name, value in job.env.items()}
            result = with_command(
                job, "unshare", "--mount", "sh", "-c",
                'mount -t tmpfs -o size=4k none "$GITHUB_WORKSPACE" && '
                'dd if=/dev/zero of="$GITHUB_WORKSPACE/full" bs=4k count=1 2>/dev/null; exec "$0"')
        check(result.status not in (0, 1), result.text[-800:])
        check("No space left" in result.text, result.text[-800:])
        check(complete(emulator))


@flow
def a_signal_at_any_moment_ends_the_run_and_leaves_nothing_half_written():
    for delay in (0.0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6):
        with Emulator(REVIEW) as emulator:
            job = Job(emulator)
            result = job.run_and_signal(delay)
            if result.status == -15:  # before the program could catch it
                equal(emulator.requests("github POST"), [], delay)
                continue
            check_ending(emulator, job, result, delay)
            # The next run brings what is expected.
            again = Job(emulator).run()
            equal(again.status, 0, delay, again.text[-800:])
            check(complete(emulator), delay)
            equal(len(emulator.state()["github"]["line_comments"]), 1, delay)


@flow
def with_too_few_descriptors_a_run_fails_and_says_so():
    for limit in range(3, 24, 2):
        with Emulator(REVIEW) as emulator:
            job = Job(emulator)
            job.env["OUTCROP_CLOCK_SCALE"] = "50"
            result = with_command(job, "prlimit", f"--nofile={limit}")
            if "error while loading" in result.text:
                continue
            check_ending(emulator, job, result, limit)
            check(result.status == 0 or result.text.strip(), limit)


@flow
def with_too_little_memory_a_run_fails_and_says_so():
    if any(name in pathlib.Path(OUTCROP).read_bytes() for name in (b"__asan_init", b"__tsan_init")):
        raise Skip("sanitizers need more address space than this leaves")
    for megabytes in range(20, 140, 12):
        with Emulator(REVIEW) as emulator:
            job = Job(emulator)
            job.env["OUTCROP_CLOCK_SCALE"] = "50"
            result = with_command(job, "prlimit", f"--as={megabytes << 20}")
            if result.status == 127 or "error while loading" in result.text:
                continue
            check_ending(emulator, job, result, megabytes)
            check(result.status == 0 or result.text.strip(), megabytes)


@flow
def no_descriptor_is_left_open_at_the_end():
    faults = [{"on": "converse-stream", "fault": "reset"}, {"on": "github POST", "fault": "cut"}]
    for given in ((), *([fault] for fault in faults)):
        with Emulator(REVIEW, faults=given) as emulator:
            job = Job(emulator)
            job.env["OUTCROP_PROBE"] = "left"
            result = job.run()
            check("probe left: 0\n" in result.text, given, result.text[-800:])


# Where an answer may end: before it begins, in its first bytes, and before its last one.
ENDS = (0, 17, 300)
ASKED = ("oidc", "sts", "converse-stream", "github GET /repos/*/*/pulls/7", "github GET /repos/*/*/pulls/7/files",
         "github POST /graphql", "github POST /repos/*/*/pulls/7/reviews")


def breaks_off(on, after, fault):
    with Emulator(REVIEW, [{"on": on, "nth": 1, "times": 1, "fault": fault, "after": after}]) as emulator:
        job = Job(emulator)
        job.env["OUTCROP_CLOCK_SCALE"] = "50"
        result = job.run()
        check_ending(emulator, job, result, on, after)
        # Whatever was written and not confirmed, the next run brings what is expected.
        if result.status:
            again = Job(emulator).run()
            equal(again.status, 0, on, after, result.text[-800:], again.text[-800:])
        check(complete(emulator), on, after)
        equal(len(emulator.state()["github"]["line_comments"]), 1, on, after)


@flow
def an_answer_that_breaks_off_anywhere_is_never_taken_for_whole():
    rows = [(on, after, "cut") for on in ASKED for after in ENDS]
    # Each event of a stream: none, some, or the last one is missing.
    rows += [("converse-stream", frames, "cut-frame") for frames in range(8)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for run in [pool.submit(breaks_off, *row) for row in rows]:
            run.result()


if __name__ == "__main__":
    main()
