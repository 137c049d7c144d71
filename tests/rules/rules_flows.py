#!/usr/bin/env python3
"""The program and the emulator's GitHub, both held to GitHub's own descriptions of its APIs.

usage: rules_flows.py BUILD_FOLDER [flow name...]"""
import contextlib
import json
import pathlib
import subprocess
import sys
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "flows"), str(HERE.parent / "sdk")]
from harness import (BASE, HEAD, Emulator, Job, check, comment_event, equal, finding,  # noqa: E402
                     flow, main, reply)
from packages import NPM, install  # noqa: E402
from prism import Prism  # noqa: E402

DATA = HERE.parents[2] / "shared/data/github"
GITHUB = "openapi-subset-strict.json"
SERVERS = ("openapi-subset-ghes-3.17.json", "openapi-subset-ghes-3.19.json")
EVERYTHING = "summary, review, check, sarif"
PRISMS = {}  # by the name of the description
FIXED = {**HEAD, "src/pool.c": "int get(void)\n{\n\treturn take();\n}\n"}


@contextlib.contextmanager
def github(prism, *replies, **scenario):
    """An emulator behind Prism; at the end nobody has broken a rule."""
    with Emulator(replies, **scenario) as emulator:
        prism.serve(emulator)
        yield emulator
        equal(prism.violations, [])


def run(emulator, *event, **inputs):
    result = Job(emulator, *event, **inputs).run()
    equal(result.status, 0, result.text)
    return result


def rule(function):
    """A flow against github.com."""
    def named():
        function(PRISMS[GITHUB])
    named.__name__ = function.__name__
    return flow(named)


def rule_everywhere(function):
    """A flow against github.com and against both servers."""
    rule(function)
    for server in SERVERS:
        def named(server=server):
            function(PRISMS[server])
        named.__name__ = function.__name__ + "_" + server.split("-")[-1].removesuffix(".json")
        flow(named)
    return function


@rule_everywhere
def a_review_a_second_run_and_a_fixed_finding(prism):
    with github(prism, {"match": {"call": 1}, **reply(finding())}, reply()) as emulator:
        run(emulator, publish=EVERYTHING)
        again = run(emulator, publish=EVERYTHING)
        equal(again.outputs["comments-posted"], "0")
        emulator.push("fixed", FIXED)
        run(emulator, publish=EVERYTHING)
        check(emulator.state()["github"]["line_comments"][0]["resolved"], "the thread is resolved")


@rule_everywhere
def commands_by_comment(prism):
    given = {"permissions": {"alice": "write"}, "comments": [{"author": "alice", "body": "x"}]}
    with github(prism, reply(finding()), github=given) as emulator:
        first = run(emulator).report()["findings"][0]["id"]
        for command in ("help", "dismiss " + first):
            run(emulator, "issue_comment", comment_event(emulator, "alice", "/outcrop " + command))
        run(emulator, "issue_comment", comment_event(emulator, "eve", "/outcrop review"))
        event = comment_event(emulator, "alice", "/outcrop dismiss")
        line = emulator.state()["github"]["line_comments"][0]
        event["pull_request"] = json.loads(emulator.get("/_emulator/event"))["pull_request"]
        event["comment"].update(id=line["id"], in_reply_to_id=line["id"])
        del event["issue"]
        run(emulator, "pull_request_review_comment", event)
        check(emulator.state()["github"]["line_comments"][0]["reaction_names"], "a reaction")
        equal(run(emulator).outputs["findings-count"], "0")


def source(changed):
    return "".join(f"int value_{n}({'int' if changed else 'void'});\n" for n in range(120))


def findings(count, **members):
    return [finding(line=n + 1, evidence=f"int value_{n}(int);", title=f"Value {n} changed",
                    **members) for n in range(count)]


@rule
def many_findings_make_many_comments_and_annotations(prism):
    with github(prism, reply(*findings(60)), base={"src/pool.c": source(False)},
                head={"src/pool.c": source(True)}) as emulator:
        run(emulator, publish=EVERYTHING, max_comments="60")
        check("PATCH /check-runs/*" in prism.seen, "annotations come in several requests")


@rule
def a_long_summary_takes_several_comments(prism):
    long = findings(9, body="A long explanation. " * 480)
    with github(prism, {"match": {"call": 1}, **reply(*long)}, reply(),
                github={"refuse_paths": ["src/pool.c"]}, base={"src/pool.c": source(False)},
                head={"src/pool.c": source(True)}) as emulator:
        run(emulator)
        check(len(emulator.state()["github"]["conversation"]) > 1, "several comments")
        emulator.push("fixed", {"src/pool.c": source(False) + "int b;\n"})
        run(emulator, incremental="false")
        equal(len(emulator.state()["github"]["conversation"]), 1)


@rule
def lists_with_one_entry_a_page_and_files_without_a_patch(prism):
    given = {"page_size_max": 1, "labels": ["bug", "help wanted"],
             "comments": [{"author": "bob", "body": "One."}, {"author": "eve", "body": "Two."}]}
    base = {**BASE, "cafe.c": b"int a;\nint caf\xe9;\n"}
    head = {**HEAD, "cafe.c": b"int a;\nint caf\xe9s;\n", "data.bin": b"\xff\x00",
            "new.c": "int b;\n"}
    with github(prism, reply(finding()), github=given, base=base, head=head) as emulator:
        run(emulator)
        equal(len([e for e in prism.exchanges if "/pulls/7/files" in e["target"]]), 4)
        check("GET /compare/*...*" in prism.seen, prism.seen)


@rule
def a_pending_review_of_ours_stands_in_the_way(prism):
    with github(prism, reply(finding())) as emulator:
        place = emulator.env["EMULATOR_URL"] + "/api/v3/repos/acme/widgets/pulls/7/reviews"
        request = urllib.request.Request(place, data=b"{}", headers={
            "authorization": "Bearer " + emulator.env["GITHUB_TOKEN"]})
        urllib.request.urlopen(request, timeout=20).close()
        result = Job(emulator).run()
        equal(result.status, 5, result.text)
        check("pending review" in result.text, result.text)
        check("GET /pulls/*/reviews/*/comments" in prism.seen, prism.seen)


@rule_everywhere
def events_that_have_to_find_their_pull_request(prism):
    with github(prism, reply(finding())) as emulator:
        head = emulator.state()["github"]["head"]
        repository = json.loads(emulator.get("/_emulator/event"))["repository"]
        push = {"ref": "refs/heads/topic", "after": head, "repository": repository}
        run(emulator, "push", push)
        equal(len(emulator.state()["github"]["line_comments"]), 1)
        for name in ("schedule", "workflow_dispatch"):
            event = {"ref": "refs/heads/topic", "repository": repository}
            run(emulator, name, event, pull_request="7")


@rule
def an_agent_of_a_repository_at_a_branch(prism):
    agent = {"tools/extra.yml": "description: An extra look.\nprompt: |\n  Look.\n  {{ diff }}\n"}
    with github(prism, reply(finding()), base={**BASE, **agent}) as emulator:
        run(emulator, agents="acme/widgets/tools/extra.yml@main")
        equal({r["detail"]["agent"] for r in emulator.requests("converse-stream")}, {"extra"})


@rule
def a_review_whose_answer_is_lost(prism):
    with github(prism, reply(finding())) as emulator:
        def lose(exchange):
            if exchange["method"] == "POST" and exchange["target"].endswith("/reviews"):
                exchange.update(status=502, body=b"<html>Bad Gateway</html>")
                prism.lose = lambda exchange: None
        prism.lose = lose
        run(emulator)
        equal(len(emulator.state()["github"]["line_comments"]), 1)


@rule
def a_comment_that_github_refuses(prism):
    with github(prism, reply(finding()), github={"refuse_paths": ["src/pool.c"]}) as emulator:
        run(emulator)
        equal(emulator.state()["github"]["line_comments"], [])


def violations(prism, spoil, *event):
    with Emulator([reply(finding())]) as emulator:
        prism.serve(emulator)
        prism.spoil = spoil
        Job(emulator, *event).run()
        return prism.violations


@rule_everywhere
def an_answer_without_a_member_is_a_violation(prism):
    def spoil(exchange):
        if exchange["target"].endswith("/pulls/7"):
            answer = json.loads(exchange["body"])
            del answer["merge_commit_sha"]
            exchange["body"] = json.dumps(answer).encode()
    found = violations(prism, spoil)
    check(found and "merge_commit_sha" in found[0], found)


@rule_everywhere
def a_request_with_a_wrong_member_is_a_violation(prism):
    with Emulator() as emulator:
        prism.serve(emulator)
        for body in ({"body": 7}, {"text": "no body"}):
            request = subprocess.run(
                ["curl", "-s", "-H", "content-type: application/json", "-d", json.dumps(body),
                 emulator.env["GITHUB_API_URL"] + "/repos/acme/widgets/issues/7/comments"],
                capture_output=True, text=True, timeout=20, check=True)
            check("body" in request.stdout, request.stdout)
        equal(len(prism.violations), 2)


def prepared():
    """The packages and the descriptions; what is missing is said, and False."""
    folder = pathlib.Path(sys.argv.pop(1)) / "rules"
    if not DATA.exists():
        print("1..1\nok 1 - github_rules # SKIP GitHub's descriptions are not here")
        return None
    try:
        install(folder, HERE / "package.json", NPM)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"1..1\nnot ok 1 - prism_can_be_installed: {error}; is npm there, and its registry?")
        sys.exit(1)
    return folder


if __name__ == "__main__":
    place = prepared()
    if place:
        with contextlib.ExitStack() as stack:
            for name in (GITHUB, *SERVERS):
                PRISMS[name] = stack.enter_context(
                    Prism(place, DATA / name, "" if name == GITHUB else "/api/v3"))
            main()
