#!/usr/bin/env python3
"""Faults of any request: nothing is lost or posted twice, and the exit status reports it."""
import concurrent.futures
import os
import re
import subprocess

from harness import (
    BASE,
    CONVERSE,
    EMULATOR,
    HEAD,
    KEYS,
    SANITIZERS,
    SONNET,
    Emulator,
    Job,
    asks,
    check,
    equal,
    finding,
    flow,
    main,
    outcrop,
    reply,
    turn,
)

TITLE = "The index may be negative"
BODY = "`take()` gives -1"
REVIEW = [reply(finding())]
RETRIED = ["bad-json", "cut", "model-not-ready", "stream-timeout", "throttling", "server-error",
           "unavailable", "model-timeout", "model-error", "reset", "close", "cut-frame",
           "bad-checksum", "no-stop", "stream-throttling", "stream-error", "stream-server-error",
           "stream-unavailable", "html-200"]
SILENT = ["silence", "stream-silence"]
FINAL = ["validation", "access-denied", "daily-quota", "legacy-model", "on-demand", "quota",
         "stream-validation"]
TOKENS = ["reset", "close", "cut", "silence", "server-error", "throttling", "unavailable",
          "html-200"]
GITHUB = ["reset", "close", "close-after", "cut", "html-200", "http-500", "http-502",
          "http-502-after", "rate-limit", "secondary-limit", "invalid", "forbidden", "too-large"]
TRIED_ELSEWHERE = ["stream-open", "expired-token", "half-json", "slow-drip"]
PATIENT = ".github/outcrop/agents/patient.yml"
IMPATIENT = "40"  # a clock by which two minutes of silence are over in three seconds


def counts_add_up(result):
    outputs = {name: int(result.outputs[f"comments-{name}"])
               for name in ("planned", "posted", "unchanged", "failed")}
    equal(outputs["planned"], outputs["posted"] + outputs["unchanged"] + outputs["failed"], outputs)


def each(function, *rows):
    """Calls the function with each row, two at a time: most of a run is waiting."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for run in [pool.submit(function, *row) for row in rows]:
            run.result()


HELD_MS_MAX = 400 if any(name in os.environ for name in SANITIZERS) else 100  # of a debug build on a busy machine


def holds_no_turn(replies, head=None, **inputs):
    """Runs a review and checks that no task kept the others waiting; its time is real."""
    with Emulator(replies, head={**HEAD, **(head or {})}) as emulator:
        job = Job(emulator, log_level="debug", publish="summary, review, check, annotations, sarif", **inputs)
        result = job.run()
        held = [int(ms) for ms in re.findall(r"held the turn for (\d+) ms", result.text)]
        check(max(held, default=0) < HELD_MS_MAX, held)
        return result


@flow
def nothing_hostile_holds_the_turn_for_long():
    """Other tasks, limits and signals wait as long as one task goes on."""
    lines = "".join(f'int value_{n} = "eyJ-eyJ-token{n}"; /* a */\n' for n in range(3000))
    bodies = ("![x](http://a/" + "[(" * 20000, "`" * 20000 + "<" * 20000, "> " * 20000 + "@a",
              "|a" * 15000 + "\n" + "|-" * 15000, "*a _" * 12000, "[a]:" * 12000, "1. a\n\n" * 9000, "1. " * 15000)
    found = [finding(body=body, title=str(n)) for n, body in enumerate(bodies)]
    equal(holds_no_turn([reply(*found)], {"src/long.c": lines}).status, 0)


@flow
def a_large_change_holds_no_turn_for_long():
    line = "int value_{0} = call({0}, other[{0}]); /* some text here */\n"
    holds_no_turn([reply()], {"src/long.c": "".join(line.format(n) for n in range(30000))}, max_calls="2")
    holds_no_turn([reply()], {f"d{n % 50}/f{n}.c": f"int a{n};\n" for n in range(1500)}, max_calls="2")


@flow
def a_rejected_answer_holds_no_turn_for_long():
    wrong = [finding(title=str(n), severity="terrible", body="some `code` and words") for n in range(2000)]
    equal(holds_no_turn([turn(1, reply(*wrong)), reply(finding())]).outputs["findings-count"], "1")
    calls = [("report_findings", {"summary": f"s{n}", "findings": [finding(title=str(n))]}) for n in range(200)]
    equal(holds_no_turn([asks(*calls)]).status, 0)


@flow
def many_findings_with_code_that_is_nowhere_take_little_time():
    """Each of them is searched in all of the change."""
    line = "int value_{0} = call({0}, other[{0}]);\n"
    head = {"src/long.c": "".join(line.format(n) for n in range(8000))}
    nowhere = [finding(path=f"src/no{n}.c", title=f"t{n}", evidence=f"nowhere {n} at all") for n in range(100)]
    nowhere += [finding(path="src/long.c", title=f"u{n}", evidence=f"nowhere {n}\u00a0 either") for n in range(100)]
    result = holds_no_turn([reply(*nowhere)], head, max_calls="40")
    equal(result.outputs["findings-count"], "0")
    check(result.seconds < 120, result.seconds)  # it was several minutes


@flow
def many_findings_in_one_file_read_it_once():
    line = "int value_{0} = call({0}, other[{0}]);\n"
    head = {"src/long.c": "".join(line.format(n) for n in range(2000))}
    found = [finding(path="src/long.c", title=f"t{n}", line=n * 9 + 1, evidence=line.format(n * 9))
             for n in range(60)]
    with Emulator([reply(*found)], head={**HEAD, **head}) as emulator:
        result = Job(emulator, publish="summary, sarif").run()
        equal(result.status, 0, result.text[-2000:])
        reads = [r for r in emulator.requests("github GET") if "/git/blobs/" in r["operation"]]
        check(len(reads) < 20, len(reads))


@flow
def every_fault_that_the_emulator_knows_is_tried():
    known = subprocess.run([EMULATOR, "--faults"], capture_output=True, text=True, check=True)
    tried = {*RETRIED, *SILENT, *FINAL, *TOKENS, *GITHUB, *TRIED_ELSEWHERE}
    equal(set(known.stdout.split()) ^ tried, set(), "only the emulator or only this file has")


def is_tried_again(fault, scale="20"):
    faults = [{"on": "converse-stream", "nth": 1, "times": 1, "fault": fault}]
    with Emulator(REVIEW, faults) as emulator:
        job = Job(emulator)
        job.env["OUTCROP_CLOCK_SCALE"] = scale
        result = job.run()
        equal(result.status, 0, fault, result.text)
        equal(result.outputs["findings-count"], "1", fault)
        equal(len(emulator.requests("converse-stream")), 2, fault)


@flow
def a_fault_of_the_model_that_passes_is_tried_again():
    each(is_tried_again, *[(fault,) for fault in RETRIED])


@flow
def a_model_that_falls_silent_is_asked_again():
    each(is_tried_again, *[(fault, IMPATIENT) for fault in SILENT])


@flow
def a_refusal_of_the_model_ends_the_agent_with_what_to_do():
    for fault in FINAL:
        faults = [{"on": "converse-stream", "nth": 1, "times": 99, "fault": fault}]
        with Emulator(REVIEW, faults) as emulator:
            result = Job(emulator, model=SONNET).run()
            equal(result.status, 4, fault, result.text)
            equal(result.outputs["conclusion"], "failed", fault)
            equal(len(emulator.requests("converse-stream")), 1, fault)
            check("request" in result.text, fault, result.text)


@flow
def a_fault_that_stays_fails_the_agent_after_a_few_attempts():
    for fault, attempts in (("server-error", 4), ("no-stop", 3), ("reset", 4)):
        faults = [{"on": "converse-stream", "nth": 1, "times": 99, "fault": fault}]
        with Emulator(REVIEW, faults) as emulator:
            result = Job(emulator).run()
            equal(result.status, 4, fault, result.text)
            equal(len(emulator.requests("converse-stream")), attempts, fault)


@flow
def max_attempts_of_the_environment_bounds_all_attempts():
    faults = [{"on": "converse-stream", "nth": 1, "times": 99, "fault": "throttling"}]
    with Emulator(REVIEW, faults) as emulator:
        job = Job(emulator)
        job.env["AWS_MAX_ATTEMPTS"] = "2"
        equal(job.run().status, 4)
        equal(len(emulator.requests("converse-stream")), 2)


@flow
def a_stream_that_is_slow_but_alive_is_read_for_as_long_as_the_agent_may_take():
    patient = ("name: patient\nsystem: You review.\nprompt: \"{{ diff }}\"\n"
               "limits: { seconds: 3600 }\n")
    faults = [{"on": "converse-stream", "nth": 1, "times": 1, "fault": "slow-drip", "every_ms": 25}]
    with Emulator(REVIEW, faults, base={**BASE, PATIENT: patient}) as emulator:
        job = Job(emulator, agents="patient")
        job.env["OUTCROP_CLOCK_SCALE"] = IMPATIENT
        result = job.run()
        equal(result.status, 0, result.text)
        equal(result.outputs["findings-count"], "1")
        [request] = emulator.requests("converse-stream")
        seconds = (request["done_ms"] - request["at_ms"]) / 1000 * int(IMPATIENT)
        check(seconds > 130, seconds, "longer than silence may last")
    with Emulator(REVIEW, faults, base={**BASE, PATIENT: patient.replace("3600", "60")}) as emulator:
        job = Job(emulator, agents="patient")
        job.env["OUTCROP_CLOCK_SCALE"] = IMPATIENT
        result = job.run()
        equal(result.status, 4, result.text)
        check("limits.seconds" in result.text, result.text)
        equal(len(emulator.requests("converse-stream")), 1)


@flow
def what_unusable_answers_cost_is_counted():
    with Emulator([{"text": "Nothing to report."}]) as emulator:
        result = Job(emulator).run()
        equal(result.status, 4, result.text)
        equal(len(emulator.requests(CONVERSE)), 3)
        check(int(result.outputs["output-tokens"]) >= 3 and float(result.outputs["cost-usd"]) > 0,
              result.outputs)
    faults = [{"on": CONVERSE, "nth": 1, "times": 1, "fault": "no-stop"}]
    with Emulator([reply(finding())], faults) as emulator:
        result = Job(emulator).run()
        equal(result.status, 0, result.text)
        equal(result.outputs["cost-usd"], "", "what a cut stream cost is not known, and never 0")
        check(int(result.outputs["output-tokens"]) > 0, result.outputs)


@flow
def half_an_answer_is_asked_for_once_more_with_more_room():
    faults = [{"on": "converse-stream", "nth": 1, "times": 1, "fault": "half-json"}]
    with Emulator(REVIEW, faults) as emulator:
        result = Job(emulator).run()
        equal(result.status, 0, result.text)
        equal(result.outputs["findings-count"], "1")
    faults[0]["times"] = 99
    with Emulator(REVIEW, faults) as emulator:
        result = Job(emulator).run()
        equal(result.status, 4, result.text)
        check(result.outputs["conclusion"] != "clean")


# The operation that a command asks, by its arguments.
OPERATIONS = {"converse-stream": ["invoke"],
              "invoke-stream": ["invoke", "--api", "messages"],
              "converse": ["invoke", "--model", "whole"],
              "invoke": ["invoke", "--model", "whole", "--api", "messages"],
              "count-tokens": ["count-tokens"]}
WHOLE = ("version: 1\nmodels: { whole: { model: us.anthropic.claude-sonnet-4-5-20250929-v1:0,"
         " stream: false } }\n")
CALLED = {"retried": ["throttling", "server-error", "reset", "cut", "html-200"],
          "final": ["quota"]}
STREAMED = {"retried": ["cut-frame", "bad-json", "bad-checksum", "no-stop", "stream-timeout"],
            "final": ["stream-validation"]}


def command_meets(operation, fault, is_final, scale="20"):
    faults = [{"on": operation, "nth": 1, "times": 1, "fault": fault}]
    with Emulator([{"text": "Good day."}], faults) as emulator:
        (emulator.folder / "outcrop.yml").write_text(WHOLE)
        result = outcrop(emulator, *OPERATIONS[operation], "--config", "outcrop.yml", stdin="hi",
                         env={**KEYS, "OUTCROP_CLOCK_SCALE": scale})
        facts = operation, fault, result.stdout, result.stderr
        equal(len(emulator.requests(operation)), 1 if is_final else 2, *facts)
        equal(result.returncode, 4 if is_final else 0, *facts)
        if is_final:
            equal(result.stdout, "", *facts)
            check("request id emu-" in result.stderr and ".;" not in result.stderr, *facts)
        elif operation == "count-tokens":
            check(int(result.stdout) > 0, *facts)
        else:
            equal(result.stdout, "Good day.\n", *facts)


@flow
def every_operation_is_asked_again_or_refused_alike():
    rows = []
    for operation in OPERATIONS:
        for faults in [CALLED, STREAMED] if operation.endswith("stream") else [CALLED]:
            rows += [(operation, fault, False) for fault in faults["retried"]]
            rows += [(operation, fault, True) for fault in faults["final"]]
        # An answer that is not streamed may take a quarter of an hour.
        scale = "300" if operation in ("converse", "invoke") else IMPATIENT
        rows.append((operation, "silence", False, scale))
    each(command_meets, *rows)


@flow
def an_answer_that_is_printed_already_is_not_asked_for_again():
    faults = [{"on": "converse-stream", "nth": 1, "times": 9, "fault": "cut-frame", "after": 2}]
    with Emulator([{"text": "Good day."}], faults) as emulator:
        result = outcrop(emulator, "invoke", "--stream", stdin="hi", env=KEYS)
        equal(result.returncode, 4, result.stderr)
        check(result.stdout and "Good day.".startswith(result.stdout.strip()), result.stdout)
        equal(len(emulator.requests("converse-stream")), 1)


@flow
def no_role_is_exit_3_with_subject_and_audience_but_no_token():
    faults = [{"on": "sts", "nth": 1, "times": 99, "fault": "access-denied"}]
    with Emulator(REVIEW, faults) as emulator:
        result = Job(emulator).run()
        equal(result.status, 3, result.text)
        check("repo:acme/widgets:pull_request" in result.text, result.text)
        shown = [line for line in result.text.splitlines() if not line.startswith("::add-mask::")]
        check("eyJ" not in "\n".join(shown), "the token is not shown")
        equal(emulator.requests("converse-stream"), [])


@flow
def a_token_service_that_fails_once_is_asked_again():
    def asks_again(on, fault):
        with Emulator(REVIEW, [{"on": on, "nth": 1, "times": 1, "fault": fault}]) as emulator:
            job = Job(emulator)
            if fault == "silence":
                job.env["OUTCROP_CLOCK_SCALE"] = "10"  # three seconds until it is asked again
            result = job.run()
            equal(result.status, 0, on, fault, result.text)
            equal(len(emulator.requests(on)), 2, on, fault)

    each(asks_again, *[(on, fault) for on in ("oidc", "sts") for fault in TOKENS])


@flow
def a_session_that_ends_during_the_run_is_renewed_with_a_fresh_token():
    faults = [{"on": "converse-stream", "nth": 2, "times": 1, "fault": "expired-token"}]
    with Emulator(REVIEW, faults) as emulator:
        result = Job(emulator, agents="security, architect, code-quality",
                     max_concurrency="1").run()
        equal(result.status, 0, result.text)
        equal(len(emulator.requests("sts")), 2)
        equal(len(emulator.requests("oidc")), 2, "the first token is good once")


def is_open(comment):
    return not comment["resolved"] and "**Gone" not in comment["body"]


def wrong_with(state, title=TITLE, body=BODY):
    """What is wrong with the comments on GitHub: it must be the one finding once, and one summary."""
    summaries = [c["body"] for c in state["conversation"] if "<!-- outcrop:summary" in c["body"]]
    lines = [c["body"] for c in state["line_comments"] if is_open(c)]
    if len(summaries) != 1:
        return f"{len(summaries)} summaries"
    if any(review["pending"] for review in state["reviews"]):
        return "a pending review is left"
    if len(state["reviews"]) != len(state["line_comments"]):
        return f"{len(state['reviews'])} reviews"
    if title not in summaries[0]:
        return "the summary does not name the finding"
    if len([line for line in lines if title in line]) != len(lines):
        return "a comment of what is gone is open"
    if len(lines) + (body in summaries[0]) != 1:
        return f"{len(lines)} comments on lines, in the summary: {body in summaries[0]}"
    return ""


def says_what_it_did(result, state):
    """Counts, report, log and pull request tell the same."""
    counts_add_up(result)
    [found] = result.report()["findings"]
    shown = "\n".join(c["body"] for c in [*state["conversation"], *state["line_comments"]])
    failed = result.outputs["comments-failed"] == "1"
    equal(found["published"] == "failed", failed, found)
    equal(BODY in shown, not failed, "what is counted as posted is there", found)
    if failed:
        equal(result.status, 5, result.text)
        check(found["publish_note"], found)
        check(found["publish_note"] in result.text, "the log says why", found, result.text)
        check(TITLE in result.summary, "the job's summary has it all the same")
    if found["placement"] == "summary":
        check(found["placement_reason"], found)
        check(failed or "posted on its lines" in shown, "and says why", found, shown)


def job_of_run(emulator, number, **inputs):
    """Most of such a run is waiting before the next write or attempt."""
    job = Job(emulator, **inputs)
    job.env["OUTCROP_CLOCK_SCALE"] = "50"
    job.env["GITHUB_RUN_ID"] = str(number)
    return job


def breaks_once(fault, nth):
    """A run with one fault at its nth request of GitHub, and a second one without."""
    facts = {"on": "github * **", "nth": nth, "times": 1, "fault": fault}
    with Emulator(REVIEW, [facts]) as emulator:
        first = job_of_run(emulator, 1).run()
        state = emulator.state()["github"]
        check(first.status in (0, 4, 5), fault, nth, first.status, first.text)
        if first.status == 0:
            equal(wrong_with(state), "", fault, nth, "exit status 0", first.text)
        else:
            check("::error" in first.text, fault, nth, first.text)
        if first.outputs.get("report-file"):
            says_what_it_did(first, state)
        second = job_of_run(emulator, 2).run()
        equal(second.status, 0, fault, nth, first.text, second.text)
        state = emulator.state()["github"]
        says_what_it_did(second, state)
        equal(wrong_with(state), "", fault, nth, first.text, second.text)
        equal(len(state["line_comments"]), 1, fault, nth, first.text, second.text)


def changes_something(request):
    """Whether it writes: GraphQL is asked by POST too."""
    if request["target"].endswith("/graphql"):
        return '"mutation' in request["body"]
    return request["method"] != "GET"


@flow
def wherever_github_breaks_a_second_run_brings_the_expected_state():
    with Emulator(REVIEW) as emulator:
        equal(Job(emulator).run().status, 0)
        requests = emulator.requests("github")
    check(len(requests) >= 6, requests)
    # Every fault at every write, and every fault and every read at least three times: the unit tests of
    # publishing try all of them with all.
    writes = [nth for nth, request in enumerate(requests, 1) if changes_something(request)]
    reads = [nth for nth in range(1, len(requests) + 1) if nth not in writes]
    each(breaks_once, *[(fault, nth) for fault in (*GITHUB, "silence") for nth in writes],
         *[(fault, nth) for i, fault in enumerate(GITHUB) for j, nth in enumerate(reads)
           if (i + j) % 4 == 0])


LATER = {"src/pool.c": "int get(void)\n{\n\tint idx = give();\n\n\treturn idx;\n}\n",
         "README.md": "# Widgets\n"}
LATER_TITLE, LATER_BODY = "No error is seen", "`give()` may fail."
EVERYTHING = {"publish": "summary, review, check, sarif"}
REVIEWS = [{"match": {"call": 1}, **REVIEW[0]},
           reply(finding(line=3, title=LATER_TITLE, body=LATER_BODY, evidence="int idx = give();"))]


def later_run_breaks_once(fault, nth):
    """A fault in the run over a second commit, which fixes one finding and brings another."""
    faults = [{"on": "github * **", "nth": nth, "times": 1, "fault": fault}]
    with Emulator(REVIEWS, faults) as emulator:
        equal(job_of_run(emulator, 1, **EVERYTHING).run().status, 0)
        emulator.push("later", LATER)
        broken = job_of_run(emulator, 2, **EVERYTHING).run()
        state = emulator.state()["github"]
        facts = fault, nth, broken.text
        check(broken.status in (0, 5), broken.status, *facts)
        counts_add_up(broken)
        runs = [c["external_id"] for c in state["check_runs"]]
        equal(len(runs), len(set(runs)), "one check run a run", *facts)
        if broken.status == 0:
            equal(wrong_with(state, LATER_TITLE, LATER_BODY), "", "exit status 0", *facts)
            equal(len(runs), 2, *facts)
            check(len(state["sarif_uploads"]) >= 2, *facts)
        fixed = job_of_run(emulator, 3, **EVERYTHING).run()
        equal(fixed.status, 0, fixed.text, *facts)
        state = emulator.state()["github"]
        equal(wrong_with(state, LATER_TITLE, LATER_BODY), "", fixed.text, *facts)
        equal([is_open(c) for c in state["line_comments"]], [False, True], fixed.text, *facts)


@flow
def wherever_a_write_of_a_later_run_breaks_the_next_one_fixes_it():
    with Emulator(REVIEWS) as emulator:
        equal(job_of_run(emulator, 1, **EVERYTHING).run().status, 0)
        before = len(emulator.requests("github"))
        emulator.push("later", LATER)
        equal(job_of_run(emulator, 2, **EVERYTHING).run().status, 0)
        requests = emulator.requests("github")
    writes = [n for n, request in enumerate(requests[before:], before + 1)
              if changes_something(request)]
    check(len(writes) >= 5, [r["operation"] for r in requests])
    each(later_run_breaks_once, *[(fault, nth) for fault in ("cut", "http-502", "forbidden")
                                  for nth in writes])


def forbidden(on, **inputs):
    """A run whose token lacks a permission, and what is on the pull request afterwards."""
    faults = [{"on": on, "nth": 1, "times": 99, "fault": "forbidden"}]
    with Emulator(REVIEW, faults) as emulator:
        result, state = Job(emulator, **inputs).run(), emulator.state()["github"]
        says_what_it_did(result, state)
        return result, state


@flow
def a_permission_that_is_missing_is_named_where_people_look():
    permission = "add `pull-requests: write` to the `permissions:`"
    result, state = forbidden("github POST /repos/*/*/pulls/*/reviews")
    equal(result.status, 0, result.text)
    check("::warning::" in result.text and permission in result.text, result.text)
    [summary] = state["conversation"]
    check(BODY in summary["body"] and permission in summary["body"], summary)
    check("GitHub refused it on these lines" not in summary["body"], summary)
    for on, inputs in (("github POST /repos/**", {}),
                       ("github POST /repos/*/*/pulls/*/reviews", {"publish": "review"})):
        result, state = forbidden(on, **inputs)
        equal(result.status, 5, result.text)
        [error] = [line for line in result.text.splitlines() if line.startswith("::error::")]
        check(permission in error and "1 failed" in error, on, error)
        equal(state["conversation"] + state["line_comments"], [], on)


@flow
def findings_without_a_summary_are_exit_5_too():
    result, state = forbidden("github POST /repos/*/*/issues/*/comments")
    equal(result.status, 5, result.text)
    equal(result.outputs["comments-posted"], "1")
    equal(len(state["line_comments"]), 1)
    check("make the summary comment" in result.text, result.text)


if __name__ == "__main__":
    main()
