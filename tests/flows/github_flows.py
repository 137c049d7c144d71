#!/usr/bin/env python3
"""What GitHub limits, and what a review keeps there: nothing is lost and nothing is posted twice."""
import json
import time

from harness import (
    HEAD,
    KEYS,
    SCALE,
    Emulator,
    Job,
    check,
    comment_event,
    equal,
    finding,
    flow,
    main,
    outcrop,
    reply,
    summaries,
)


def is_posted_once(emulator):
    state = emulator.state()["github"]
    equal(len(state["line_comments"]), 1)
    equal(len(state["reviews"]), 1)
    equal(len(summaries(emulator)), 1)


def refused(emulator):
    return [r for r in emulator.requests("github") if r["status"] in (403, 429)]


@flow
def a_rate_limit_is_waited_out_and_everything_is_posted_once():
    for status in (403, 429):
        limits = {"clock_scale": SCALE,
                  "rate_limit": {"limit": 5, "reset_seconds": 12, "status": status}}
        with Emulator([reply(finding())], github=limits) as emulator:
            result = Job(emulator).run()
            equal(result.status, 0, status, result.text)
            check("rate limit: waiting" in result.text, result.text)
            is_posted_once(emulator)
            check(refused(emulator), "the limit was met")


@flow
def a_limit_of_graphql_is_waited_out_too():
    limits = {"clock_scale": SCALE, "rate_limit": {"graphql": 1, "reset_seconds": 12}}
    with Emulator([{"match": {"call": 1}, **reply(finding())}, reply()], github=limits) as emulator:
        equal(Job(emulator).run().status, 0)
        emulator.push("fixed", {"src/pool.c": "int get(void)\n{\n\treturn take();\n}\n"})
        second = Job(emulator).run()
        equal(second.status, 0, second.text)
        check(emulator.state()["github"]["line_comments"][0]["resolved"], second.text)


@flow
def a_limit_longer_than_the_run_has_stops_it_at_once_and_says_so():
    limits = {"clock_scale": SCALE, "rate_limit": {"limit": 3, "reset_seconds": 3600}}
    with Emulator([reply(finding())], github=limits) as emulator:
        result = Job(emulator, timeout_minutes="15").run()
        equal(result.status, 4, result.text)
        check("the limit lasts for another" in result.text, result.text)
        check("run it again after that" in result.text, result.text)
        equal(emulator.requests("converse-stream"), [], "no model is paid for in vain")


@flow
def a_limit_of_graphql_longer_than_the_run_is_not_waited_for():
    limits = {"clock_scale": SCALE, "rate_limit": {"graphql": 0, "reset_seconds": 3600}}
    with Emulator([{"match": {"call": 1}, **reply(finding())}, reply()], github=limits) as emulator:
        first = Job(emulator, timeout_minutes="15").run()
        equal(first.status, 0, first.text)
        check("the limit lasts for another" in first.text, first.text)
        check(first.seconds * SCALE < 900, "the limit is not waited for", first.seconds, first.text)
        is_posted_once(emulator)
        emulator.push("fixed", {"src/pool.c": "int get(void)\n{\n\treturn take();\n}\n"})
        second = Job(emulator, timeout_minutes="15").run()
        equal((second.status, second.outputs["conclusion"]), (0, "clean"), second.text)
        equal(len(emulator.state()["github"]["line_comments"]), 1)
        check("**Gone" in emulator.state()["github"]["line_comments"][0]["body"],
              "its comment is edited, since its thread cannot be resolved", second.text)


@flow
def a_limit_while_posting_keeps_the_report_and_is_exit_5():
    with Emulator([reply(finding())]) as emulator:
        equal(Job(emulator).run().status, 0)
        requests = emulator.requests("github")
    first_write = next(n for n, r in enumerate(requests) if r["operation"].endswith("/reviews")
                       and r["method"] == "POST")
    limits = {"clock_scale": SCALE, "rate_limit": {
        "limit": sum("graphql" not in r["operation"] for r in requests[:first_write]),
        "reset_seconds": 3600}}
    with Emulator([reply(finding())], github=limits) as emulator:
        result = Job(emulator, timeout_minutes="15").run()
        equal(result.status, 5, result.text)
        check("the limit lasts for another" in result.text, result.text)
        equal(result.report()["findings"][0]["published"], "failed")
        equal(result.outputs["comments-failed"], "1")
        check("The index may be negative" in result.summary, result.summary)


@flow
def a_limit_of_content_is_waited_out_for_as_long_as_github_says():
    limits = {"clock_scale": SCALE,
              "secondary_limit": {"creations": 1, "seconds": 20, "retry_after": 20}}
    with Emulator([reply(finding())], github=limits) as emulator:
        result = Job(emulator).run()
        equal(result.status, 0, result.text)
        check("waiting 20 s" in result.text, result.text)
        is_posted_once(emulator)


@flow
def a_limit_of_content_without_a_time_is_waited_out_for_a_minute():
    scale = 100
    limits = {"clock_scale": scale, "secondary_limit": {"creations": 1, "seconds": 50}}
    with Emulator([reply(finding())], github=limits) as emulator:
        job = Job(emulator)
        job.env["OUTCROP_CLOCK_SCALE"] = str(scale)
        result = job.run()
        equal(result.status, 0, result.text)
        check("waiting 60 s" in result.text, result.text)
        is_posted_once(emulator)
        again = refused(emulator)
        equal(len(again), 1)
        later = [r for r in emulator.requests(again[0]["operation"]) if r["status"] == 201]
        check(later[0]["at_ms"] - again[0]["at_ms"] >= 60000 / scale - 1, later, again)


@flow
def writes_go_out_one_at_a_time_a_second_apart():
    with Emulator([reply(finding())]) as emulator:
        result = Job(emulator, publish="summary, review, check, sarif").run()
        equal(result.status, 0, result.text)
        writes = [r for r in emulator.requests("github") if r["method"] != "GET"
                  and "graphql" not in r["operation"]]
        check(len(writes) >= 4, writes)
        for before, after in zip(writes, writes[1:]):
            check(after["at_ms"] - before["at_ms"] >= 1000 / SCALE - 1, before, after)


def many_files(count, text="int a;\n"):
    return {f"src/d{n % 40}/f{n}.c": text for n in range(count)}


def calls_of(emulator):
    return len(emulator.requests("converse-stream"))


@flow
def a_large_change_is_reviewed_once_and_then_only_what_changed():
    for count, comments in ((1500, 2), (3020, 2)):  # GitHub lists 3,000, the trees have the rest
        head = {**HEAD, **many_files(count)}
        with Emulator([{"match": {"call": 1}, **reply(finding())}, reply()], head=head) as emulator:
            first = Job(emulator).run()
            equal(first.status, 0, count, first.text)
            equal(first.report()["coverage"], {"files": count + 1, "reviewed": count + 1,
                                               "skipped": []})
            parts = summaries(emulator)
            equal(len(parts), comments, count)
            check(all(len(c["body"]) <= 65536 for c in parts), [len(c["body"]) for c in parts])
            calls = calls_of(emulator)
            second = Job(emulator).run()
            equal(second.status, 0, count, second.text)
            equal(calls_of(emulator), calls, count, second.text)
            equal(second.report()["coverage"]["reviewed"], count + 1)
            equal(second.outputs["conclusion"], "findings")
            emulator.push("later", {**head, "src/d1/f1.c": "int a;\nint changed_here;\n"})
            third = Job(emulator).run()
            equal(third.status, 0, count, third.text)
            equal(calls_of(emulator), calls + 1, count, third.text)
            body = emulator.requests("converse-stream")[-1]["body"]
            check("changed_here" in body, "the changed file is sent")
            equal(body.count("int a;"), 1, "and no other")
            equal(len(summaries(emulator)), comments, count)
            equal(third.outputs["findings-count"], "1", count)


@flow
def a_dismissal_in_a_large_change_forgets_no_file():
    github = {"permissions": {"alice": "write"}, "comments": [{"author": "alice", "body": "x"}]}
    head = {**HEAD, **many_files(1500)}
    with Emulator([{"match": {"call": 1}, **reply(finding())}, reply()], head=head,
                  github=github) as emulator:
        identity = Job(emulator).run().report()["findings"][0]["id"]
        calls = calls_of(emulator)
        event = comment_event(emulator, "alice", f"/outcrop dismiss {identity}")
        dismissed = Job(emulator, "issue_comment", event).run()
        equal(dismissed.status, 0, dismissed.text)
        second = Job(emulator).run()
        equal(calls_of(emulator), calls, second.text)
        equal(second.outputs["findings-count"], "0", second.text)
        equal(len(summaries(emulator)), 2)


def local_env(emulator):
    return {"GITHUB_TOKEN": emulator.env["GITHUB_TOKEN"],
            **KEYS, **{name: emulator.env[name] for name in ("GITHUB_API_URL", "GITHUB_GRAPHQL_URL",
                                                     "GITHUB_SERVER_URL")}}


def reviews_only_the_later_file(emulator):
    calls = calls_of(emulator)
    second = Job(emulator).run()
    equal(second.status, 0, second.text)
    equal(calls_of(emulator), calls, "every file was reviewed as it is", second.text)
    equal(second.outputs["findings-count"], "1")
    emulator.push("later", {**HEAD, "src/new.c": "int later;\n"})
    third = Job(emulator).run()
    equal(third.status, 0, third.text)
    equal(calls_of(emulator), calls + 1, third.text)
    body = emulator.requests("converse-stream")[-1]["body"]
    check("int later" in body and "conns[idx]" not in body, "only the new file is sent")
    equal(len(emulator.state()["github"]["line_comments"]), 1)


@flow
def what_a_laptop_published_the_action_does_not_review_again():
    with Emulator([{"match": {"call": 1}, **reply(finding())}, reply()]) as emulator:
        local = outcrop(emulator, "review", "--pr", "acme/widgets#7", "--agents", "security",
                        "--publish", env=local_env(emulator))
        equal(local.returncode, 0, local.stderr)
        is_posted_once(emulator)
        reviews_only_the_later_file(emulator)


@flow
def what_a_laptop_merged_and_published_the_action_does_not_review_again():
    with Emulator([{"match": {"call": 1}, **reply(finding())}, reply()]) as emulator:
        planned = Job(emulator, command="plan", shards="1").run()
        shard = json.loads(planned.outputs["matrix"])["include"][0]["shard"]
        report = Job(emulator, shard=shard).run().workspace / "outcrop-report.json"
        local = outcrop(emulator, "merge", str(report), "--publish", env=local_env(emulator))
        equal(local.returncode, 0, local.stderr)
        is_posted_once(emulator)
        reviews_only_the_later_file(emulator)


@flow
def a_file_that_was_changed_back_is_reviewed_again():
    github = {"permissions": {"alice": "write"}, "comments": [{"author": "alice", "body": "x"}]}
    fixed = {**HEAD, "src/pool.c": "int get(void)\n{\n\treturn take();\n}\n"}
    replies = [{"match": {"call": 2}, **reply()}, reply(finding())]
    with Emulator(replies, github=github) as emulator:
        equal(Job(emulator).run().status, 0)
        emulator.push("fixed", fixed)
        event = comment_event(emulator, "alice", "/outcrop review security")
        second = Job(emulator, "issue_comment", event).run()
        equal(second.outputs["conclusion"], "clean", second.text)
        emulator.push("back", HEAD)
        third = Job(emulator).run()
        equal(third.outputs["conclusion"], "findings", third.text)
        equal(calls_of(emulator), 3)


@flow
def a_mark_that_another_user_pastes_is_not_ours():
    with Emulator([reply(finding())]) as emulator:
        equal(Job(emulator).run().status, 0)
        summary = summaries(emulator)[0]["body"]  # hidden state and all, for anybody to copy
    who = [("github-actions[bot]", "ghs_" + "a" * 36, "github-actions"),
           ("acme-reviewer[bot]", "ghs_" + "b" * 36, "acme-reviewer"),
           ("acme-reviewer[bot]", "ghs_" + "b" * 36, "github-actions[bot]"),
           ("alice", "ghp_" + "c" * 36, "alice[bot]"),
           ("alice", "github_pat_" + "d" * 36, "github-actions[bot]")]
    for login, token, other in who:
        github = {"login": login, "token": token, "comments": [{"author": other, "body": summary}]}
        with Emulator([reply(finding())], github=github) as emulator:
            for calls in (1, 1):  # the second run knows its own state, and only that
                result = Job(emulator).run()
                equal(result.status, 0, login, result.text)
                equal(calls_of(emulator), calls, login, "a stranger's state is not believed")
            authors = sorted(c["user"]["login"] for c in summaries(emulator))
            equal(authors, sorted([login, other]), login)
            texts = {c["user"]["login"]: c["body"] for c in summaries(emulator)}
            equal(texts[other], summary, "the stranger's comment is left alone")
            equal(len(emulator.state()["github"]["line_comments"]), 1)


@flow
def a_person_whose_login_is_not_known_posts_nothing_twice():
    github = {"login": "alice", "token": "ghp_" + "c" * 36}
    faults = [{"on": "github POST graphql", "nth": 1, "times": 99, "fault": "http-500"}]
    with Emulator([reply(finding())], faults, github=github) as emulator:
        result = Job(emulator).run()
        equal(result.status, 4, result.text)
        check("does not name the owner of the token" in result.text, result.text)
        equal(emulator.state()["github"]["conversation"], [])
        equal(emulator.requests("converse-stream"), [])


@flow
def one_comment_that_github_refuses_keeps_none_of_the_others_back():
    names = [f"src/f{n}.c" for n in range(5)]
    found = [finding(path=name, line=1, title=f"Wrong in {name}", body=f"Long words on {name}.",
                     evidence=f"int in_file_{n};") for n, name in enumerate(names)]
    head = {**HEAD, **{name: f"int in_file_{n};\n" for n, name in enumerate(names)}}
    with Emulator([reply(*found)], head=head,
                  github={"refuse_paths": [names[2]]}) as emulator:
        for unchanged in ("0", "5"):
            result = Job(emulator, incremental="false").run()
            equal(result.status, 0, result.text)
            equal(result.outputs["comments-unchanged"], unchanged, result.text)
            state = emulator.state()["github"]
            equal(sorted(c["path"] for c in state["line_comments"]), names[:2] + names[3:])
            equal([r["pending"] for r in state["reviews"]], [False], "one review, nothing pending")
            body = summaries(emulator)[0]["body"]
            check(f"Wrong in {names[2]}" in body and f"Long words on {names[2]}." in body, body)
            check("Long words on src/f1.c." not in body, "what is posted on its lines is not repeated")


WORDY = 40


def wordy(numbers):
    """Findings with long texts on the lines of one file, and the file."""
    lines = {n: f"int wordy_{n}(void);" for n in numbers}
    found = [finding(path="src/wordy.h", line=place, title=f"Title number {n}.",
                     body=f"Reason {n}: " + "because it is so. " * 200, evidence=line)
             for place, (n, line) in enumerate(lines.items(), 1)]
    return found, {**HEAD, "src/wordy.h": "\n".join(lines.values()) + "\n"}


@flow
def a_summary_over_several_comments_grows_and_shrinks_with_the_findings():
    long, head = wordy(range(WORDY))
    short, shorter = wordy(range(2))
    with Emulator([{"match": {"call": 1}, **reply(*long)}, {"match": {"call": 2}, **reply(*short)},
                   reply(*long)], head=head) as emulator:
        def run(count, several):
            result = Job(emulator, max_inline_comments="1").run()
            equal(result.status, 0, result.text)
            equal(result.outputs["findings-count"], str(count), result.text)
            parts = summaries(emulator)
            check((len(parts) > 1) == several, count, len(parts))
            check(all(len(part["body"]) <= 65536 for part in parts))
            marks = [f"outcrop:summary part={n}" for n in range(2, len(parts) + 1)]
            for mark, part in zip(marks, parts[1:]):
                check(mark in part["body"], mark)
            words = "".join(part["body"] for part in parts)
            inline = emulator.state()["github"]["line_comments"]
            words += "".join(c["body"] for c in inline if not c["resolved"])
            for n in range(WORDY):
                stands = f"Title number {n}." in words and f"Reason {n}: because" in words
                equal(stands, n < count, f"finding {n} of {count}")
            equal(words.count("because"), 200 * count, "every text in full, once")  # the fold may cut a sentence
            return result

        run(WORDY, True)
        run(WORDY, True)  # nothing changed: all of it is carried over
        equal(calls_of(emulator), 1)
        emulator.push("shorter", shorter)
        run(2, False)
        emulator.push("longer", head)
        run(WORDY, True)


@flow
def a_head_that_moves_during_the_run_takes_the_comments_along():
    found = [finding(), finding(path="src/b.c", line=1, title="B is wrong", body="Words on b.",
                                evidence="int only_here;")]
    head = {**HEAD, "src/b.c": "int only_here;\n"}
    moved = {**HEAD, "src/pool.c": "/* One line more. */\n" + HEAD["src/pool.c"],
             "src/b.c": "int something_else;\n"}
    with Emulator([{"held": True, **reply(*found)}], head=head) as emulator:
        job = Job(emulator)
        started = time.monotonic()
        process = job.start()
        emulator.wait_for("converse-stream")
        emulator.push("moved", moved)
        emulator.release()
        result = job.finish(process, started)
        equal(result.status, 0, result.text)
        state = emulator.state()["github"]
        equal([(c["path"], c["line"], c["commit_id"]) for c in state["line_comments"]],
              [("src/pool.c", 6, state["head"])], result.text)
        body = summaries(emulator)[0]["body"]
        check("B is wrong" in body and "Words on b." in body, body)
        equal(result.outputs["comments-posted"], "2")


if __name__ == "__main__":
    main()
