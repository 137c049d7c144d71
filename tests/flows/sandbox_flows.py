"""What the process gives up: each limit is tried from inside of the program, and seen from outside."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import harness  # noqa: E402
from harness import Emulator, Job, Skip, check, equal, finding, flow, main, outcrop, reply  # noqa: E402

FORBIDDEN = ("bpf", "code", "connect", "datagrams", "dumpable", "exec", "execveat", "fork",
             "io_uring", "keys", "kill", "mount", "ptrace", "typing", "unix", "unshare")
SECRETS = {"ACTIONS_RUNTIME_TOKEN": "runtime-token-of-the-runner", "GITHUB_TOKEN": "ghs_" + "a" * 36,
           "GH_TOKEN": "gho_" + "b" * 36, "AWS_ACCESS_KEY_ID": "AKIAFOREIGNEXAMPLE00",
           "AWS_SECRET_ACCESS_KEY": "secret/of/another/account/key/0000",
           "AWS_SESSION_TOKEN": "session-token-of-another", "MY_PASSWORD": "hunter2-of-the-workflow",
           "HTTPS_PROXY": ""}


def sanitized():
    return b"__asan_init" in pathlib.Path(harness.OUTCROP).read_bytes() or \
        b"__tsan_init" in pathlib.Path(harness.OUTCROP).read_bytes()


def need_sandbox():
    if sanitized():
        raise Skip("a build with a sanitizer enters no sandbox")


def probes(text):
    return dict(re.findall(r"^probe (\w+): (.*)$", text, re.M))


def probe(emulator, names, path, **env):
    """What the action finds when it tries these."""
    job = Job(emulator)
    job.env.update(OUTCROP_PROBE=",".join(names), OUTCROP_PROBE_PATH=str(path), **env)
    result = job.run()
    return result, probes(result.text)


@flow
def in_a_workflow_every_limit_holds_and_the_review_is_complete():
    need_sandbox()
    with Emulator([reply(finding())]) as emulator:
        address = str(emulator.folder / "docker.sock")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(address)
            server.listen()
            result, found = probe(emulator, FORBIDDEN, address)
        equal(result.status, 0, result.text)
        equal(result.outputs["comments-posted"], "1")
        equal(sorted(found), sorted(FORBIDDEN))
        equal([name for name, answer in found.items() if answer == "ok"], [])


@flow
def in_a_workflow_only_the_workspace_and_the_runners_files_can_be_opened():
    need_sandbox()
    with Emulator([reply(finding())]) as emulator:
        stranger = emulator.folder / "stranger"
        stranger.write_text("x")
        for path in ("/etc/passwd", "/proc/self/environ", "/proc/1/environ", "/root", stranger,
                     emulator.folder / "docker-config.json"):
            _, found = probe(emulator, ("read", "write", "environ"), path)
            check("ok" not in found.values(), path, found)
        check(not (emulator.folder / "docker-config.json").exists())


@flow
def local_commands_read_any_file_but_start_nothing():
    need_sandbox()
    with Emulator([reply(finding())]) as emulator:
        address = str(emulator.folder / "docker.sock")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(address)
            server.listen()
            result = outcrop(emulator, "version", env={
                "OUTCROP_PROBE": ",".join(FORBIDDEN), "OUTCROP_PROBE_PATH": address})
        equal(result.returncode, 0, result.stderr)
        equal([name for name, answer in probes(result.stderr).items() if answer == "ok"], [])
        result = outcrop(emulator, "version", env={
            "OUTCROP_PROBE": "read", "OUTCROP_PROBE_PATH": "/etc/passwd"})
        equal(probes(result.stderr), {"read": "ok"})


def while_a_model_is_asked(job, look):
    """Runs `look(pid)` once the job waits for its model."""
    process = job.start()
    started = time.monotonic()
    try:
        while not job.emulator.requests("converse"):
            check(process.poll() is None and time.monotonic() - started < harness.RUN_SECONDS, "no model call")
            time.sleep(0.05)
        look(process.pid)
    finally:
        process.kill()
        process.communicate()


@flow
def nothing_secret_is_in_the_environment_of_the_process():
    if os.geteuid() != 0:
        raise Skip("only root reads the environment of a process that is not dumpable")
    with Emulator([{"latency_ms": 60000, **reply()}]) as emulator:
        job = Job(emulator)
        job.env["OUTCROP_CLOCK_SCALE"] = "1"
        job.env.update(SECRETS)
        secrets = [value for name, value in job.env.items()
                   if value and ("TOKEN" in name or name in SECRETS)
                   and not name.endswith("_URL")]
        check(len(secrets) >= 8, secrets)

        def look(pid):
            block = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
            for secret in secrets:
                check(secret.encode() not in block, secret)
            names = {part.split(b"=")[0] for part in block.split(b"\0") if part}
            check(b"INPUT_GITHUB-TOKEN" not in names and b"GITHUB_WORKSPACE" not in names, names)

        while_a_model_is_asked(job, look)


def copies_in_memory(pid, secret):
    """How often the bytes are in memory that the process can write."""
    count = 0
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, \
            open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if not match:
                continue
            start, end = (int(text, 16) for text in match.groups())
            try:
                memory.seek(start)
                count += memory.read(end - start).count(secret.encode())
            except (OSError, ValueError):
                continue
    return count


@flow
def a_token_is_in_memory_only_where_it_is_needed():
    need_sandbox()
    if os.geteuid() != 0:
        raise Skip("only root reads the memory of a process that is not dumpable")
    with Emulator([{"latency_ms": 60000, **reply()}]) as emulator:
        job = Job(emulator)
        job.env["OUTCROP_CLOCK_SCALE"] = "1"
        job.env.update(SECRETS)

        def look(pid):
            # The secret itself, and the log's list of what it masks.
            for name in ("ACTIONS_RUNTIME_TOKEN", "MY_PASSWORD", "AWS_SESSION_TOKEN"):
                check(copies_in_memory(pid, SECRETS[name]) <= 2, name,
                      copies_in_memory(pid, SECRETS[name]))
            # The Authorization header too; libcurl wipes what it frees.
            check(copies_in_memory(pid, emulator.env["GITHUB_TOKEN"]) <= 3,
                  copies_in_memory(pid, emulator.env["GITHUB_TOKEN"]))

        while_a_model_is_asked(job, look)


@flow
def the_kernel_shows_that_the_process_is_confined():
    need_sandbox()
    with Emulator([{"latency_ms": 60000, **reply()}]) as emulator:
        job = Job(emulator)
        job.env["OUTCROP_CLOCK_SCALE"] = "1"

        def look(pid):
            status = dict(line.split(":\t", 1) for line in
                          pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
                          if ":\t" in line)
            equal(status["NoNewPrivs"], "1")
            equal(status["Seccomp"], "2")
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                check("Seccomp:\t2" in (task / "status").read_text(), task)
            if os.geteuid() == 0:
                limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
                check(re.search(r"Max core file size +0 +0 ", limits), limits)
            equal(pathlib.Path(f"/proc/{pid}/environ").stat().st_uid, 0, "not dumpable")

        while_a_model_is_asked(job, look)


def run_confined(job, script):
    """The job as `script` starts it: a shell command in which "$OUTCROP" is the program."""
    if os.geteuid() != 0 or not all(shutil.which(name) for name in ("setpriv", "unshare", "mount")):
        raise Skip("needs root, setpriv, unshare and mount")
    for name in ("output", "summary"):
        (job.folder / name).write_text("")
    started = time.monotonic()
    env = {name.replace("-", "_"): value for name, value in job.env.items()}  # as sh takes them
    process = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", script], stdin=subprocess.DEVNULL,
        env={**env, "OUTCROP": harness.OUTCROP, "FOLDER": str(job.emulator.folder)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return job.finish(process, started)


def own(folder, user):
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, user)


READ_ONLY = 'mount --bind "$FOLDER" "$FOLDER" && mount -o remount,ro,bind / && '
BARE = 'exec setpriv --bounding-set -all --inh-caps -all '


@flow
def it_works_as_any_user_without_capabilities_on_a_read_only_root():
    with Emulator([reply(finding())]) as emulator:
        job = Job(emulator)
        (job.folder / "output").touch()
        os.chmod(emulator.folder, 0o755)
        own(job.folder, 1001)
        for name in ("output", "summary"):
            (job.folder / name).write_text("")
            os.chown(job.folder / name, 1001, 1001)
        result = run_confined(job, READ_ONLY + BARE +
                              '--reuid 1001 --regid 1001 --clear-groups "$OUTCROP"')
        equal(result.status, 0, result.text)
        equal(result.outputs["comments-posted"], "1")
        check(result.report()["findings"], result.text)


@flow
def a_workspace_that_cannot_be_written_is_reported_before_any_call():
    with Emulator([reply(finding())]) as emulator:
        job = Job(emulator)
        os.chmod(emulator.folder, 0o755)
        own(job.folder / "workspace", 1001)
        result = run_confined(job, BARE + '"$OUTCROP"')
        equal(result.status, 2, result.text)
        check("workspace" in result.text and "cannot be written" in result.text, result.text)
        equal(emulator.requests("converse"), [])
        equal(emulator.requests("AssumeRole"), [])


@flow
def output_files_that_cannot_be_written_are_reported_before_any_call():
    with Emulator([reply(finding())]) as emulator:
        job = Job(emulator)
        os.chmod(emulator.folder, 0o755)
        result = run_confined(
            job, 'chown 1001 "$GITHUB_OUTPUT" && chmod 644 "$GITHUB_OUTPUT" && ' + BARE + '"$OUTCROP"')
        equal(result.status, 2, result.text)
        check("GITHUB_OUTPUT" in result.text and "cannot be written" in result.text, result.text)
        equal(emulator.requests("converse"), [])


if __name__ == "__main__":
    main()
