#!/usr/bin/env python3
"""Models of every kind by both APIs: the same findings, thoughts that go back, caching."""
import json
import time

from harness import (
    CONVERSE,
    OLD_HAIKU,
    OLD_SONNET,
    SONNET,
    Emulator,
    Job,
    agent,
    asks,
    bodies,
    check,
    config,
    equal,
    finding,
    flow,
    line_comments,
    main,
    reply,
    tool_results,
    trees,
    turn,
)

MODELS = {"sonnet": {"model": SONNET}, "messages": {"model": SONNET, "api": "messages"},
          "whole": {"model": SONNET, "api": "messages", "stream": False},
          "nova": {"model": "us.amazon.nova-pro-v1:0"},
          "llama": {"model": "us.meta.llama3-3-70b-instruct-v1:0"},
          "mistral": {"model": "mistral.mistral-large-2407-v1:0", "stream": False},
          "titan": {"model": "amazon.titan-text-premier-v1:0"}}
DEEP = {"model": OLD_SONNET, "max_tokens": 8000, "thinking": {"budget_tokens": 2000}}


@flow
def whatever_the_model_and_its_api_the_findings_look_the_same():
    agents = [agent("by-" + name, model=name) for name in MODELS]
    with Emulator([reply(finding())], **trees(config(models=MODELS), *agents)) as emulator:
        result = Job(emulator, agents=", ".join(f"by-{name}" for name in MODELS)).run()
        equal(result.status, 0, result.text)
        found = result.report()["findings"]
        equal(len(found), 1)
        equal(sorted(found[0]["models"]), sorted(MODELS))
        operations = {r["operation"] for r in emulator.requests("")}
        check({"converse-stream", "converse", "invoke", "invoke-stream"} <= operations, operations)


@flow
def every_kind_of_model_gets_the_refusal_of_a_call_or_has_no_tools():
    models = ("nova", "llama", "titan", "messages")
    files = trees(config(models=MODELS),
                  *[agent("by-" + name, model=name, tools=["read_file"]) for name in models])
    said = {"summary": "Looked.", "findings": [finding()]}
    replies = [{"match": {"agent": "by-titan"}, "text": f"So:\n```json\n{json.dumps(said)}\n```"},
               turn(1, asks(("read_file", {"path": "../x"}))), reply(finding())]
    with Emulator(replies, **files) as emulator:
        result = Job(emulator, agents=", ".join("by-" + name for name in models)).run()
        equal(result.status, 0, result.text)
        equal(sorted(result.report()["findings"][0]["models"]), sorted(models))
        reason = 'there is no file "../x"'
        nova = tool_results(bodies(emulator, "by-nova")[1])
        check(nova[0][1] and nova[0][0].startswith(reason), nova)
        llama = tool_results(bodies(emulator, "by-llama", "converse")[-1])
        equal(llama[0][0][:30], ("error: " + reason)[:30], "a service that knows no status")
        direct = bodies(emulator, "by-messages", "invoke-stream")[1]["messages"][-1]["content"][0]
        check(direct["is_error"] and direct["content"].startswith(reason), direct)
        titan = bodies(emulator, "by-titan")
        check(len(titan) == 1 and "toolConfig" not in titan[0] and "system" not in titan[0], titan)


@flow
def thoughts_go_back_unchanged_by_converse():
    files = trees(agent("deep", model="deep", tools=["read_file"]), config(models={"deep": DEEP}))
    replies = [turn(1, {"reasoning": "First I read.", "redacted": "c2VjcmV0",
                        **asks(("read_file", {"path": "src/pool.c"}))}), reply(finding())]
    with Emulator(replies, **files) as emulator:
        result = Job(emulator, agents="deep").run()
        equal(result.status, 0, result.text)
        first, second = bodies(emulator, "deep")
        check("toolChoice" not in first.get("toolConfig", {}), "no forced tool while it thinks")
        said = second["messages"][1]["content"]
        equal(said[0]["reasoningContent"]["reasoningText"],
              {"text": "First I read.", "signature": "ZW11bGF0b3I="})
        equal(said[1], {"reasoningContent": {"redactedContent": "c2VjcmV0"}})
        check("toolUse" in said[2], said)


@flow
def thoughts_go_back_unchanged_by_messages_too():
    files = trees(agent("deep", model="deep", tools=["read_file"]),
                  config(models={"deep": {**DEEP, "api": "messages"}}))
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
            equal(len(line_comments(emulator)), 1)


def points(node):
    """How many cache points a body has, of either API."""
    if isinstance(node, dict):
        return ("cachePoint" in node) + ("cache_control" in node) + sum(
            points(child) for child in node.values())
    return sum(points(child) for child in node) if isinstance(node, list) else 0


@flow
def cache_points_are_behind_the_change_and_at_the_end_of_a_turn():
    calls = [turn(n, asks(("read_file", {"path": "src/pool.c"}))) for n in (1, 2, 3, 4)]
    for api, operation in (("converse", CONVERSE), ("messages", "invoke-stream")):
        files = trees(agent("looker", model="m", tools=["read_file"]),
                      agent("brief", model=OLD_HAIKU, tools=["read_file"]),
                      config(models={"m": {"model": SONNET, "api": api}}))
        with Emulator([*calls, reply()], **files) as emulator:
            result = Job(emulator, agents="looker, brief").run()
            equal(result.status, 0, result.text)
            sent = bodies(emulator, "looker", operation)
            equal([points(body) for body in sent], [1, 2, 3, 3, 3])
            first = sent[0]["messages"][0]["content"]
            at = [points(block) for block in first].index(1)
            equal(len(first), 3 if api == "converse" else 2, "the change is one block, the agent's part another")
            change = json.dumps(first[at - 1 if "cachePoint" in first[at] else at])
            check("conns[idx].busy" in change, "the change stands before the point", first)
            check("Look at this." in json.dumps(first[at + 1:]), "the agent's own part behind it")
            equal(points(sent[-1]["messages"][-1]["content"][-1]), 1, "the end of the last turn")
            equal([points(body) for body in bodies(emulator, "brief")], [0] * 5,
                  "so few tokens are not cached by that model")
            check(result.row("looker")["usage"]["cache_read_tokens"] > 4000, result.report())


def big_change():
    """About 8,000 tokens of change."""
    text = "".join(f"int number_{n}(int value) {{ return value + {n}; }}\n" for n in range(640))
    return {"src/big.c": text}


@flow
def four_agents_on_one_change_pay_for_it_little_more_than_once():
    names = ["one", "two", "three", "four"]

    def run(cache):
        table = config(models={"s": {"model": SONNET, "cache": cache}}, defaults={"model": "s"})
        replies = [{**reply(finding(path="src/big.c", line=1, evidence=None)), "held": "end"}]
        files = trees(table, *[agent(name) for name in names], head=big_change())
        with Emulator(replies, **files) as emulator:
            job = Job(emulator, agents=", ".join(names))
            started = time.monotonic()
            process = job.start()
            emulator.wait_for(CONVERSE, 4)  # nobody waits for more than the first answer's beginning
            emulator.release()
            result = job.finish(process, started)
            equal(result.status, 0, result.text)
            return result, result.report(), [points(body) for body in bodies(emulator)]

    cached, report, some = run("auto")
    _, without, none = run("off")
    equal((set(none), max(some) <= 4, min(some) >= 1), ({0}, True, True), some)
    usage, whole = report["usage"], without["usage"]
    equal((whole["cache_read_tokens"], whole["cache_write_tokens"]), (0, 0))
    billed = (usage["input_tokens"] + 1.25 * usage["cache_write_tokens"]
              + 0.1 * usage["cache_read_tokens"])
    check(billed <= 0.45 * whole["input_tokens"], billed, whole["input_tokens"])
    read = f"{usage['cache_read_tokens']:,}"
    check(read in cached.summary or f"{usage['cache_read_tokens'] // 3:,}" in cached.summary,
          cached.summary)
    check(f"{read} of them read from the cache" in cached.text, cached.text)


if __name__ == "__main__":
    main()
