#!/usr/bin/env python3
"""Whatever breaks on the way: nothing is lost, nothing stands twice, and the exit status says it."""
from harness import Emulator, Job, check, equal, finding, flow, main, reply

REVIEW = [reply(finding())]
RETRIED = ["throttling", "server-error", "unavailable", "model-timeout", "model-error", "reset",
           "close", "cut-frame", "bad-checksum", "no-stop", "stream-throttling", "stream-error",
           "stream-server-error", "stream-unavailable", "html-200"]
FINAL = ["validation", "access-denied", "daily-quota", "legacy-model", "on-demand"]
GITHUB_FAULTS = ["reset", "close", "close-after", "http-500", "http-502-after", "secondary-limit",
                 "invalid"]


def counts_add_up(result):
    outputs = {name: int(result.outputs[f"comments-{name}"])
               for name in ("planned", "posted", "unchanged", "failed")}
    equal(outputs["planned"], outputs["posted"] + outputs["unchanged"] + outputs["failed"], outputs)


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


@flow
def wherever_github_breaks_a_second_run_brings_the_expected_state():
    with Emulator(REVIEW) as emulator:
        equal(Job(emulator).run().status, 0)
        total = len(emulator.requests("github"))
    check(total >= 6, total)
    for fault in GITHUB_FAULTS:
        for nth in range(1, total + 1):
            faults = [{"on": "github * **", "nth": nth, "times": 1, "fault": fault}]
            with Emulator(REVIEW, faults) as emulator:
                first = Job(emulator).run()
                check(first.status in (0, 2, 4, 5), fault, nth, first.status, first.text)
                if "comments-planned" in first.outputs:
                    counts_add_up(first)
                second = Job(emulator).run()
                equal(second.status, 0, fault, nth, first.text, second.text)
                counts_add_up(second)
                state = emulator.state()["github"]
                summaries = [c for c in state["conversation"]
                             if "<!-- outcrop:summary" in c["body"]]
                lines = len(state["line_comments"])
                # What GitHub refuses on its line stands in the summary, in full.
                refused = fault == "invalid" and "`take()` gives -1" in summaries[0]["body"]
                equal(lines, 0 if refused else 1, fault, nth, first.text, second.text)
                equal(len(summaries), 1, fault, nth, first.text, second.text)
                pending = [r for r in state["reviews"] if r["pending"]]
                equal(pending, [], fault, nth)


if __name__ == "__main__":
    main()
