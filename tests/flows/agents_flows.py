#!/usr/bin/env python3
"""Agents of a repository: a checkout or none, context, needs, where they come from; recordings."""
import json
import os
import pathlib
import subprocess

from harness import (BASE, HEAD, Emulator, Job, check, equal, finding, flow, main, reply)

KEY = "AKIA" + "Q3EGRIVMZT5WXC7N"  # in two pieces, so that no scanner takes it for a real one
CONVERSE = "converse-stream"


def agent(name, **members):
    """An agent's file; JSON is YAML too."""
    given = {"description": "Looks.", "prompt": "Look at this.\n{{ diff }}\n", **members}
    return {f".github/outcrop/agents/{name}.yml": json.dumps(given)}


def config(**members):
    return {".github/outcrop.yml": json.dumps({"version": 1, **members})}


def trees(*files, base=None, head=None):
    """Base and head commit of the sample change, with these files in both."""
    both = {path: text for group in files for path, text in group.items()}
    return {"base": {**BASE, **both, **(base or {})}, "head": {**HEAD, **both, **(head or {})}}


def asks(*calls):
    """A reply that calls tools: (name, input) each."""
    return {"tools": [{"name": name, "input": given} for name, given in calls]}


def turn(number, given, **match):
    return {"match": {"turn": number, **match}, **given}


def bodies(emulator, name=None, operation=CONVERSE):
    """The model calls of that agent, in the order in which they came."""
    calls = [r for r in emulator.requests(operation)
             if name is None or r["detail"].get("agent") == name]
    return [json.loads(r["body"]) for r in calls]


def results(body):
    """What the tools answered in the last message: (text, whether it is an error)."""
    found = [b["toolResult"] for b in body["messages"][-1]["content"] if "toolResult" in b]
    return [(r["content"][0]["text"], r.get("status") == "error") for r in found]


def comments(emulator):
    return [c for c in emulator.state()["github"]["line_comments"] if not c["pending"]]


def summary(emulator):
    """The text of the summary comment."""
    return "\n".join(c["body"] for c in emulator.state()["github"]["conversation"]
                     if "<!-- outcrop:summary" in c["body"])


def row(result, name):
    """The report's row of one agent."""
    return [a for a in result.report()["agents"] if a["name"] == name][0]


def check_out(job, files):
    """A local checkout in the workspace, as actions/checkout leaves one."""
    folder = job.folder / "workspace"
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.invalid"]
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "checkout"]):
        subprocess.run(["git", *command], cwd=folder, check=True, timeout=20,
                       env={"PATH": os.environ["PATH"], "HOME": str(folder)})


# ---- Tools ----

TOOLS = ["read_file", "search", "list_files"]
LONG = "".join(f"line {n}\n" for n in range(1, 701))
SEEN = {"src/long.txt": LONG, "src/take.c": f'int take(void);\nconst char *key = "{KEY}";\n'}


def use_tools(job, emulator):
    result = job.run()
    equal(result.status, 0, result.text)
    return result, results(bodies(emulator)[1])


@flow
def tools_answer_together_with_and_without_a_checkout():
    calls = asks(("read_file", {"path": "src/pool.c", "start_line": 3, "end_line": 5}),
                 ("read_file", {"path": "src/take.c"}),
                 ("read_file", {"path": "src/long.txt"}),
                 ("search", {"pattern": "int (get|take)\\(", "glob": "src/*.c"}),
                 ("list_files", {"glob": "src/**"}))
    files = trees(agent("looker", tools=TOOLS), SEEN)
    replies = [turn(1, calls), turn(2, reply(finding()))]
    with Emulator(replies, **files) as emulator:
        result, told = use_tools(Job(emulator, agents="looker"), emulator)
        equal(len(bodies(emulator)), 2, "five calls of one turn are answered in one message")
        equal([error for _, error in told], [False] * 5, told)
        check("src/pool.c, lines 3 to 5 of 7" in told[0][0], told[0])
        check("     5 | \tconns[idx].busy = 1;" in told[0][0], "of the head commit")
        check("     6 |" not in told[0][0], "no more than was asked for")
        check("redacted" in told[1][0].lower(), told[1])
        check("lines 1 to 500 of 700" in told[2][0], told[2][0][:80])
        check("src/pool.c:1: int get(void)" in told[3][0], told[3])
        check("src/take.c:1: int take(void);" in told[3][0], told[3])
        check("src/long.txt" in told[4][0] and "README" not in told[4][0], told[4])
        equal((row(result, "looker")["tool_calls"], row(result, "looker")["tool_calls_refused"]),
              (5, 0))
        for request in emulator.requests(CONVERSE):
            check(KEY not in request["body"], "a secret of a file was sent")
    with Emulator(replies, **files) as emulator:
        job = Job(emulator, agents="looker")
        check_out(job, files["head"])
        (job.folder / "workspace/src/pool.c").write_text("changed in the work tree\n")
        result, local = use_tools(job, emulator)
        equal(local, told, "a checkout gives what the API gives")
        equal([r for r in emulator.requests("github GET") if "/git/blobs/" in r["target"]], [])


@flow
def under_pull_request_target_tools_see_the_head_and_a_base_checkout_does_not_count():
    calls = asks(("read_file", {"path": "src/pool.c"}), ("read_file", {"path": "src/new.c"}))
    files = trees(agent("looker", tools=TOOLS), head={"src/new.c": "int fresh;\n"})
    with Emulator([turn(1, calls), reply()], **files) as emulator:
        job = Job(emulator, "pull_request_target", agents="looker")
        check_out(job, files["base"])
        _, told = use_tools(job, emulator)
        check("conns[idx].busy" in told[0][0], told)
        check("int fresh;" in told[1][0], told)
        check(not (job.folder / "workspace/src/new.c").exists(), "nothing is checked out")


@flow
def a_refused_call_is_answered_with_the_reason_and_counted():
    wrong = [("read_file", {"path": "../../etc/passwd"}), ("read_file", {"path": "/etc/passwd"}),
             ("read_file", {"path": "/proc/self/environ"}), ("read_file", {"path": "link"}),
             ("read_file", {"path": "big.txt"}), ("shell", {"command": "id"}),
             ("read_file", {"file": "src/pool.c"}), ("search", {"pattern": "("}),
             ("read_file", {"path": "pool.c"})]
    files = trees(agent("looker", tools=["read_file", "search"]),
                  {"big.txt": "0123456789 lines that are the same\n" * 65000},
                  head={"link": pathlib.PurePath("/etc/passwd")})
    with Emulator([turn(1, asks(*wrong)), reply()], **files) as emulator:
        result, told = use_tools(Job(emulator, agents="looker"), emulator)
        equal([error for _, error in told], [True] * len(wrong), told)
        reasons = ["there is no file", "there is no file", "there is no file",
               "there is no file",
                   "too large",
               'there is no tool "shell"; you may call: read_file, search',
                   "file", "pattern:", "src/pool.c"]
        for (text, _), reason in zip(told, reasons):
            check(reason in text, text, f"should say {reason!r}")
        equal(row(result, "looker")["tool_calls_refused"], len(wrong))
        check("root:" not in json.dumps(told), "nothing of the machine is told")


# ---- Context ----

PARAGRAPHS = {
    "docs/pool.md": "# The pool\n\n" + "\n\n".join(
        [f"take() conns busy idx return {word} " * 8 for word in ("near", "nearer")] +
        [f"Gardens of {word} bloom when rain falls upon warm soil. " * 6 for word in (
            "roses", "tulips", "lilies", "daisies")]) + "\n"}


def retrieving(model, **members):
    return trees(agent("reader", prompt="Mind this.\n{{ context }}\n{{ diff }}\n",
                       context={"retrieve": {"paths": ["docs/**"], "embedder": "meaning",
                                             "top_k": 2}}),
                 config(embedders={"meaning": {"model": model, **members}}), PARAGRAPHS)


@flow
def the_nearest_paragraphs_are_in_the_prompt():
    for model, members, embeds in (
            ("amazon.titan-embed-text-v2:0", {"dimensions": 512}, "inputText"),
            ("cohere.embed-multilingual-v3", {}, "texts")):
        with Emulator([reply(finding())], **retrieving(model, **members)) as emulator:
            result = Job(emulator, agents="reader").run()
            equal(result.status, 0, result.text)
            asked = [r for r in emulator.requests("invoke") if embeds in r["body"]]
            check(len(asked) >= 2, "documents and the change are embedded", asked)
            told = json.dumps(bodies(emulator, "reader")[0])
            check("busy idx return near " in told and "busy idx return nearer " in told, told)
            check("Gardens of" not in told, "no more than top_k", told)
            check("docs/pool.md:" in told, "with the place")


@flow
def without_its_paragraphs_an_agent_goes_on_and_says_so():
    faults = [{"on": "invoke", "nth": 1, "times": 9, "fault": "access-denied"}]
    with Emulator([reply(finding())], faults,
                  **retrieving("amazon.titan-embed-text-v2:0")) as emulator:
        result = Job(emulator, agents="reader").run()
        equal(result.status, 0, result.text)
        equal(len(comments(emulator)), 1)
        check("::notice::agent reader reviews without" in result.text, result.text)
        check("reviews without all of its context" in summary(emulator), summary(emulator))


@flow
def context_files_are_whole_and_of_the_base_commit():
    files = trees(agent("reader", prompt="{{ context }}\n{{ diff }}",
                        context={"files": ["docs/adr/**", "!docs/adr/old*"]}),
                  {"docs/adr/1.md": "# One\nAlways lock.\n", "docs/adr/old.md": "Never lock.\n",
                   "docs/other.md": "Elsewhere.\n"},
                  head={"docs/adr/1.md": "# One\nLocks are for cowards.\n"})
    with Emulator([reply()], **files) as emulator:
        equal(Job(emulator, agents="reader", include_paths="src/**").run().status, 0)
        told = json.dumps(bodies(emulator)[0])
        check("Always lock." in told and "docs/adr/1.md" in told, told)
        for other in ("cowards", "Never lock.", "Elsewhere."):
            check(other not in told, other)


# ---- Several models, several agents ----

OTHER = finding(line=3, evidence="int idx = take();", title="The name says little",
                body="`idx` of what?", severity="low", category="style")


@flow
def one_model_of_an_ensemble_that_fails_is_named():
    files = trees(agent("pair", model=["sonnet", "haiku"]))
    faults = [{"on": CONVERSE, "nth": 1, "times": 1, "fault": "validation"}]
    with Emulator([reply(finding())], faults, **files) as emulator:
        result = Job(emulator, agents="pair", max_concurrency="1").run()
        equal(result.status, 4, result.text)
        equal(result.outputs["conclusion"], "partial")
        equal(len(comments(emulator)), 1)
        equal(sorted(a["status"] for a in result.report()["agents"]), ["done", "failed"])
        check("has no complete result" in summary(emulator), summary(emulator))


@flow
def agents_that_need_each_other_are_an_error_with_its_place():
    files = trees(agent("one", needs=["two"]), agent("two", needs=["three"]),
                  agent("three", needs=["one"]))
    with Emulator(**files) as emulator:
        result = Job(emulator, agents="one, two, three").run()
        equal(result.status, 2, result.text)
        check("one -> two -> three -> one" in result.text, result.text)
        check(".github/outcrop/agents/three.yml:1:" in result.text, result.text)
        equal(emulator.requests(CONVERSE), [])


@flow
def an_agent_whose_need_fails_says_so_and_an_optional_one_is_a_line():
    files = trees(agent("extra", required=False), agent("firm", needs=["extra"]))
    faults = [{"on": CONVERSE, "nth": 1, "times": 1, "fault": "validation"}]
    with Emulator([reply(finding())], faults, **files) as emulator:
        result = Job(emulator, agents="extra, firm").run()
        equal(result.status, 0, result.text)
        equal(result.outputs["conclusion"], "partial")
        equal(len(comments(emulator)), 1)
        check("**extra** has no complete result" in summary(emulator), summary(emulator))
        check("0 of 1 changed file reviewed" in summary(emulator), "firm alone is not enough")
        check("1 agent " not in result.text and "2 agents, 2 parts" in result.text, result.text)


# ---- What an agent may say and spend ----


@flow
def paths_choose_with_negation_and_an_agent_sees_only_those():
    files = trees(agent("some", paths=["src/**", "!**/*_test.c"]), agent("none", paths=["db/**"]),
                  head={"src/pool_test.c": "int tests;\n", "other/x.c": "int other;\n"})
    with Emulator([reply()], **files) as emulator:
        result = Job(emulator, agents="some, none").run()
        equal(result.status, 0, result.text)
        equal([r["detail"]["agent"] for r in emulator.requests(CONVERSE)], ["some"])
        told = json.dumps(bodies(emulator)[0])
        check("conns[idx]" in told and "int tests;" not in told and "int other;" not in told, told)
        equal(row(result, "none")["status"], "skipped")
        equal(result.outputs["conclusion"], "clean", summary(emulator))


@flow
def variables_are_filled_in_and_what_people_wrote_is_data():
    names = ("repository", "pr.number", "pr.title", "pr.body", "pr.author", "pr.base", "pr.head",
             "files", "language")
    prompt = "".join(f"{name}=[{{{{ {name} }}}}]\n" for name in names) + "{{ diff }}"
    github = {"title": "Title {{ pr.body }}", "body": "Body {{ nothing }}"}
    with Emulator([reply()], github=github, **trees(agent("says", prompt=prompt))) as emulator:
        result = Job(emulator, agents="says", language="fr").run()
        equal(result.status, 0, result.text)
        told = bodies(emulator)[0]["messages"][0]["content"][-1]["text"]
        for part in ("repository=[", "acme/widgets", "pr.number=[7]", "Title {{ pr.body }}",
                     "Body {{ nothing }}", "src/pool.c", "language=[fr]", "the change above"):
            check(part in told, part, told)
        check("pr.title=[Title" not in told, "a title stands between delimiters", told)


@flow
def an_agents_floor_and_the_runs_both_count():
    files = trees(agent("strict", min_severity="high"), agent("free"))
    replies = [{"match": {"agent": "strict"}, **reply(finding(), OTHER)},
               {"match": {"agent": "free"}, **reply(finding(
                   line=6, evidence="return idx;", severity="medium", title="Returned as it is",
                   body="The caller gets a busy one."))}]
    with Emulator(replies, **files) as emulator:
        result = Job(emulator, agents="strict, free").run()
        equal(result.status, 0, result.text)
        shown = sorted(f["title"] for f in result.report()["findings"]
                       if f["published"] == "posted")
        equal(shown, ["Returned as it is", "The index may be negative"], result.report())
        equal(result.outputs["findings-count"], "2")
        equal(len(comments(emulator)), 2)


if __name__ == "__main__":
    main()
