#!/usr/bin/env python3
"""Agents of a repository: a checkout or none, context, needs, where they come from; recordings."""
import json
import os
import pathlib
import subprocess

from harness import (BASE, HEAD, Emulator, Job, check, equal, finding, flow, main, outcrop,
                     reply)

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
        check("1 agent, at least 2 model calls" in result.text, result.text)


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
        check("2 agents, at least 2 model calls" in result.text, result.text)


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

# ---- Where agents come from ----

PACK = {"agents/style.yml": json.dumps({"description": "Style.", "prompt": "{{ diff }}"}),
        "agents/names.yml": json.dumps({"description": "Names.", "prompt": "{{ diff }}"}),
        "README.md": "# A pack\n"}


def with_pack(replies, **given):
    """An emulator with another repository; the folder of its files is written first."""
    github = {"others": {"acme/pack": {"folder": "pack", "ref": "v2", **given}}}
    return Emulator(replies, github=github, others={"pack": PACK})


@flow
def agents_are_named_by_name_path_and_glob():
    files = trees(agent("mine"), {"lld/a.yml": PACK["agents/style.yml"],
                                  "lld/deep/b.yml": PACK["agents/style.yml"], "lld/c.md": "# No\n"})
    with Emulator([reply()], **files) as emulator:
        result = Job(emulator, agents="mine\n./lld/a.yml\nlld/**/b.yml # a comment\n").run()
        equal(result.status, 0, result.text)
        equal([(a["name"], a["file"]) for a in result.report()["agents"]],
              [("mine", ".github/outcrop/agents/mine.yml"), ("a", "lld/a.yml"),
               ("b", "lld/deep/b.yml")])
        wrong = Job(emulator, agents="securty, lld/none.yml, docs/*.yml").run()
        equal(wrong.status, 2, wrong.text)
        for part in ('did you mean "security"', "no such file", "no agent definition matches"):
            check(part in wrong.text, part, wrong.text)


@flow
def agents_of_another_repository_are_read_at_one_commit():
    with with_pack([reply()]) as emulator:
        result = Job(emulator, agents="acme/pack/agents/*.yml@v2").run()
        equal(result.status, 0, result.text)
        files = [a["file"] for a in result.report()["agents"]]
        equal(sorted(f.split("@")[0] for f in files),
              ["acme/pack/agents/names.yml", "acme/pack/agents/style.yml"])
        commit = files[0].split("@")[1]
        equal(len(commit), 40)
        check(f'"v2" can move; today it is {commit}' in result.text, result.text)
        pinned = Job(emulator, agents=f"acme/pack/agents/style.yml@{commit}",
                     incremental="false").run()
        equal(pinned.status, 0, pinned.text)
        check("can move" not in pinned.text, pinned.text)


@flow
def a_private_pack_needs_a_token_of_its_own():
    secret = "ghs_thepackstokenthepackstokenthepackst"
    with with_pack([reply()], token=secret) as emulator:
        name = "acme/pack/agents/style.yml@v2"
        refused = Job(emulator, agents=name).run()
        equal(refused.status, 2, refused.text)
        check("agents-token" in refused.text and "acme/pack" in refused.text, refused.text)
        allowed = Job(emulator, agents=name, agents_token=secret).run()
        equal(allowed.status, 0, allowed.text)
        check(f"::add-mask::{secret}" in allowed.text, "masked")
        nobody = Job(emulator, agents="acme/none/agents/x.yml@v1", agents_token=secret).run()
        equal(nobody.status, 2, nobody.text)
        check("acme/none" in nobody.text, nobody.text)
        absent = Job(emulator, agents="acme/pack/agents/none.yml@v2", agents_token=secret).run()
        equal(absent.status, 2, absent.text)
        check("acme/pack/agents/none.yml" in absent.text, absent.text)


# ---- Thinking and caching by both APIs ----

SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"


@flow
def thoughts_go_back_unchanged_by_messages_too():
    files = trees(agent("deep", model="deep", tools=["read_file"]),
                  config(models={"deep": {"model": SONNET, "api": "messages", "max_tokens": 8000,
                                          "thinking": {"budget_tokens": 2000}}}))
    replies = [turn(1, {"reasoning": "First I read.", "redacted": "c2VjcmV0",
                        **asks(("read_file", {"path": "src/pool.c"}))}),
               turn(2, {"reasoning": "Once more.", **asks(("read_file", {"path": "README.md"}))}),
               turn(3, reply(finding()))]
    for stream, operation in ((True, "invoke-stream"), (False, "invoke")):
        config_file = json.loads(files["base"][".github/outcrop.yml"])
        config_file["models"]["deep"]["stream"] = stream
        files["base"][".github/outcrop.yml"] = json.dumps(config_file)
        with Emulator(replies, **files) as emulator:
            result = Job(emulator, agents="deep").run()
            equal(result.status, 0, result.text)
            last = bodies(emulator, "deep", operation)[-1]
            said = [m["content"] for m in last["messages"] if m["role"] == "assistant"]
            equal(said[0][0], {"type": "thinking", "thinking": "First I read.",
                               "signature": "ZW11bGF0b3I="})
            equal(said[0][1], {"type": "redacted_thinking", "data": "c2VjcmV0"})
            equal([b["type"] for b in said[1]], ["thinking", "tool_use"])
            equal(last["thinking"], {"type": "enabled", "budget_tokens": 2000})
            equal(len(comments(emulator)), 1)


@flow
def redacted_thoughts_go_back_by_converse():
    files = trees(agent("deep", model="deep", tools=["read_file"]),
                  config(models={"deep": {"model": SONNET, "max_tokens": 8000,
                                          "thinking": {"budget_tokens": 2000}}}))
    replies = [turn(1, {"reasoning": "First I read.", "redacted": "c2VjcmV0",
                        **asks(("read_file", {"path": "src/pool.c"}))}), reply()]
    with Emulator(replies, **files) as emulator:
        result = Job(emulator, agents="deep").run()
        equal(result.status, 0, result.text)
        said = bodies(emulator, "deep")[1]["messages"][1]["content"]
        equal(said[1], {"reasoningContent": {"redactedContent": "c2VjcmV0"}})


@flow
def every_kind_of_model_is_told_of_a_refused_call_or_has_no_tools():
    models = {"nova": "us.amazon.nova-pro-v1:0", "llama": "us.meta.llama3-3-70b-instruct-v1:0",
              "titan": "amazon.titan-text-premier-v1:0", "direct": SONNET}
    entries = {name: {"model": model} for name, model in models.items()}
    entries["direct"]["api"] = "messages"
    files = trees(config(models=entries),
                  *[agent("by-" + name, model=name, tools=["read_file"]) for name in models])
    said = {"summary": "Looked.", "findings": [finding()]}
    replies = [{"match": {"agent": "by-titan"}, "text": f"So:\n```json\n{json.dumps(said)}\n```"},
               turn(1, asks(("read_file", {"path": "../x"}))), reply(finding())]
    with Emulator(replies, **files) as emulator:
        result = Job(emulator, agents=", ".join("by-" + name for name in models)).run()
        equal(result.status, 0, result.text)
        equal(sorted(result.report()["findings"][0]["models"]), sorted(models))
        reason = 'there is no file "../x"'
        nova = results(bodies(emulator, "by-nova")[1])
        check(nova[0][1] and nova[0][0].startswith(reason), nova)
        llama = results(bodies(emulator, "by-llama", "converse")[-1])
        equal(llama[0][0][:30], ("error: " + reason)[:30], "a service that knows no status")
        direct = bodies(emulator, "by-direct", "invoke-stream")[1]["messages"][-1]["content"][0]
        check(direct["is_error"] and direct["content"].startswith(reason), direct)
        titan = bodies(emulator, "by-titan")
        check(len(titan) == 1 and "toolConfig" not in titan[0] and "system" not in titan[0], titan)


def points(node):
    """How many cache points a body has, of either API."""
    if isinstance(node, dict):
        return ("cachePoint" in node) + ("cache_control" in node) + sum(
            points(child) for child in node.values())
    return sum(points(child) for child in node) if isinstance(node, list) else 0


@flow
def cache_points_stand_behind_the_change_and_where_a_turn_ends():
    calls = [turn(n, asks(("read_file", {"path": "src/pool.c"}))) for n in (1, 2, 3, 4)]
    for api, operation in (("converse", CONVERSE), ("messages", "invoke-stream")):
        files = trees(agent("looker", model="m", tools=["read_file"]),
                      agent("brief", model="haiku", tools=["read_file"]),
                      config(models={"m": {"model": SONNET, "api": api}}))
        with Emulator([*calls, reply()], **files) as emulator:
            result = Job(emulator, agents="looker, brief").run()
            equal(result.status, 0, result.text)
            sent = bodies(emulator, "looker", operation)
            equal([points(body) for body in sent], [1, 2, 3, 3, 3])
            first = sent[0]["messages"][0]["content"]
            at = [points(block) for block in first].index(1)
            change = json.dumps(first[at - 1 if "cachePoint" in first[at] else at])
            check("conns[idx].busy" in change, "the change stands before the point", first)
            check("Look at this." in json.dumps(first[at + 1:]), "the agent's own part behind it")
            equal(points(sent[-1]["messages"][-1]["content"][-1]), 1, "the end of the last turn")
            equal([points(body) for body in bodies(emulator, "brief")], [0] * 5,
                  "so few tokens are not cached by that model")
            check(row(result, "looker")["usage"]["cache_read_tokens"] > 4000, result.report())


# ---- The action's other commands, and recordings ----


@flow
def doctor_finds_nothing_wrong_or_says_what_to_do():
    with Emulator() as emulator:
        well = Job(emulator, command="doctor").run()
        equal(well.status, 0, well.text)
    faults = [{"on": CONVERSE, "nth": 1, "times": 99, "fault": "access-denied"},
              {"on": "converse", "nth": 1, "times": 99, "fault": "access-denied"}]
    with Emulator([], faults) as emulator:
        ill = Job(emulator, command="doctor").run()
        equal(ill.status, 1, ill.text)
        check("bedrock:InvokeModel" in ill.text, ill.text)
        check("wrong       model sonnet" in ill.summary, ill.summary)


@flow
def every_problem_is_told_once_and_every_file_is_counted():
    wrong = {".github/outcrop/agents/bad.yml": "description: x\npromt: y\nmodle: z\n",
             ".github/outcrop.yml": "version: 1\nagents: [bad]\n"}
    with Emulator(**trees(wrong)) as emulator:
        checked = Job(emulator, command="check", agents="").run()
        equal(checked.status, 2, checked.text)
        check("checked 2 files: 3 errors, 0 warnings" in checked.text, checked.text)
        equal(checked.text.count("::error file=.github/outcrop/agents/bad.yml"), 3, checked.text)
        named = Job(emulator, command="check", agents="securty").run()
        check("::error title=outcrop check::securty: no agent of this name" in named.text,
              named.text)
        refused = Job(emulator, agents="").run()
        equal(refused.status, 2, refused.text)
        for key in ("promt", "modle"):
            equal(refused.text.count(f'unknown key "{key}"'), 1, refused.text)
        equal(refused.text.count('"prompt" is missing'), 1, refused.text)
        equal(emulator.requests(CONVERSE), [])


@flow
def plan_gives_a_matrix_and_calls_nothing():
    with Emulator([reply()]) as emulator:
        plan = Job(emulator, command="plan", shards="2").run()
        equal(plan.status, 0, plan.text)
        entries = json.loads(plan.outputs["matrix"])["include"]
        state = emulator.state()["github"]
        equal(len(entries), 1, "one file is one shard")
        check(f"{state['head']}..{state['base']}" in json.dumps(entries), entries)
        equal(emulator.requests(CONVERSE), [])
        check("security with sonnet: 1 call, about" in plan.summary, plan.summary)
        laptop = on_a_laptop(emulator, "plan", "--shards", "2")
        equal(laptop.returncode, 0, laptop.stderr)
        equal(json.loads(laptop.stdout)["include"], entries, "the same on a laptop")


def on_a_laptop(emulator, command, *arguments, env=None):
    names = ("GITHUB_API_URL", "GITHUB_GRAPHQL_URL", "GITHUB_SERVER_URL", "GITHUB_TOKEN")
    return outcrop(emulator, command, "--pr", "acme/widgets#7", "--agents", "security", *arguments,
                   env={**{name: emulator.env[name] for name in names}, **(env or {})})


@flow
def a_recorded_review_is_replayed_without_aws():
    files = trees(agent("security", tools=["read_file"]))
    replies = [turn(1, asks(("read_file", {"path": "src/pool.c"}))), reply(finding())]
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEMULATOREXAMPLE1",
            "AWS_SECRET_ACCESS_KEY": "emulator/secret/of/the/long/lived/keys"}
    with Emulator(replies, **files) as emulator:
        recorded = on_a_laptop(emulator, "review", "--record", "tape", "--format", "json", env=keys)
        equal(recorded.returncode, 0, recorded.stderr)
        names = sorted(f.name for f in (emulator.folder / "tape").iterdir())
        equal([name.rsplit(".", 2)[0] for name in names],
              [f"security.security_sonnet_1_1.{n}" for n in (1, 2)], names)
        replayed = on_a_laptop(emulator, "review", "--replay", "tape", "--format", "json",
                               "--publish")
        equal(replayed.returncode, 0, replayed.stderr)
        equal(len(emulator.requests(CONVERSE)), 2, "a replay calls nothing")
        equal([f["id"] for f in json.loads(replayed.stdout)["findings"]],
              [f["id"] for f in json.loads(recorded.stdout)["findings"]])
        equal(len(comments(emulator)), 1)
        emulator.push("later", {**files["head"],
                                "src/pool.c": "int get(void)\n{\n\treturn 9;\n}\n"})
        missed = on_a_laptop(emulator, "review", "--replay", "tape")
        equal(missed.returncode, 2, missed.stderr)
        lines = missed.stderr.splitlines()
        check("security_sonnet_1_1.1" in missed.stderr, missed.stderr)
        check(any(line.startswith("  line ") and "conns[idx].busy" in line for line in lines),
              "the difference is lines of its own", missed.stderr)
        equal(missed.stderr.count("conns[idx].busy"), 1, "and told once")
        (emulator.folder / "file").write_text("")
        nowhere = on_a_laptop(emulator, "review", "--record", "file", env=keys)
        equal(nowhere.returncode, 2, nowhere.stderr)
        check('--record: make folder "file"' in nowhere.stderr, nowhere.stderr)
        equal(len(emulator.requests(CONVERSE)), 2, "nothing is paid for that cannot be kept")


if __name__ == "__main__":
    main()
