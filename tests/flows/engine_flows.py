#!/usr/bin/env python3
"""The review engine: tools, context, ensembles, order, models of every kind, merging and caching."""
import json
import re
import subprocess

from harness import BASE, HEAD, Emulator, Job, check, equal, finding, flow, main, outcrop, reply

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEMULATOREXAMPLE1",
        "AWS_SECRET_ACCESS_KEY": "emulator/secret/of/the/long/lived/keys"}
FAKE_KEY = "AKIA" + "Q3EGRIVMZT5WXC7N"  # in two pieces, so that no scanner takes it for a real one


def agent(name, text):
    """An agent of the repository, in the base tree."""
    return {f".github/outcrop/agents/{name}.yml":
            f"description: For a test.\nsystem: |\n  You look.\nprompt: |\n  Look at {{{{ diff }}}}.\n{text}"}


def trees(*parts, head=None):
    """The trees of base and head that both have these files."""
    both = {path: text for part in parts for path, text in part.items()}
    return {"base": {**BASE, **both}, "head": {**HEAD, **both, **(head or {})}}


def use(*calls):
    return {"tools": [{"name": name, "input": given} for name, given in calls]}


def asked(emulator, name=None):
    """The bodies of the model calls, of one agent or of all, in their order."""
    return [json.loads(r["body"]) for r in emulator.requests("converse-stream")
            if name in (None, r["detail"]["agent"])]


def results(body):
    """What tools gave: the texts of the last message, and whether each is an error."""
    blocks = [b["toolResult"] for b in body["messages"][-1]["content"] if "toolResult" in b]
    return [(json.dumps(b["content"]), b.get("status") == "error") for b in blocks]


def summary_of(emulator):
    return next(c["body"] for c in emulator.state()["github"]["conversation"]
                if "<!-- outcrop:summary" in c["body"])


READER = agent("reader", "tools: [read_file, search, list_files]\nlimits: { turns: 3 }\n")


@flow
def tools_read_the_head_commit_and_several_answer_in_one_turn():
    head = {"lib/other.c": "int other(void);\nint take(void);\nint third;\n",
            "keys.txt": f"aws_key = {FAKE_KEY}\n"}
    calls = use(("read_file", {"path": "lib/other.c", "start_line": 2, "end_line": 2}),
                ("search", {"pattern": "int \\w+\\(void\\);", "glob": "lib/**"}),
                ("list_files", {"glob": "lib/**"}), ("read_file", {"path": "keys.txt"}))
    replies = [{"match": {"turn": 1}, **calls}, reply(finding())]
    with Emulator(replies, **trees(READER, head=head)) as emulator:
        result = Job(emulator, agents="reader").run()
        equal(result.status, 0, result.text)
        first, second = asked(emulator, "reader")
        equal(len(first["messages"]), 1)
        texts = results(second)
        equal([failed for _, failed in texts], [False] * 4, texts)
        check("int take" in texts[0][0] and "int third" not in texts[0][0], texts[0])
        check("lib/other.c" in texts[1][0] and "int other" in texts[1][0], texts[1])
        check("lib/other.c" in texts[2][0], texts[2])
        check(FAKE_KEY not in json.dumps(second), "a secret of the repository reaches the model")
        row = result.report()["agents"][0]
        equal((row["tool_calls"], row["tool_calls_refused"]), (4, 0))
        equal(result.outputs["findings-count"], "1")


@flow
def a_tool_call_that_is_refused_tells_the_model_why():
    calls = use(("read_file", {"path": "../../etc/passwd"}), ("read_file", {"path": "/etc/passwd"}),
                ("read_file", {"path": "/proc/self/environ"}), ("read_file", {"path": "none.c"}),
                ("search", {"pattern": "("}), ("run_command", {"command": "id"}))
    replies = [{"match": {"turn": 1}, **calls}, reply()]
    with Emulator(replies, **trees(READER)) as emulator:
        result = Job(emulator, agents="reader").run()
        equal(result.status, 0, result.text)
        texts = results(asked(emulator, "reader")[1])
        equal([failed for _, failed in texts], [True] * 6, texts)
        check("root:" not in json.dumps(texts) and "PATH=" not in json.dumps(texts), texts)
        equal(result.report()["agents"][0]["tool_calls_refused"], 6)


@flow
def an_agent_that_never_answers_ends_at_its_turns():
    replies = [use(("list_files", {}))]
    with Emulator(replies, **trees(READER)) as emulator:
        result = Job(emulator, agents="reader").run()
        equal(result.status, 4, result.text)
        equal(len(asked(emulator)), 3)
        check("3 turns" in result.text, result.text)


@flow
def on_a_laptop_tools_read_the_work_tree_without_following_links():
    calls = use(("read_file", {"path": "lib/other.c"}), ("read_file", {"path": "link.txt"}),
                ("read_file", {"path": ".git/config"}))
    replies = [{"match": {"turn": 1}, **calls}, reply(finding())]
    with Emulator(replies) as emulator:
        place = emulator.folder / "repository"
        for name, files in (("base", {**BASE, **READER}), ("head", {**HEAD, "lib/other.c": "int o;\n"})):
            for path, text in files.items():
                file = place / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            if name == "base":
                for command in (["init", "-q", "-b", "main"], ["add", "."],
                                ["-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit",
                                 "-q", "-m", "base"]):
                    subprocess.run(["git", *command], cwd=place, check=True)
        (emulator.folder / "outside.txt").write_text("outside\n")
        (place / "link.txt").symlink_to("../outside.txt")
        emulator.folder, folder = place, emulator.folder
        result = outcrop(emulator, "review", "--base", "main", "--agents", "reader", env=KEYS)
        emulator.folder = folder
        equal(result.returncode, 0, result.stderr)
        texts = results(asked(emulator, "reader")[1])
        equal([failed for _, failed in texts], [False, True, True], texts)
        check("int o;" in texts[0][0] and "outside" not in texts[1][0].replace("outside.txt", ""),
              texts)


@flow
def context_is_whole_files_and_the_nearest_paragraphs():
    docs = {"docs/pool.md": "# Pool\n\nThe index of a connection in the pool comes from take and may be "
                            "negative when the pool is empty.\n",
            "docs/bread.md": "# Bread\n\nThe bakery opens at seven and sells bread with seeds.\n",
            "docs/adr/1.md": "# Decision 1\n\nNo globals.\n"}
    for model in ("amazon.titan-embed-text-v2:0", "cohere.embed-english-v3"):
        near = agent("near", "  Know {{ context }}.\ncontext:\n  files: [docs/adr/**]\n"
                     "  retrieve: { paths: [\"docs/*.md\"], embedder: e, top_k: 1 }\n")
        config = {".github/outcrop.yml": f"version: 1\nembedders:\n  e: {{ model: \"{model}\" }}\n"}
        with Emulator([reply()], **trees(near, docs, config)) as emulator:
            result = Job(emulator, agents="near").run()
            equal(result.status, 0, model, result.text)
            body = json.dumps(asked(emulator, "near")[0])
            check("No globals." in body, model, "the whole file")
            check("may be negative when the pool is empty" in body, model, "the nearest paragraph")
            check("bakery" not in body, model, "a far one")


@flow
def an_ensemble_votes_and_one_model_may_fail():
    pair = agent("pair", "model: [sonnet, haiku]\nvotes: 2\n")
    both, one = finding(), finding(line=3, title="take is not declared", body="Include its header.",
                                   evidence="int idx = take();")
    replies = [{"match": {"model": "*haiku*"}, **reply(finding(title="Negative index", line=5))},
               reply(both, one)]
    with Emulator(replies, **trees(pair)) as emulator:
        result = Job(emulator, agents="pair").run()
        equal(result.status, 0, result.text)
        findings = result.report()["findings"]
        equal(len(findings), 1)
        equal((findings[0]["votes"], sorted(findings[0]["models"])), (2, ["haiku", "sonnet"]))
        check("vote" in json.dumps(result.report()["dropped"]), result.report()["dropped"])


@flow
def an_agent_that_needs_another_reads_what_it_said():
    second = agent("second", "needs: [security]\n")
    second = {path: text.replace("Look at", "After {{ needs }} look at")
              for path, text in second.items()}
    replies = [{"match": {"agent": "security"}, **reply(finding(title="The index may be negative"))},
               reply()]
    with Emulator(replies, **trees(second)) as emulator:
        result = Job(emulator, agents="second, security").run()
        equal(result.status, 0, result.text)
        order = [r["detail"]["agent"] for r in emulator.requests("converse-stream")]
        equal(order, ["security", "second"])
        check("The index may be negative" in json.dumps(asked(emulator, "second")[0]))
    circle = trees(agent("a", "needs: [b]\n"), agent("b", "needs: [a]\n"))
    with Emulator([reply()], **circle) as emulator:
        result = Job(emulator, agents="a, b").run()
        equal(result.status, 2, result.text)
        check(re.search(r"a (->|→|needs) b", result.text), result.text)
        equal(asked(emulator), [])


@flow
def what_an_agent_sees_and_says_is_its_own_affair():
    docs = agent("docs", "paths: [\"**/*.md\", \"!README.md\"]\n")
    prose = agent("prose", "output: markdown\n")
    shape = agent("shape", "output:\n  schema:\n    type: object\n    required: [risk]\n"
                           "    properties:\n      risk: { type: string, enum: [low, high] }\n")
    strict = agent("strict", "min_severity: high\n")
    replies = [{"match": {"agent": "prose"}, "text": "### Notes\n\nAll is *well*, @alice."},
               {"match": {"agent": "shape"}, "output": {"risk": "high"}},
               reply(finding(severity="medium"))]
    with Emulator(replies, **trees(docs, prose, shape, strict)) as emulator:
        result = Job(emulator, agents="docs, prose, shape, strict").run()
        equal(result.status, 0, result.text)
        equal({r["detail"]["agent"] for r in emulator.requests("converse-stream")},
              {"prose", "shape", "strict"}, "no document changed")
        rows = {row["name"]: row for row in result.report()["agents"]}
        equal(rows["docs"]["status"], "skipped")
        equal(result.outputs["findings-count"], "0", "medium is under the agent's floor")
        body = summary_of(emulator)
        check("All is *well*, `@alice`" in body, body)
        check("risk" in body or "risk" in json.dumps(rows["shape"]), body, rows["shape"])


@flow
def limits_of_an_agent_end_that_agent_only():
    slow = agent("slow", "limits: { seconds: 5 }\n")
    dear = agent("dear", "limits: { cost_usd: 0.000001 }\n")
    replies = [{"match": {"agent": "slow"}, "latency_ms": 2000, **reply()}, reply(finding())]
    with Emulator(replies, **trees(slow, dear)) as emulator:
        result = Job(emulator, agents="security, slow, dear").run()
        equal(result.status, 4, result.text)
        rows = {row["name"]: row for row in result.report()["agents"]}
        equal([rows[name]["status"] for name in ("security", "slow", "dear")],
              ["done", "failed", "failed"], rows)
        equal(result.outputs["comments-posted"], "1")


MODELS = {"sonnet": ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", ""),
          "messages": ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "api: messages"),
          "whole": ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "api: messages, stream: false"),
          "nova": ("us.amazon.nova-pro-v1:0", ""), "llama": ("us.meta.llama3-3-70b-instruct-v1:0", ""),
          "mistral": ("mistral.mistral-large-2407-v1:0", "stream: false"),
          "titan": ("amazon.titan-text-premier-v1:0", "")}


@flow
def whatever_the_model_and_its_api_the_findings_look_the_same():
    lines = [f"  {name}: {{ model: \"{model}\"{', ' if more else ''}{more} }}"
             for name, (model, more) in MODELS.items()]
    config = {".github/outcrop.yml": "version: 1\nmodels:\n" + "\n".join(lines) + "\n"}
    agents = [agent(f"by-{name}", f"model: {name}\n") for name in MODELS]
    with Emulator([reply(finding())], **trees(config, *agents)) as emulator:
        result = Job(emulator, agents=", ".join(f"by-{name}" for name in MODELS)).run()
        equal(result.status, 0, result.text)
        found = result.report()["findings"]
        equal(len(found), 1)
        equal(sorted(found[0]["models"]), sorted(MODELS))
        operations = {r["operation"] for r in emulator.requests("")}
        check({"converse-stream", "converse", "invoke", "invoke-stream"} <= operations, operations)


@flow
def thinking_goes_back_with_its_signature_when_tools_are_used():
    config = {".github/outcrop.yml": "version: 1\nmodels:\n  deep: { model: "
              "\"us.anthropic.claude-sonnet-4-5-20250929-v1:0\", max_tokens: 8000, "
              "thinking: { budget_tokens: 2000 } }\n"}
    deep = agent("deep", "model: deep\ntools: [read_file]\n")
    replies = [{"match": {"turn": 1}, "reasoning": "Let me see the file.",
                **use(("read_file", {"path": "src/pool.c"}))}, reply(finding())]
    with Emulator(replies, **trees(config, deep)) as emulator:
        result = Job(emulator, agents="deep").run()
        equal(result.status, 0, result.text)
        first, second = asked(emulator, "deep")
        check("toolChoice" not in first.get("toolConfig", {}), "no forced tool while it thinks")
        said = second["messages"][1]["content"]
        equal(said[0]["reasoningContent"]["reasoningText"],
              {"text": "Let me see the file.", "signature": "ZW11bGF0b3I="})
        check("toolUse" in said[1], said)


def big_change():
    """About 8,000 tokens of change."""
    text = "".join(f"int number_{n}(int value) {{ return value + {n}; }}\n" for n in range(640))
    return {"src/big.c": text}


@flow
def four_agents_on_one_change_pay_for_it_little_more_than_once():
    names = ["one", "two", "three", "four"]

    def run(cache):
        config = {".github/outcrop.yml": "version: 1\nmodels:\n  s: { model: "
                  "\"us.anthropic.claude-sonnet-4-5-20250929-v1:0\", cache: " + cache + " }\n"
                  "defaults: { model: s }\n"}
        replies = [{**reply(finding(path="src/big.c", line=1, evidence=None)), "latency_ms": 300,
                    "first_token_ms": 100}]
        with Emulator(replies, **trees(config, *[agent(n, "") for n in names],
                                       head=big_change())) as emulator:
            result = Job(emulator, agents=", ".join(names)).run()
            equal(result.status, 0, result.text)
            points = [json.dumps(body).count("cachePoint") for body in asked(emulator)]
            return result, result.report(), points

    cached, report, points = run("auto")
    _, without, none = run("off")
    equal((set(none), max(points) <= 4, min(points) >= 1), ({0}, True, True), points)
    usage, whole = report["usage"], without["usage"]
    equal((whole["cache_read_tokens"], whole["cache_write_tokens"]), (0, 0))
    billed = (usage["input_tokens"] + 1.25 * usage["cache_write_tokens"]
              + 0.1 * usage["cache_read_tokens"])
    check(billed <= 0.45 * whole["input_tokens"], billed, whole["input_tokens"])
    slowest = [max(a["started_seconds"] + a["seconds"] for a in given["agents"])
               for given in (report, without)]
    # 100 ms of the emulator are 2 s of the program's clock, which runs 20 times as fast.
    check(slowest[0] <= slowest[1] + 2 + 3, slowest)
    read = f"{usage['cache_read_tokens']:,}"
    check(read in cached.summary or f"{usage['cache_read_tokens'] // 3:,}" in cached.summary,
          cached.summary)
    check(f"{read} of them read from the cache" in cached.text, cached.text)


@flow
def ninety_findings_of_which_thirty_are_distinct_end_as_thirty():
    lines = [f"\tcheck(value_{n}, limit_{n});" for n in range(30)]
    head = {"src/many.c": "void many(void)\n{\n" + "\n".join(lines) + "\n}\n"}
    words = ["is compared with the wrong limit", "uses a limit of another value", "has a wrong limit"]

    def found(variant):
        return [finding(path="src/many.c", line=n + 3, severity="medium",
                        title=f"value_{n} {words[variant]}",
                        body=f"value_{n} is compared with limit_{n}, which is the limit of another value.",
                        evidence=lines[n]) for n in range(30)]

    names = ("security", "architect", "code-quality")
    replies = [{"match": {"agent": name}, **reply(*found(i))} for i, name in enumerate(names)]
    with Emulator(replies, **trees(head=head)) as emulator:
        result = Job(emulator, agents=", ".join(names), max_inline_comments="10").run()
        equal(result.status, 0, result.text)
        findings = result.report()["findings"]
        equal(len(findings), 30)
        equal({len(f["sources"]) for f in findings}, {3})
        comments = emulator.state()["github"]["line_comments"]
        equal(len(comments), 10, "the cap")
        body = summary_of(emulator)
        for n in range(30):
            check(f"value_{n} " in body, n, "what is over the cap stands in the summary")


@flow
def a_path_or_line_that_is_not_in_the_change_never_becomes_a_comment():
    wrong = [finding(path="src/none.c", title="no file", evidence=None),
             finding(path="../secret", title="outside", evidence=None),
             finding(line=4000, title="no line", evidence="nothing_like_it();"),
             finding(path="README.md", line=1, title="not in a hunk", evidence="# Widgets")]
    with Emulator([reply(*wrong)]) as emulator:
        result = Job(emulator).run()
        equal(result.status, 0, result.text)
        equal(emulator.state()["github"]["line_comments"], [])
        body = summary_of(emulator)
        for one in wrong:
            check(one["title"] in body, one["title"], body)
        check("Without a comment in the diff" in body, body)
        for path in ("src/none.c", "../secret"):
            check(f"`{path}:5` (the change has no such file)" in body, "no link", path, body)


@flow
def the_action_checks_and_plans_without_a_model():
    with Emulator([reply()], **trees(READER)) as emulator:
        plan = Job(emulator, command="plan", agents="reader, security").run()
        equal(plan.status, 0, plan.text)
        check("reader" in plan.text and "security" in plan.text and "tokens" in plan.text, plan.text)
        checked = Job(emulator, command="check").run()
        equal(checked.status, 0, checked.text)
        equal(asked(emulator), [])
    broken = {".github/outcrop/agents/bad.yml": "promt: x\n"}
    with Emulator([reply()], **trees(broken)) as emulator:
        job = Job(emulator, command="check")
        file = job.folder / "workspace" / ".github/outcrop/agents/bad.yml"
        file.parent.mkdir(parents=True)
        file.write_text(broken[".github/outcrop/agents/bad.yml"])
        checked = job.run()
        equal(checked.status, 2, checked.text)
        check("bad.yml" in checked.text and "prompt" in checked.text, checked.text)


if __name__ == "__main__":
    main()
