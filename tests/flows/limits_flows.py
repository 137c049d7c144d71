#!/usr/bin/env python3
"""Hidden quotas, missing models, guardrails, and limits of cost and time."""
import concurrent.futures
import json
import time

from harness import (
    CONVERSE,
    HAIKU,
    SCALE,
    SONNET,
    Emulator,
    Job,
    agent,
    check,
    config,
    equal,
    finding,
    flow,
    main,
    reply,
    trees,
)

FALLBACK = trees(config(models={"sonnet": {"model": SONNET, "fallback": ["haiku"]}}))


def many_files(count):
    """Files that are a part of the review each, when parts are small."""
    return {f"part{n:03}/code.c": "".join(f"int value_{n}_{line}(int);\n" for line in range(40))
            for n in range(count)}


def calls(emulator):
    return emulator.requests(CONVERSE)


def throttled(units, concurrency, aws):
    files = trees(config(defaults={"chunk": {"tokens": 500}}), head=many_files(units))
    with Emulator([reply(latency_ms=2000 // SCALE, first_token_ms=25)], aws=aws,
                  **files) as emulator:
        job = Job(emulator, max_concurrency=str(concurrency), max_calls="1000",
                  timeout_minutes="60", exclude_paths="src/**, README.md", publish="summary")
        result = job.run()
        equal(result.status, 0, result.text)
        report = result.report()
        equal(report["coverage"]["reviewed"], units, result.text)
        sent = calls(emulator)
        return len(sent), (sent[-1]["done_ms"] - sent[0]["at_ms"]) / 1000 * SCALE


@flow
def an_unknown_quota_is_learned_with_few_refused_calls():
    quotas = {"requests_per_minute": 60, "bucket": 10, "clock_scale": SCALE}
    attempts, seconds = throttled(180, 16, {"quotas": quotas})
    print(f"# 180 units: {attempts} calls, {seconds:.0f} s; ideal 172 s")
    check(attempts <= 198, attempts)  # how long it takes is a unit test's, in virtual time: machines are busy


@flow
def a_quota_of_tokens_is_learned_too():
    quotas = {"tokens_per_minute": 120000, "clock_scale": SCALE}
    attempts, seconds = throttled(60, 8, {"quotas": quotas})
    print(f"# 60 units: {attempts} calls, {seconds:.0f} s")
    check(attempts <= 80, attempts)


@flow
def a_model_that_is_not_there_is_replaced_by_its_fallback():
    for fault, times in (("access-denied", 1), ("legacy-model", 1), ("daily-quota", 1),
                         ("model-not-ready", 4), ("unavailable", 4)):
        faults = [{"on": CONVERSE, "nth": 1, "times": times, "fault": fault}]
        with Emulator([reply(finding())], faults, **FALLBACK) as emulator:
            result = Job(emulator).run()
            equal(result.status, 0, fault, result.text)
            equal(result.outputs["findings-count"], "1", fault)
            row = result.report()["agents"][0]
            check("haiku" in json.dumps(row), fault, row)
            check("haiku" in result.text, fault, result.text)
            body = emulator.state()["github"]["conversation"][-1]["body"]
            check("haiku" in body, fault, body)


def models_asked(emulator):
    return [call["detail"]["model"] for call in calls(emulator)]


@flow
def a_model_that_throttles_for_a_minute_is_replaced():
    faults = [{"on": CONVERSE, "nth": 1, "times": 6, "fault": "throttling"}]
    with Emulator([reply(finding())], faults, **FALLBACK) as emulator:
        result = Job(emulator).run()
        equal(result.status, 0, result.text)
        equal(models_asked(emulator), [SONNET] * 6 + [HAIKU])
        equal(result.report()["agents"][0]["model_id"], HAIKU)
        check('"haiku" is asked instead' in result.text, result.text)
        check(HAIKU in result.summary, result.summary)


@flow
def a_denied_model_is_not_asked_by_the_next_agent():
    faults = [{"on": CONVERSE, "nth": 1, "times": 1, "fault": "access-denied"}]
    with Emulator([reply()], faults, **FALLBACK) as emulator:
        result = Job(emulator, agents="security, architect", max_concurrency="1").run()
        equal(result.status, 0, result.text)
        equal(models_asked(emulator), [SONNET, HAIKU, HAIKU])


@flow
def when_all_models_are_denied_the_last_ones_error_is_the_agents():
    faults = [{"on": CONVERSE, "nth": 1, "times": 9, "fault": "access-denied"}]
    with Emulator([reply()], faults, **FALLBACK) as emulator:
        result = Job(emulator).run()
        equal(result.status, 4, result.text)
        equal(models_asked(emulator), [SONNET, HAIKU])
        message = result.report()["agents"][0]["error"]["message"]
        check("not authorized" in message and HAIKU in message, message)


@flow
def a_guardrail_goes_with_the_call_and_its_intervention_fails_the_agent():
    for api in ("converse", "messages"):
        for stream in (True, False):
            safe = {"model": SONNET, "api": api, "stream": stream,
                    "guardrail": {"id": "abc123", "version": "1"}}
            files = trees(config(models={"safe": safe}),
                          agent("prose", model="safe", output="markdown"))
            with Emulator([{"guardrail": True, **reply(finding())}], **files) as emulator:
                result = Job(emulator, agents="prose").run()
                equal(result.status, 4, api, stream, result.text)
                check("guardrail" in result.text, api, stream, result.text)
                state = json.dumps(emulator.state()["github"])
                check("has blocked this answer" not in state, api, stream, "its text is posted")


@flow
def the_retry_mode_of_the_environment_counts():
    faults = [{"on": CONVERSE, "nth": 1, "times": 99, "fault": "server-error"}]
    for mode, attempts in (("standard", 3), ("adaptive", 3), ("legacy", 3)):
        with Emulator([reply()], faults) as emulator:
            job = Job(emulator)
            job.env["AWS_RETRY_MODE"] = mode
            equal(job.run().status, 4)
            equal(len(calls(emulator)), attempts, mode)
        waits = [{**faults[0], "times": 4, "fault": "throttling"}]
        with Emulator([reply()], waits) as emulator:
            job = Job(emulator)
            job.env["AWS_RETRY_MODE"] = mode
            equal(job.run().status, 0, mode, "throttling is waited out")
            equal(len(calls(emulator)), 5, mode)
    with Emulator([reply()]) as emulator:
        job = Job(emulator)
        job.env["AWS_RETRY_MODE"] = "sometimes"
        result = job.run()
        equal(result.status, 2, result.text)
        check("AWS_RETRY_MODE" in result.text and "adaptive" in result.text, result.text)


@flow
def attempts_out_of_range_are_an_error_of_every_command():
    for command in ("review", "doctor", "plan"):
        for attempts in ("101", "0", "many"):
            with Emulator([reply()]) as emulator:
                job = Job(emulator, command=command)
                job.env["AWS_MAX_ATTEMPTS"] = attempts
                result = job.run()
                equal(result.status, 2, command, attempts, result.text)
                check("AWS_MAX_ATTEMPTS" in result.text and "from 1 to 100" in result.text,
                      result.text)


def most_at_once(sent):
    """How many calls were in flight at the same time."""
    moments = sorted([(c["at_ms"], 1) for c in sent] + [(c["done_ms"], -1) for c in sent])
    most = now = 0
    for _, step in moments:
        now += step
        most = max(most, now)
    return most


@flow
def no_more_calls_are_in_flight_than_allowed():
    for defaults, inputs in (({"max_concurrency": 2}, {}), ({}, {"max_concurrency": "2"})):
        with Emulator([reply(held="end")], **trees(config(defaults=defaults))) as emulator:
            job = Job(emulator, agents="security, architect, code-quality, tests", **inputs)
            started = time.monotonic()
            process = job.start()
            emulator.wait_for(CONVERSE, 2)
            emulator.release()
            result = job.finish(process, started)
            equal(result.status, 0, result.text)
            equal(len(calls(emulator)), 4, result.text)
            equal(most_at_once(calls(emulator)), 2, defaults)


@flow
def a_models_own_limit_paces_its_calls():
    # Six a minute, one immediately: the second call ten seconds later, two and a half by a real clock; the first
    # may be late on a busy machine.
    sonnet = {"model": SONNET, "limits": {"requests_per_minute": 6}}
    with Emulator([reply()], **trees(config(models={"sonnet": sonnet}))) as emulator:
        job = Job(emulator, agents="security, architect")
        job.env["OUTCROP_CLOCK_SCALE"] = "4"
        result = job.run()
        equal(result.status, 0, result.text)
        first, second = (call["at_ms"] for call in calls(emulator))
        check(second - first >= 1000, second - first)


@flow
def what_a_run_may_cost_and_take_ends_it_with_what_is_finished():
    slow = reply(held=True)
    quick = {"match": {"agent": "security"}, "usage": {"output": 5000}, **reply(finding())}

    def run(limit):
        with Emulator([quick, slow]) as emulator:
            job = Job(emulator, agents="security, architect, code-quality", max_concurrency="1", **limit)
            if "timeout_minutes" in limit:
                job.env["OUTCROP_CLOCK_SCALE"] = "2"  # seven seconds by a real clock, for the quick one
            result = job.run()
            equal(result.status, 6, limit, result.text)
            equal(result.outputs["conclusion"], "partial", limit, result.text)
            equal(result.outputs["comments-posted"], "1", limit, result.text)
            if "max_calls" in limit:
                equal(len(calls(emulator)), 1, result.text)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(run, ({"max_cost_usd": "0.21"}, {"timeout_minutes": "0.25"}, {"max_calls": "1"})))


if __name__ == "__main__":
    main()
