#!/usr/bin/env python3
"""What other people and other runs did on the pull request, and changes that GitHub does not show."""
import concurrent.futures

from harness import (
    BASE,
    HEAD,
    Emulator,
    Job,
    agent,
    check,
    comment_event,
    equal,
    finding,
    flow,
    line_comments,
    main,
    reply,
    summaries,
    summary,
    trees,
    turn,
)

TITLE = "The index may be negative"
FILES = "github GET /repos/acme/widgets/pulls/7/files"
COMMANDER = {"permissions": {"alice": "write"}, "comments": [{"author": "alice", "body": "x"}]}


@flow
def a_critical_finding_stays_critical_when_the_summary_was_deleted():
    critical = finding(severity="critical", title="Reads `conns[-1]` *before* it checks <idx>")
    with Emulator([turn(1, reply(critical)), reply()]) as emulator:
        first = Job(emulator, fail_on="critical").run()
        equal((first.status, first.outputs["critical-count"]), (1, "1"), first.text[-2000:])
        emulator.act("alice", delete=summaries(emulator)[0]["id"])
        emulator.push("more", {**HEAD, "src/other.c": "int other;\n"})
        second = Job(emulator, fail_on="critical", exclude_paths="src/pool.c").run()
        equal((second.status, second.outputs["conclusion"]), (1, "findings"), second.text[-2000:])
        equal(second.outputs["critical-count"], "1", second.text[-2000:])
        kept = [f for f in second.report()["findings"] if f["severity"] == "critical"]
        equal([f["title"] for f in kept], [critical["title"]])
        equal(len(line_comments(emulator)), 1)


@flow
def what_two_runs_at_a_time_post_counts_once():
    """Neither sees what the other one posts in the same moment; both summaries become one."""
    with Emulator([reply(finding(), latency_ms=300)]) as emulator:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(Job(emulator, fail_on="high").run) for _ in range(2)]
            for run in runs:
                equal(run.result().status, 1, run.result().text[-2000:])
        for _ in range(2):
            last = Job(emulator, fail_on="high").run()
            equal((last.status, last.outputs["findings-count"]), (1, "1"), last.text[-2000:])
            equal(len(summaries(emulator)), 1, summary(emulator))
        check(len(line_comments(emulator)) <= 2, line_comments(emulator))
        still_open = [c for c in line_comments(emulator) if not c["resolved"]]
        equal(len(still_open), 1, "the later run closes the second of them", still_open)


@flow
def a_command_runs_though_its_comment_takes_no_reaction():
    for fault in ("forbidden", "invalid", "http-500"):
        faults = [{"on": "github POST /repos/acme/widgets/issues/comments/1001/reactions", "nth": 1, "times": 9,
                   "fault": fault}]
        with Emulator([reply(finding())], faults, github=COMMANDER) as emulator:
            event = comment_event(emulator, "alice", "/outcrop review")
            result = Job(emulator, "issue_comment", event).run()
            equal((result.status, result.outputs["conclusion"]), (0, "findings"), fault, result.text[-2000:])
            equal([c["line"] for c in line_comments(emulator)], [5], fault)


@flow
def a_change_that_github_calls_too_large_is_read_from_its_trees():
    """The list of files is refused; which of them differ is in both commits."""
    large = {f"src/part{n}.c": f"int part{n};\n" for n in range(5)}
    for fault in ("invalid", "too-large"):
        read_from_trees(fault, large)


def read_from_trees(fault, large):
    with Emulator([reply(finding())], [{"on": FILES, "nth": 1, "times": 9, "fault": fault}], base=BASE,
                  head={**HEAD, **large}) as emulator:
        result = Job(emulator).run()
        equal((result.status, result.outputs["conclusion"]), (0, "findings"), result.text[-2000:])
        coverage = result.report()["coverage"]
        equal((coverage["files"], coverage["reviewed"], coverage["skipped"]), (6, 6, []), result.text[-2000:])
        equal([c["line"] for c in line_comments(emulator)], [5], result.text[-2000:])
        check("comparing the files of both commits instead" in result.text, result.text[-2000:])


@flow
def a_comment_that_a_person_deleted_dismisses_its_finding():
    with Emulator([reply(finding())]) as emulator:
        equal(Job(emulator, fail_on="high").run().status, 1)
        emulator.act("alice", delete=line_comments(emulator)[0]["id"])
        emulator.push("more", {**HEAD, "README.md": "# Widgets, more\n"})
        later = Job(emulator, fail_on="high").run()
        equal((later.status, later.outputs["findings-count"]), (0, "0"), later.text[-2000:])
        notes = [f.get("publish_note") for f in later.report()["findings"] if f["carried"]]
        equal(notes, ["dismissed: its comment was deleted"])
        equal(line_comments(emulator), [], "it is not posted again")


@flow
def a_change_that_no_agent_looks_at_is_skipped_and_never_clean():
    files = trees(agent("sql", paths=["**/*.sql"]))
    for inputs, said in (({"agents": "sql"}, "**/*.sql"), ({"include_paths": "lib/**"}, "lib/**")):
        with Emulator([reply()], **files) as emulator:
            result = Job(emulator, **inputs).run()
            equal((result.status, result.outputs["conclusion"]), (0, "skipped"), inputs, result.text)
            check(said in result.text, said, result.text)
            equal(emulator.requests("converse"), [])


@flow
def the_account_is_in_the_log_and_not_on_the_pull_request():
    text = ("User: arn:aws:sts::123456789012:assumed-role/reviewer/outcrop-42 is not authorized to perform: "
            "bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/x")
    fault = {"on": "converse-stream", "nth": 1, "times": 9, "fault": "access-denied", "message": text}
    with Emulator([reply()], [fault]) as emulator:
        result = Job(emulator).run()
        equal((result.status, result.outputs["conclusion"]), (4, "failed"), result.text)
        check("assumed-role/reviewer" in result.text, result.text)
        posted = summary(emulator)
        check("denied" in posted or "not authorized" in posted or "permission" in posted, posted)
        for secret in ("123456789012", "assumed-role", "arn:aws", "emu-"):
            check(secret not in posted, secret, posted)


@flow
def the_error_of_a_failed_run_is_printed_once():
    with Emulator([reply()]) as emulator:
        job = Job(emulator, github_token="wrong")
        result = job.run()
        equal((result.status, result.outputs["conclusion"]), (4, "failed"), result.text)
        equal(result.text.count("Bad credentials"), 1, result.text)


if __name__ == "__main__":
    main()
