#!/usr/bin/env python3
"""What a review knows of those before it, on other pull requests too."""
import base64
import json
import re
import time
import zlib

from harness import (
    KEYS,
    Emulator,
    Job,
    agent,
    bodies,
    check,
    comment_event,
    equal,
    finding,
    flow,
    line_comments,
    main,
    outcrop,
    reply,
    trees,
)


def own_text(emulator, number=-1):
    """The parts of an agent's request other than the change."""
    return bodies(emulator)[number]["messages"][0]["content"][-1]["text"]


def dismissed_before(emulator, **inputs):
    """A pull request on which one of two findings was dismissed; then the next one is opened."""
    first = Job(emulator, agents="looker", **inputs).run()
    equal(first.status, 0, first.text)
    ident = line_comments(emulator)[1]["body"].split("outcrop:finding id=")[1].split()[0]
    event = comment_event(emulator, "alice", f"/outcrop dismiss {ident} The caller checks it.")
    equal(Job(emulator, "issue_comment", event, agents="looker", **inputs).run().status, 0)
    emulator.act("alice", open_next=True)


def two_pulls(faults=(), **github):
    first, second = finding(), finding(line=6, evidence="return idx;", title="Returned as it is")
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return Emulator([{"match": {"call": 1}, **reply(first, second)}, reply()], faults,
                    github={"permissions": {"alice": "write"}, "date": date, **github}, **trees(agent("looker")))


DISMISSED_ELSEWHERE = "- dismissed on another pull request: src/pool.c: Returned as it is (The caller checks it.)"


@flow
def what_was_dismissed_on_another_pull_request_reaches_the_next_review_and_its_shards():
    with two_pulls() as emulator:
        dismissed_before(emulator)
        before = len(emulator.requests("github GET"))
        result = Job(emulator, agents="looker").run()
        equal(result.status, 0, result.text)
        own = own_text(emulator)
        check(DISMISSED_ELSEWHERE in own, own)
        check("The index may be negative" not in own, "what is open elsewhere is of no concern here", own)
        lists = [r for r in emulator.requests("github GET")[before:] if "/issues/comments?" in r["target"]]
        equal(len(lists), 1, "one call reads all pull requests")
        plan = Job(emulator, agents="looker", command="plan", shards="2").run()
        shard = json.loads(plan.outputs["matrix"])["include"][0]["shard"]
        equal(Job(emulator, agents="looker", shard=shard).run().status, 0)
        own = own_text(emulator)
        check(DISMISSED_ELSEWHERE in own, own)


@flow
def memory_of_other_pull_requests_is_old_foreign_or_unreadable_and_the_review_goes_on():
    with two_pulls(date="2024-01-01T00:00:00Z") as emulator:
        dismissed_before(emulator)
        equal(Job(emulator, agents="looker").run().status, 0)
        check("another pull request" not in own_text(emulator), "it is years old")
    fault = {"on": "github GET /repos/acme/widgets/issues/comments", "nth": 3, "times": 9, "fault": "forbidden"}
    with two_pulls([fault]) as emulator:
        dismissed_before(emulator)
        equal(Job(emulator, agents="looker", name="second").run().status, 0)
        check("another pull request" not in own_text(emulator), "another reviewer's")
        result = Job(emulator, agents="looker").run()
        equal((result.status, result.outputs["conclusion"]), (0, "clean"), result.text)
        check("the models do not know what people dismissed on other pull requests" in result.text, result.text)


def written_by_another_release(body, **members):
    """A summary whose hidden state has these members too."""
    packed = re.search(r"<!-- outcrop:state (\S+) -->", body).group(1)
    state = {**json.loads(zlib.decompress(base64.b64decode(packed))), **members}
    return body.replace(packed, base64.b64encode(zlib.compress(json.dumps(state).encode())).decode())


@flow
def what_a_later_release_of_this_version_remembers_is_read_and_of_another_version_only_the_comments():
    first, second = finding(), finding(line=6, evidence="return idx;", title="Returned as it is")
    for members, calls, dismissed in (({"later": {"x": 1}}, 0, 1), ({"version": 99}, 1, 0)):
        with Emulator([reply(first, second)], github={"permissions": {"alice": "write"}}) as emulator:
            ident = next(each["id"] for each in Job(emulator).run().report()["findings"]
                         if each["title"] == second["title"])
            event = comment_event(emulator, "alice", f"/outcrop dismiss {ident} The caller checks it.")
            equal(Job(emulator, "issue_comment", event).run().status, 0)
            before = len(emulator.requests("converse-stream"))
            edit = next(request for request in reversed(emulator.requests("github PATCH"))
                        if "outcrop:state" in request["body"])
            emulator.call_github("PATCH", edit["target"], {
                "body": written_by_another_release(json.loads(edit["body"])["body"], **members)})
            result = Job(emulator).run()
            equal(len(emulator.requests("converse-stream")) - before, calls, members, result.text)
            equal((result.outputs["findings-count"], result.outputs["comments-unchanged"]),
                  (str(2 - dismissed), "1"), members, result.text)


@flow
def memory_of_other_pull_requests_counts_with_the_same_state_key_only():
    key = "0123456789abcdef0123456789abcdef"
    for other, known in ((key, True), (key[::-1], False), ("", False)):
        with two_pulls() as emulator:
            dismissed_before(emulator, state_key=key)
            equal(Job(emulator, agents="looker", **({"state_key": other} if other else {})).run().status, 0)
            equal(DISMISSED_ELSEWHERE in own_text(emulator), known, other)


def on_laptop(emulator, *arguments):
    """A review of the pull request by a person, who posts nothing."""
    return outcrop(emulator, "review", "--pr", "acme/widgets#7", "--agents", "looker", *arguments,
                   env={**KEYS, "GITHUB_API_URL": emulator.env["GITHUB_API_URL"],
                        "GITHUB_GRAPHQL_URL": emulator.env["GITHUB_GRAPHQL_URL"],
                        "GITHUB_SERVER_URL": emulator.env["GITHUB_SERVER_URL"],
                        "GITHUB_TOKEN": emulator.env["GITHUB_TOKEN"]})


@flow
def a_review_on_a_laptop_knows_what_is_posted_and_dismissed_and_writes_nothing():
    first, second = finding(), finding(line=6, evidence="return idx;", title="Returned as it is")
    again = {**second, "title": "The value is returned without a check", "body": "Nothing looks at it."}
    with Emulator([{"match": {"call": 1}, **reply(first, second)}, reply(first, again)],
                  github={"permissions": {"alice": "write"}}, **trees(agent("looker"))) as emulator:
        equal(Job(emulator, agents="looker").run().status, 0)
        ident = line_comments(emulator)[1]["body"].split("outcrop:finding id=")[1].split()[0]
        event = comment_event(emulator, "alice", f"/outcrop dismiss {ident} The caller checks it.")
        equal(Job(emulator, "issue_comment", event, agents="looker").run().status, 0)
        emulator.act("alice", sign_in=True)
        before = len(emulator.requests("github"))
        result = on_laptop(emulator, "--format", "json", "--fail-on", "high")
        equal(result.returncode, 1, result.stderr)
        own = own_text(emulator)
        check("- posted and open: src/pool.c, line 5: The index may be negative" in own, own)
        why = "dismissed by alice: The caller checks it."
        check(f"- dismissed: src/pool.c, line 6: Returned as it is ({why})" in own, own)
        shown, hidden = json.loads(result.stdout)["findings"]
        equal((shown["title"], shown["dismissed"]), (first["title"], False))
        equal((hidden["id"], hidden["dismissed"], hidden["publish_note"]),
              (ident, True, why))
        check("1 finding is not shown: dismissed on the pull request" in result.stderr, result.stderr)
        text = on_laptop(emulator).stdout
        check(first["title"] in text and again["title"] not in text, text)
        for request in emulator.requests("github")[before:]:
            reads = request["operation"].startswith("github GET") or request["body"].startswith('{"query":"query')
            check(reads, "nothing is written", request["target"], request["body"])


@flow
def what_cannot_be_read_of_a_pull_request_stops_no_review_on_a_laptop():
    fault = {"on": "github GET /repos/acme/widgets/issues/7/comments", "nth": 1, "times": 9, "fault": "forbidden"}
    with Emulator([reply(finding())], [fault], **trees(agent("looker"))) as emulator:
        result = on_laptop(emulator)
        equal(result.returncode, 0, result.stderr)
        check("the models do not know what is posted already" in result.stderr, result.stderr)
        check("The index may be negative" in result.stdout, result.stdout)


if __name__ == "__main__":
    main()
