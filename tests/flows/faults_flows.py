#!/usr/bin/env python3
"""Whatever breaks on the way: nothing is lost, nothing stands twice, and the exit status says it."""
import concurrent.futures
import os
import subprocess

from harness import EMULATOR, Emulator, Job, check, equal, finding, flow, main, reply

REVIEW = [reply(finding())]
RETRIED = ["bad-json", "model-not-ready", "silence", "stream-silence", "stream-timeout",
           "throttling", "server-error", "unavailable", "model-timeout", "model-error", "reset",
           "close", "cut-frame", "bad-checksum", "no-stop", "stream-throttling", "stream-error",
           "stream-server-error", "stream-unavailable", "html-200"]
FINAL = ["validation", "access-denied", "daily-quota", "legacy-model", "on-demand", "quota",
         "stream-validation"]
GITHUB_FAULTS = ["reset", "close", "close-after", "cut", "http-500", "http-502", "http-502-after",
                 "rate-limit", "secondary-limit", "invalid", "forbidden"]
ELSEWHERE = ["half-json", "expired-token", "slow-drip"]


def counts_add_up(result):
    outputs = {name: int(result.outputs[f"comments-{name}"])
               for name in ("planned", "posted", "unchanged", "failed")}
    equal(outputs["planned"], outputs["posted"] + outputs["unchanged"] + outputs["failed"], outputs)


@flow
def every_fault_that_the_emulator_knows_is_tried():
    known = subprocess.run([EMULATOR, "--faults"], capture_output=True, text=True, check=True)
    equal(set(known.stdout.split()), {*RETRIED, *FINAL, *GITHUB_FAULTS, *ELSEWHERE})


@flow
def a_fault_of_the_model_that_passes_is_tried_again():
    for fault in RETRIED:
        faults = [{"on": "converse-stream", "nth": 1, "times": 1, "fault": fault}]
        with Emulator(REVIEW, faults) as emulator:
            result = Job(emulator).run()
            equal(result.status, 0, fault, result.text)
            equal(result.outputs["findings-count"], "1", fault)
            equal(len(emulator.requests("converse-stream")), 2, fault)


@flow
def a_refusal_of_the_model_ends_the_agent_with_what_to_do():
    for fault in FINAL:
        faults = [{"on": "converse-stream", "nth": 1, "times": 99, "fault": fault}]
        with Emulator(REVIEW, faults) as emulator:
            result = Job(emulator).run()
            equal(result.status, 4, fault, result.text)
            equal(result.outputs["conclusion"], "failed", fault)
            equal(len(emulator.requests("converse-stream")), 1, fault)
            check("request" in result.text, fault, result.text)


@flow
def a_fault_that_stays_fails_the_agent_after_three_attempts():
    for fault in ("server-error", "no-stop", "reset"):
        faults = [{"on": "converse-stream", "nth": 1, "times": 99, "fault": fault}]
        with Emulator(REVIEW, faults) as emulator:
            result = Job(emulator).run()
            equal(result.status, 4, fault, result.text)
            equal(len(emulator.requests("converse-stream")), 3, fault)


@flow
def max_attempts_of_the_environment_bounds_all_attempts():
    faults = [{"on": "converse-stream", "nth": 1, "times": 99, "fault": "throttling"}]
    with Emulator(REVIEW, faults) as emulator:
        job = Job(emulator)
        job.env["AWS_MAX_ATTEMPTS"] = "2"
        equal(job.run().status, 4)
        equal(len(emulator.requests("converse-stream")), 2)


@flow
def a_stream_that_is_slow_but_alive_is_read_to_its_end():
    faults = [{"on": "converse-stream", "nth": 1, "times": 1, "fault": "slow-drip"}]
    with Emulator(REVIEW, faults) as emulator:
        result = Job(emulator).run()
        equal(result.status, 0, result.text)
        equal(result.outputs["findings-count"], "1")
        equal(len(emulator.requests("converse-stream")), 1)


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
    for on in ("oidc", "sts"):
        for fault in ("reset", "close"):
            with Emulator(REVIEW, [{"on": on, "nth": 1, "times": 1, "fault": fault}]) as emulator:
                result = Job(emulator).run()
                equal(result.status, 0, on, fault, result.text)


@flow
def a_session_that_ends_during_the_run_is_renewed_with_a_fresh_token():
    faults = [{"on": "converse-stream", "nth": 2, "times": 1, "fault": "expired-token"}]
    with Emulator(REVIEW, faults) as emulator:
        result = Job(emulator, agents="security, architect, code-quality",
                     max_concurrency="1").run()
        equal(result.status, 0, result.text)
        equal(len(emulator.requests("sts")), 2)
        equal(len(emulator.requests("oidc")), 2, "the first token is good once")


def as_expected(state, refused):
    """What is wrong with what stands on GitHub, or nothing: one summary, one comment on its line."""
    summaries = [c for c in state["conversation"] if "<!-- outcrop:summary" in c["body"]]
    lines = state["line_comments"]
    pending = [r for r in state["reviews"] if r["pending"]]
    if len(summaries) != 1 or pending:
        return f"{len(summaries)} summaries, {len(pending)} pending reviews"
    # What GitHub refused on its line stands in the summary, in full.
    if refused and not lines and "`take()` gives -1" in summaries[0]["body"]:
        return ""
    return "" if len(lines) == 1 else f"{len(lines)} comments on lines"


def breaks_once(fault, nth):
    """A run with one fault at its nth request of GitHub, and a second one without."""
    facts = {"on": "github * **", "nth": nth, "times": 1, "fault": fault, "after": 40}
    with Emulator(REVIEW, [facts]) as emulator:
        first = Job(emulator).run()
        check(first.status in (0, 4, 5), fault, nth, first.status, first.text)
        if "comments-planned" in first.outputs:
            counts_add_up(first)
        # What is refused for good is not asked again; all else is there, or the exit status says it.
        refused = fault in ("invalid", "forbidden")
        wrong = as_expected(emulator.state()["github"], refused)
        check(first.status or not wrong, fault, nth, wrong, first.text)
        check(not first.status or "error:" in first.text or "::error" in first.text, fault, nth,
              first.text)
        second = Job(emulator).run()
        equal(second.status, 0, fault, nth, first.text, second.text)
        counts_add_up(second)
        wrong = as_expected(emulator.state()["github"], refused)
        check(not wrong, fault, nth, wrong, first.text, second.text)


@flow
def wherever_github_breaks_a_second_run_brings_the_expected_state():
    with Emulator(REVIEW) as emulator:
        equal(Job(emulator).run().status, 0)
        total = len(emulator.requests("github"))
    check(total >= 6, total)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [pool.submit(breaks_once, fault, nth)
                for fault in GITHUB_FAULTS for nth in range(1, total + 1)]
    for run in runs:
        run.result()


if __name__ == "__main__":
    main()
