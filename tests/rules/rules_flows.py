#!/usr/bin/env python3
"""The program and the emulator's GitHub, both held to GitHub's own descriptions of its APIs.

usage: rules_flows.py BUILD_FOLDER [flow name...]"""
import concurrent.futures
import contextlib
import copy
import json
import pathlib
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "flows"), str(HERE.parent / "sdk")]
from descriptions import description, unpack  # noqa: E402
from harness import BASE, BOT, HEAD, Emulator, Job, check, comment_event, equal, finding, flow, main, reply  # noqa: E402
from packages import NPM, install  # noqa: E402
from prism import Prism  # noqa: E402

GITHUB = "api.github.com.json"
SERVERS = ("ghes-3.17.json", "ghes-3.19.json")
DESCRIPTIONS = {GITHUB: "", **dict.fromkeys(SERVERS, "/api/v3")}  # and what paths begin with
SCHEMA = "node_modules/@octokit/graphql-schema/schema.graphql"
FOLDER = pathlib.Path(sys.argv.pop(1)).resolve() / "rules"
# GitHub sends null here for an outdated comment, whatever its description says.
NULLABLE = (("pull-request-review-comment", "line"), ("review-comment", "line"))
EVERYTHING = "summary, review, check, sarif"
PRISMS = {}  # by the name of the description
FIXED = {**HEAD, "src/pool.c": "int get(void)\n{\n\treturn take();\n}\n"}


@contextlib.contextmanager
def github(prism, *replies, **scenario):
    """An emulator behind Prism; fails at the end if a rule was broken."""
    with Emulator(replies, **scenario) as emulator:
        prism.serve(emulator)
        yield emulator
        equal(prism.violations, [])


def run(emulator, *event, **inputs):
    job = Job(emulator, *event, **inputs)
    job.env["OUTCROP_CLOCK_SCALE"] = "4"  # Prism may take seconds for an answer
    result = job.run()
    equal(result.status, 0, result.text)
    return result


def ask(url, body, authorization):
    """Posts JSON as `authorization` says; the status and the answer."""
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers={
        "authorization": authorization, "content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def post(emulator, path, body):
    """A call with the program's token that does not pass through Prism."""
    status, answer = ask(emulator.env["EMULATOR_URL"] + "/api/v3/repos/acme/widgets" + path, body,
                         "Bearer " + emulator.env["GITHUB_TOKEN"])
    check(status < 300, answer)


def rule_on(*descriptions):
    """A flow against each of these."""
    def register(function):
        for name in descriptions:
            def named(name=name):
                function(PRISMS[name])
            named.__name__ = function.__name__
            if name != GITHUB:
                named.__name__ += "_" + name.split("-")[-1].removesuffix(".json")
            flow(named)
        return function
    return register


@rule_on(*DESCRIPTIONS)
def a_review_a_second_run_and_a_fixed_finding(prism):
    with github(prism, {"match": {"call": 1}, **reply(finding())}, reply()) as emulator:
        run(emulator, publish=EVERYTHING)
        again = run(emulator, publish=EVERYTHING)
        equal(again.outputs["comments-posted"], "0")
        emulator.push("fixed", FIXED)
        run(emulator, publish=EVERYTHING)
        check(emulator.state()["github"]["line_comments"][0]["resolved"], "the thread is resolved")


@rule_on(GITHUB, SERVERS[0])
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


@rule_on(GITHUB)
def many_findings_make_many_comments_and_annotations(prism):
    with github(prism, reply(*findings(60)), base={"src/pool.c": source(False)},
                head={"src/pool.c": source(True)}) as emulator:
        run(emulator, publish=EVERYTHING, max_comments="60")
        check("PATCH /check-runs/*" in prism.seen, "annotations come in several requests")


@rule_on(GITHUB)
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


@rule_on(GITHUB)
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


@rule_on(GITHUB)
def a_pending_review_of_ours_stands_in_the_way(prism):
    with github(prism, reply(finding())) as emulator:
        post(emulator, "/pulls/7/reviews", {})
        result = Job(emulator).run()
        equal(result.status, 5, result.text)
        check("pending review" in result.text, result.text)
        check("GET /pulls/*/reviews/*/comments" in prism.seen, prism.seen)


@rule_on(GITHUB, SERVERS[0])
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


@rule_on(GITHUB)
def an_agent_of_another_repository(prism):
    agent = {"tools/extra.yml": "description: An extra look.\nprompt: |\n  Look.\n  {{ diff }}\n"}
    others = {"acme/shared": {"folder": "base", "ref": "main"}}
    with github(prism, reply(finding()), base={**BASE, **agent},
                github={"others": others}) as emulator:
        run(emulator, agents="acme/shared/tools/extra.yml@main")
        equal({r["detail"]["agent"] for r in emulator.requests("converse-stream")}, {"extra"})
        check([e for e in prism.exchanges if "/repos/acme/shared/git/" in e["target"]])


@rule_on(GITHUB)
def a_review_whose_answer_is_lost(prism):
    with github(prism, reply(finding())) as emulator:
        def lose(exchange):
            if exchange["method"] == "POST" and exchange["target"].endswith("/reviews"):
                exchange.update(status=502, body=b"<html>Bad Gateway</html>")
                prism.lose = lambda exchange: None
        prism.lose = lose
        run(emulator)
        equal(len(emulator.state()["github"]["line_comments"]), 1)


@rule_on(GITHUB)
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


@rule_on(GITHUB)
def an_answer_without_a_member_is_a_violation(prism):
    def spoil(exchange):
        if exchange["target"].endswith("/pulls/7"):
            answer = json.loads(exchange["body"])
            del answer["merge_commit_sha"]
            exchange["body"] = json.dumps(answer).encode()
    found = violations(prism, spoil)
    check(found and "merge_commit_sha" in found[0], found)


@rule_on(*DESCRIPTIONS)
def a_request_with_a_wrong_member_is_a_violation(prism):
    with Emulator() as emulator:
        prism.serve(emulator)
        for body in ({"body": 7}, {"text": "no body"}):
            status, answer = ask(emulator.env["GITHUB_API_URL"] +
                                 "/repos/acme/widgets/issues/7/comments", body, "Bearer x")
            equal(status, 422, answer)
        equal(len(prism.violations), 2)


def wrong_operations(exchanges):
    """What GitHub's GraphQL schema has against each of these."""
    result = subprocess.run(["node", "operations.mjs", SCHEMA], cwd=FOLDER,
                            input=json.dumps(exchanges), capture_output=True, text=True, timeout=180)
    equal(result.returncode, 0, result.stderr)
    return json.loads(result.stdout)


@rule_on(GITHUB)
def threads_on_several_pages(prism):
    """The program's own thread is the last of 131, and it is found and resolved."""
    files = {"src/pool.c": HEAD["src/pool.c"], "many.c": source(True)}
    others = [{"path": "many.c", "line": n % 120 + 1, "side": "RIGHT", "body": f"Remark {n}."}
              for n in range(130)]
    with github(prism, {"match": {"call": 1}, **reply(finding())}, reply(),
                head=files) as emulator:
        post(emulator, "/pulls/7/reviews", {"event": "COMMENT", "comments": others})
        run(emulator)
        emulator.push("fixed", {**files, "src/pool.c": FIXED["src/pool.c"]})
        run(emulator)
        last = emulator.state()["github"]["line_comments"][-1]
        check(last["resolved"] and last["line"] is None, last)
        pages = [e for e in prism.graphql[-4:]
                 if "ReviewThreads(" in e["request"]["query"]]
        equal([len(threads_of(e)["nodes"]) for e in pages[-2:]], [100, 31])
        equal([t["isOutdated"] for t in threads_of(pages[-1])["nodes"]], [False] * 30 + [True])


def threads_of(exchange):
    return exchange["answer"]["data"]["repository"]["pullRequest"]["reviewThreads"]


@rule_on(GITHUB)
def graphql_operations_and_answers_are_what_the_schema_allows(prism):
    exchanges = [e for p in PRISMS.values() for e in p.graphql]
    kinds = {e["request"]["query"].split("(")[0] for e in exchanges}
    check({"query ReviewThreads", "mutation Resolve"} <= kinds, kinds)
    mutation = next(e for e in exchanges if "mutation" in e["request"]["query"])
    wrong = [copy.deepcopy(mutation) for _ in range(3)]
    wrong[0]["request"]["query"] = wrong[0]["request"]["query"].replace("isResolved", "isSolved")
    wrong[1]["answer"]["data"]["resolveReviewThread"]["thread"]["isResolved"] = None
    wrong[2]["answer"]["data"]["resolveReviewThread"]["thread"]["path"] = "never asked for"
    found = wrong_operations(exchanges + wrong)
    equal([(e, why) for e, why in zip(exchanges, found) if why], [])
    for why, word in zip(found[-3:], ("isSolved", "non-null", "other members")):
        check(word.lower() in str(why).lower(), why)


@rule_on(GITHUB)
def graphql_takes_no_token_but_the_right_one(prism):
    with Emulator() as emulator:
        prism.serve(emulator)
        token = emulator.env["GITHUB_TOKEN"]
        for value in ("", token, "Bearer " + token + "x", "Basic " + token, "Bearer x" + token):
            status, _ = ask(emulator.env["EMULATOR_URL"] + "/api/graphql",
                            {"query": "{ viewer { login } }"}, value)
            equal(status, 401, value)
        for value in ("bearer " + token, "token " + token):
            status, answer = ask(emulator.env["EMULATOR_URL"] + "/api/graphql",
                                 {"query": "{ me: viewer { login } }"}, value)
            equal((status, answer["data"]), (200, {"me": {"login": BOT}}))


def prepare():
    """Gets the packages and the descriptions, once."""
    try:
        install(FOLDER, HERE / "package.json", NPM)
        unpack(FOLDER, DESCRIPTIONS)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"1..1\nnot ok 1 - prism_can_be_installed: {error}; is npm there, and its registry?")
        sys.exit(1)
    shutil.copy(HERE / "operations.mjs", FOLDER)


if __name__ == "__main__":
    prepare()
    with contextlib.ExitStack() as stack:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            started = {name: pool.submit(Prism, FOLDER, description(FOLDER, name, prefix, NULLABLE), prefix)
                       for name, prefix in DESCRIPTIONS.items()}
        for name, prism in started.items():
            PRISMS[name] = stack.enter_context(prism.result())
        main()
