#!/usr/bin/env python3
"""The command on a person's terminal: what is printed, how wide, and how often."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from harness import (
    KEYS,
    OUTCROP,
    RUN_SECONDS,
    SANITIZERS,
    SCALE,
    Emulator,
    check,
    equal,
    finding,
    flow,
    main,
    outcrop,
    reply,
)

DIFF = ("--- a/src/pool.c\n+++ b/src/pool.c\n@@ -1,4 +1,7 @@\n int get(void)\n {\n-\treturn 0;\n"
        "+\tint idx = take();\n+\n+\tconns[idx].busy = 1;\n+\treturn idx;\n }\n")
WORDS = "The function gives -1 when the pool is empty and no caller checks it. "
FOUND = finding(title="The index may be negative, which nobody notices until the pool is empty",
                body=WORDS * 3 + "\n\n- one item of a list that is longer than a line\n- two")
REVIEW = ["review", "--diff", "-", "--agents", "security"]


def variables(emulator, **more):
    kept = {name: os.environ[name] for name in SANITIZERS if name in os.environ}
    endpoint = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"
    return {"PATH": os.environ["PATH"], "HOME": str(emulator.folder), "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true", "OUTCROP_CLOCK_SCALE": str(SCALE),
            "TERM": "xterm-256color", endpoint: emulator.env[endpoint], **KEYS, **kept, **more}


def on_terminal(emulator, *words, columns=80, **more):
    """Runs a command whose output and messages are a terminal; gives its status and what was shown."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen([OUTCROP, *words], cwd=emulator.folder, env=variables(emulator, **more),
                               stdin=subprocess.PIPE, stdout=child, stderr=child)
    os.close(child)
    process.stdin.write(DIFF.encode())
    process.stdin.close()
    shown = b""
    ends = time.monotonic() + RUN_SECONDS
    while time.monotonic() < ends:
        if not select.select([parent], [], [], 1)[0]:
            continue
        try:
            part = os.read(parent, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(parent)
    return process.wait(RUN_SECONDS), shown.decode(errors="replace").replace("\r\n", "\n")


def plain(shown):
    return re.sub("\x1b\\[[0-9;]*[A-Za-z]", "", shown)


@flow
def text_is_folded_at_the_width_of_the_terminal():
    for columns, width in ((30, 40), (40, 40), (80, 80), (120, 120), (300, 120)):
        with Emulator([reply(FOUND)]) as emulator:
            status, shown = on_terminal(emulator, *REVIEW, columns=columns)
            equal(status, 0, shown)
            lines = plain(shown).splitlines()
            result = lines[next(n for n, line in enumerate(lines) if line.startswith("high ")):]
            check(all(len(line) <= width for line in result), columns, result)
            words = " ".join(result).split()
            check(all(word in words for word in WORDS.split()), "no word is cut", columns, result)


@flow
def the_checks_of_doctor_are_folded_and_the_policy_to_copy_is_not():
    denied = {"on": "converse-stream", "times": 9, "fault": "access-denied"}
    with Emulator([reply(finding())], faults=[denied]) as emulator:
        status, shown = on_terminal(emulator, "doctor", "--agents", "security", columns=72,
                                    AWS_ENDPOINT_URL_STS=emulator.env["AWS_ENDPOINT_URL_STS"])
    equal(status, 1, shown)
    answer, _, policy = plain(shown).partition("wrong ")[2].partition("If it is the role's permissions")
    check(len(answer.splitlines()) > 4, shown)
    equal([line for line in answer.splitlines() if not line.startswith(" ")], [])
    equal([line for line in answer.splitlines() if len(line) > 72], [])
    check(max(map(len, policy.splitlines())) > 72, shown)


@flow
def a_terminal_that_cannot_move_its_cursor_and_a_pipe_get_plain_lines():
    with Emulator([reply(FOUND)]) as emulator:
        status, shown = on_terminal(emulator, *REVIEW, TERM="dumb")
        equal(status, 0, shown)
        check("\x1b" not in shown, repr(shown))
        status, shown = on_terminal(emulator, *REVIEW, NO_COLOR="1")
        check("\x1b[3" not in shown and "\x1b[1m" not in shown, "no color", repr(shown))
        result = outcrop(emulator, *REVIEW, stdin=DIFF, env={**KEYS, "TERM": "xterm"})
        check("\x1b" not in result.stdout + result.stderr, result.stderr)


@flow
def a_finding_is_printed_once_live_and_once_in_the_result():
    with Emulator([reply(FOUND)]) as emulator:
        result = outcrop(emulator, *REVIEW, stdin=DIFF, env=KEYS)
        equal(result.returncode, 0, result.stderr)
        equal(result.stderr.count("The index may be negative"), 1, result.stderr)
        equal(result.stdout.count("The index may be negative"), 1, result.stdout)
        check("1 of 1 changed file reviewed" in result.stdout, result.stdout)
        check("1 finding so far" in result.stderr and "1 agent, at least 1 model call\n" in result.stderr,
              result.stderr)


@flow
def an_error_of_many_agents_is_printed_once_live_and_once_in_the_result():
    faults = [{"on": "converse-stream", "times": 9, "fault": "validation"}]
    with Emulator([reply()], faults) as emulator:
        result = outcrop(emulator, "review", "--diff", "-", "--agents",
                         "security, architect, code-quality", stdin=DIFF, env=KEYS)
        equal(result.returncode, 4, result.stderr)
        equal(result.stderr.count("ValidationException"), 2, result.stderr)
        equal(result.stderr.count("error: "), 1, result.stderr)
        equal(result.stderr.count("failed: as above"), 2, result.stderr)
        equal(result.stdout.count("ValidationException"), 1, result.stdout)


@flow
def what_was_finished_before_an_interrupt_is_printed():
    replies = [{"match": {"agent": "architect"}, "latency_ms": 60000, **reply()}, reply(FOUND)]
    with Emulator(replies) as emulator:
        process = subprocess.Popen(
            [OUTCROP, "review", "--diff", "-", "--agents", "security, architect"],
            cwd=emulator.folder, env=variables(emulator, OUTCROP_CLOCK_SCALE="1"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        process.stdin.write(DIFF)
        process.stdin.close()
        messages = ""
        for line in process.stderr:
            messages += line
            if "security/sonnet 1/1: done" in line:
                break
        process.send_signal(signal.SIGINT)
        messages += process.stderr.read()
        result = process.stdout.read()
        equal(process.wait(RUN_SECONDS), 6, messages)
        check("The index may be negative" in result, result, messages)
        check("stopped" in result and "partial" in result, result)


@flow
def advice_names_what_the_person_can_set_where_they_are():
    with Emulator([reply()]) as emulator:
        for words, said in ((REVIEW, "set --region or AWS_REGION"),
                            (["invoke"], "set --region or AWS_REGION")):
            result = outcrop(emulator, *words, stdin=DIFF, env={**KEYS, "AWS_REGION": ""})
            equal(result.returncode, 2, result.stderr)
            check(said in result.stderr, result.stderr)
        result = outcrop(emulator, *REVIEW, "--max-cost-usd", "1", "--model", "us.newvendor.reasoner-9",
                         stdin=DIFF, env=KEYS)
        equal(result.returncode, 2, result.stderr)
        check("--max-cost-usd is set, but the price" in result.stderr, result.stderr)
        result = outcrop(emulator, *REVIEW, "--max-calls", "1", "--agents", "security, architect",
                         stdin=DIFF, env=KEYS)
        equal(result.returncode, 6, result.stderr)
        check("--max-calls reached" in result.stderr, result.stderr)


@flow
def a_pull_request_is_named_by_its_address_or_by_its_number_in_a_clone():
    def git(*words):
        subprocess.run(["git", *words], cwd=emulator.folder, check=True, capture_output=True)
    with Emulator([reply()]) as emulator:
        server = emulator.env["GITHUB_SERVER_URL"]
        env = {name: emulator.env[name] for name in ("GITHUB_API_URL", "GITHUB_GRAPHQL_URL", "GITHUB_TOKEN")}
        git("init", "-q")

        def plan(name, **more):
            return outcrop(emulator, "plan", "--pr", name, env={**env, **more})
        equal(plan("7").returncode, 2, "there is no clone")
        named = [server + "/acme/widgets/pull/7/files", "acme/widgets#7"]
        for remote, url in (("origin", server + "/acme/widgets.git"), ("origin", "work:acme/widgets.git")):
            git("config", f"remote.{remote}.url", url)
            for name in (*named, "7"):
                result = plan(name)
                equal(result.returncode, 0, name, url, result.stderr)
                check("  src/pool.c" in result.stdout, result.stdout)
        git("config", "remote.origin.url", "https://gitlab.example/acme/widgets.git")
        for name in ("7", "https://gitlab.example/acme/widgets/pull/7"):
            calls = len(emulator.requests("github"))
            result = plan(name)
            equal(result.returncode, 2, name, result.stdout)
            check("gitlab.example is not the GitHub server of this run" in result.stderr, result.stderr)
            equal(len(emulator.requests("github")), calls, "nothing of the same name elsewhere is read")
        for host, advice in (("gitlab.example", "set GITHUB_API_URL=https://gitlab.example/api/v3"),
                             ("github.com", "unset GITHUB_API_URL")):
            result = plan(f"https://{host}/acme/widgets/pull/7")
            check(advice in result.stderr, host, result.stderr)
        git("config", "remote.upstream.url", server + "/acme/widgets.git")
        equal(plan("7").returncode, 0, "in a clone of a fork the upstream has it")
        missing = plan("acme/widgets#99")
        check("check repository and number" in missing.stderr and "GITHUB_TOKEN" in missing.stderr, missing.stderr)


@flow
def a_diff_is_taken_from_a_pipe_of_the_shell():
    with Emulator([reply(FOUND)]) as emulator:
        (emulator.folder / "change.diff").write_text(DIFF)
        result = subprocess.run(
            ["bash", "-c", '"$0" review --diff <(cat change.diff) --agents security', OUTCROP],
            cwd=emulator.folder, env=variables(emulator), capture_output=True, text=True,
            timeout=RUN_SECONDS)
        equal(result.returncode, 0, result.stderr)
        check("src/pool.c:5" in result.stdout, result.stdout)


@flow
def short_and_long_options_for_the_version_print_the_same():
    with Emulator() as emulator:
        both = [outcrop(emulator, word) for word in ("-V", "--version")]
        equal(both[0].stdout, both[1].stdout)
        equal([result.returncode for result in both], [0, 0], both[0].stderr)
        check(both[0].stdout.startswith("outcrop "), both[0].stdout)


@flow
def help_of_a_command_is_asked_for_in_two_ways():
    with Emulator() as emulator:
        both = [outcrop(emulator, *words) for words in (("help", "plan"), ("plan", "--help"))]
        equal([result.returncode for result in both], [0, 0], both[0].stderr)
        equal(both[0].stdout, both[1].stdout)
        unknown = outcrop(emulator, "help", "plam")
        equal(unknown.returncode, 2, unknown.stdout)
        check('did you mean "plan"?' in unknown.stderr, unknown.stderr)


@flow
def review_and_plan_select_a_change_by_the_same_options():
    shown = []
    with Emulator() as emulator:
        for command in ("review", "plan"):
            text = outcrop(emulator, command, "--help").stdout
            shown.append(set(re.findall(r"^  (--[a-z-]+)", text, re.M)))
    shared = {"--agents", "--allow-http", "--base", "--config", "--debug", "--diff", "--exclude-paths",
              "--include-paths", "--model", "--pr", "--profile", "--region", "--staged"}
    check(shared <= shown[0] and shared <= shown[1], shared - shown[0], shared - shown[1])


@flow
def nothing_that_a_terminal_acts_on_reaches_it():
    acts = "\x1b]0;forged\x07\x1b[2J\u202e"
    found = finding(title="t" + acts, body="b" + acts, category="c" + acts, suggestion="s" + acts)
    for format in ("text", "markdown", "agent", "json", "sarif"):
        with Emulator([reply(found, finding(path="p" + acts, title="another"))]) as emulator:
            status, shown = on_terminal(emulator, *REVIEW, "--format", format, NO_COLOR="1", TERM="dumb")
            equal(status, 0, shown)
            check(not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]", shown), format, repr(shown))


if __name__ == "__main__":
    main()
