#!/usr/bin/env python3
"""Models of every family by the emulator's rules: what is refused is left out, and the review is posted."""
import json
import re

from harness import (
    HAIKU,
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
    trees,
    turn,
)

OPUS = "us.anthropic.claude-opus-5-5"
OLD_OPUS = "us.anthropic.claude-opus-4-5-20251101-v1:0"
FAMILIES = {
    "claude": "us.anthropic.claude-opus-4-8", "nova": "us.amazon.nova-2-lite-v1:0",
    "llama": "us.meta.llama4-maverick-17b-instruct-v1:0",
    "mistral": "mistral.mistral-large-3-675b-instruct", "deepseek": "us.deepseek.v3.2",
    "qwen": "qwen.qwen3-coder-next", "gpt": "us.openai.gpt-6.1-sol",
    "gpt-oss": "openai.gpt-oss-120b-1:0", "kimi": "us.moonshotai.kimi-k3.1",
    "glm": "us.zai.glm-5.3", "grok": "us.xai.grok-4.7", "minimax": "minimax.minimax-m2.5",
    "gemma": "google.gemma-3-27b-it", "nemotron": "nvidia.nemotron-super-3-120b"}
UNKNOWN = "us.newvendor.reasoner-9"
THINKS = [{"match": "*", "thinks": True}]


def model_calls(emulator):
    return [r for r in emulator.requests("") if r["operation"].startswith(("converse", "invoke"))]


@flow
def the_default_pack_runs_on_each_alias_in_both_apis_streamed_or_not():
    for alias in ("haiku", "sonnet", "opus"):
        for api in ("converse", "messages"):
            for stream in (True, False):
                entry = {"api": api, "stream": stream}
                files = trees(config(models={alias: entry}, defaults={"model": alias}))
                with Emulator([reply(finding())], models=THINKS, **files) as emulator:
                    result = Job(emulator, agents="").run()
                    equal(result.status, 0, alias, entry, result.text)
                    equal(len(line_comments(emulator)), 1, alias, entry)
                    equal({r["status"] for r in model_calls(emulator)}, {200}, "nothing is refused",
                          alias, entry, result.text)


@flow
def the_default_pack_runs_on_one_model_of_each_family():
    """Streamed and not, with its tools and on a model that takes none; Claude by Messages too."""
    for name, model in FAMILIES.items():
        for api, stream, refuses in (("converse", True, []), ("converse", False, []), ("converse", True, ["tools"]),
                                     ("messages", True, []), ("messages", True, ["tools"])):
            if api == "messages" and name != "claude":
                continue
            facts = (name, api, stream, refuses)
            entry = {"model": model, "api": api, "stream": stream}
            files = trees(config(models={"any": entry}, defaults={"model": "any"}))
            models = [{"match": "*", "refuses": refuses}] if refuses else []
            replies = [turn(1, asks(("read_file", {"path": "README.md"})), agent="security"), reply(finding())]
            with Emulator(replies[1:] if refuses else replies, models=models, **files) as emulator:
                result = Job(emulator, agents="").run()
                equal(result.status, 0, facts, result.text)
                equal(len(line_comments(emulator)), 1, facts)
                rows = [row for row in result.report()["agents"] if row["status"] != "skipped"]
                equal({row["status"] for row in rows}, {"done"}, facts, rows)
                check({"architect", "code-quality", "security"} <= {row["name"] for row in rows}, facts, rows)


@flow
def one_model_of_each_family_reports_with_tools_and_without():
    names = list(FAMILIES)
    table = {name: {"model": model} for name, model in FAMILIES.items()}
    whole = {"whole-" + name: {"model": model, "stream": False} for name, model in FAMILIES.items()}
    files = trees(config(models={**table, **whole}),
                  *[agent("with-" + name, model=name, tools=["read_file"]) for name in names],
                  *[agent("plain-" + name, model="whole-" + name) for name in names])
    replies = [turn(1, asks(("read_file", {"path": "../x"})), agent="with-*"), reply(finding())]
    with Emulator(replies, **files) as emulator:
        result = Job(emulator, agents=", ".join(f"with-{n}, plain-{n}" for n in names)).run()
        equal(result.status, 0, result.text)
        for row in result.report()["agents"]:
            equal((row["status"], row["findings"]), ("done", 1), row)
            check(row["attempts"] <= 2, "a refusal does not count as an attempt", row)
        equal(len(line_comments(emulator)), 1)


@flow
def an_unknown_model_is_tried():
    for refuses in ([], ["tool-choice"], ["tools-streaming", "system"], ["tools"],
                    ["tools", "system", "metadata"]):
        files = trees(agent("reader", model=UNKNOWN, tools=["read_file"]), agent("plain", model=UNKNOWN))
        models = [{"match": UNKNOWN, "refuses": refuses}]
        replies = [turn(1, asks(("read_file", {"path": "src/pool.c"})), agent="reader"), reply(finding())]
        if "tools" in refuses:
            replies = replies[1:]
        with Emulator(replies, models=models, **files) as emulator:
            result = Job(emulator, agents="reader, plain").run()
            equal(result.status, 0, refuses, result.text)
            equal(len(line_comments(emulator)), 1, refuses)
            equal(result.text.count(" refuses "), len(refuses), "each is named once", refuses,
                  result.text)


EVERYTHING = ["tool-choice-tool", "tool-choice-any", "tools-streaming", "structured-output", "strict",
              "temperature", "top-p", "top-k", "stop-sequences", "thinking-enabled", "thinking-adaptive",
              "effort", "cache-hour", "cache", "metadata", "system", "result-status", "mixed-turn",
              "service-tier"]


@flow
def a_model_that_refuses_everything_optional_still_reviews():
    shape = {"type": "object", "properties": {"risk": {"type": "string", "enum": ["low", "high"]}},
             "required": ["risk"], "additionalProperties": False}
    entry = {"model": OLD_SONNET, "temperature": 0.5, "top_k": 40, "effort": "high",
             "service_tier": "flex", "price": {"input": 1, "output": 1}}
    deep = {"model": OLD_OPUS, "max_tokens": 8000, "thinking": {"budget_tokens": 2000}}
    for api in ("converse", "messages"):
        files = trees(
            config(models={"m": {**entry, "api": api}, "deep": {**deep, "api": api},
                           "shaped": {"model": OLD_HAIKU, "api": api}}),
            agent("first", model="m", tools=["read_file"], inference={"stop": ["END"]}),
            agent("second", model="deep"),
            agent("third", model="shaped", output={"schema": shape}))
        # Without metadata the emulator tells the agents apart by their models.
        replies = [{"match": {"model": OLD_HAIKU}, "output": {"risk": "low"}},
                   turn(1, {"text": "Let me look.", **asks(("read_file", {"path": "../x"}))}, model=OLD_SONNET),
                   reply(finding())]
        models = [{"match": "*", "refuses": EVERYTHING}]
        with Emulator(replies, models=models, **files) as emulator:
            result = Job(emulator, agents="first, second, third", max_concurrency="1").run()
            equal(result.status, 0, api, result.text)
            equal(len(line_comments(emulator)), 1, api)
            rows = {row["name"]: row for row in result.report()["agents"]}
            check(rows["first"]["refusals"] >= 8, rows["first"])
            equal([rows[n]["attempts"] for n in rows], [2, 1, 1], "refusals do not count as attempts", rows)
            named = [line for line in result.text.splitlines() if " refuses " in line]
            equal(len(named), len(set(named)), named)
            equal(len(named), sum(r["status"] in (400, 403) for r in model_calls(emulator)),
                  "one line for each refused call")


@flow
def a_refusal_that_no_row_explains_stays_an_error():
    faults = [{"on": "converse-stream", "times": 9, "fault": "validation",
               "message": "messages.0.content.3: this is new to everybody"}]
    with Emulator([reply()], faults) as emulator:
        result = Job(emulator).run()
        equal(result.status, 4, result.text)
        check("new to everybody" in result.text and SONNET in result.text, result.text)
        equal(len(model_calls(emulator)), 1)


@flow
def thinking_that_is_not_wanted_is_switched_off_or_made_small():
    for model, expected in ((HAIKU, {"type": "disabled"}), (OPUS, None), (OLD_SONNET, None)):
        entry = {"model": model, "thinking": {"type": "disabled"}}
        files = trees(config(models={"m": entry}), agent("one", model="m"))
        with Emulator([reply(finding())], **files) as emulator:
            result = Job(emulator, agents="one").run()
            equal(result.status, 0, result.text)
            body = bodies(emulator, "one")[-1]
            equal(body.get("additionalModelRequestFields", {}).get("thinking"), expected, model)
            effort = body.get("outputConfig", {}).get("effort")
            equal(effort, "low" if model == OPUS else None, model)


@flow
def a_fallback_gets_no_thoughts_that_another_model_signed():
    files = trees(config(models={"m": {"model": OPUS, "fallback": ["second"]}, "second": {"model": HAIKU}}),
                  agent("one", model="m", tools=["read_file"]))
    faults = [{"on": "converse-stream", "nth": 2, "times": 1, "fault": "access-denied"}]
    replies = [turn(1, asks(("read_file", {"path": "src/pool.c"}))), reply(finding())]
    with Emulator(replies, faults, models=THINKS, **files) as emulator:
        result = Job(emulator, agents="one").run()
        equal(result.status, 0, result.text)
        calls = model_calls(emulator)
        equal([r["detail"]["model"] for r in calls], [OPUS, OPUS, HAIKU])
        check("reasoningContent" in calls[1]["body"], "its own thoughts go back", calls[1]["body"])
        check("reasoningContent" not in calls[2]["body"], calls[2]["body"])
        check("toolUse" in json.dumps(json.loads(calls[2]["body"])["messages"][1]), calls[2]["body"])


@flow
def a_fallback_that_takes_no_words_beside_tool_calls_gets_none():
    second = {"model": FAMILIES["mistral"], "price": {"input": 1, "output": 1}}
    files = trees(config(models={"m": {"model": OPUS, "fallback": ["second"]}, "second": second}),
                  agent("one", model="m", tools=["read_file"]))
    faults = [{"on": "converse-stream", "nth": 2, "times": 1, "fault": "access-denied"}]
    replies = [turn(1, {"text": "I read the file first.", **asks(("read_file", {"path": "src/pool.c"}))}),
               reply(finding())]
    with Emulator(replies, faults, **files) as emulator:
        result = Job(emulator, agents="one").run()
        equal(result.status, 0, result.text)
        calls = model_calls(emulator)
        equal([r["detail"]["model"] for r in calls[:2]], [OPUS, OPUS])
        check("I read the file first." in calls[1]["body"], calls[1]["body"])
        for call in calls[2:]:
            equal([list(b) for b in json.loads(call["body"])["messages"][1]["content"]], [["toolUse"]])


@flow
def a_complete_answer_is_taken_although_its_connection_stays_open():
    for api, operation in (("converse", "converse-stream"), ("messages", "invoke-stream")):
        files = trees(config(models={"sonnet": {"api": api}}))
        faults = [{"on": operation, "times": 9, "fault": "stream-open"}]
        with Emulator([reply(finding())], faults, **files) as emulator:
            result = Job(emulator).run()
            equal(result.status, 0, api, result.text)
            equal(len(model_calls(emulator)), 1, api, "it is not asked for again")
            check(result.report()["usage"]["output_tokens"] > 0, api)


@flow
def a_plan_is_near_what_the_tokenizer_bills():
    lines = "".join(f"int number_{n}(int value) {{ return value + {n}; }}\n" for n in range(400))
    for model, percent in ((SONNET, 130), (OLD_SONNET, 100)):
        for head in ({}, {"src/big.c": lines}):
            models = [{"match": "*", "tokens_percent": percent}]
            with Emulator([reply()], models=models, **trees(head=head)) as emulator:
                packs = {"agents": "security, architect, code-quality", "model": model}
                text = Job(emulator, command="plan", **packs).run().text
                planned = int(re.search(r"together: .* about ([\d,]+) tokens in", text)[1].replace(",", ""))
                usage = Job(emulator, **packs).run().report()["usage"]
                billed = sum(usage[n] for n in ("input_tokens", "cache_read_tokens", "cache_write_tokens"))
                check(abs(planned - billed) <= 0.15 * billed, model, planned, billed)


@flow
def a_model_thinks_by_default_where_it_can_and_else_writes_an_analysis_first():
    entries = {"own": {"model": SONNET, "thinking": {"type": "disabled"}},
               "hard": {"model": SONNET, "thinking": {"type": "adaptive", "effort": "high"}},
               "plain": {"model": FAMILIES["llama"]}, "budget": {"model": OLD_HAIKU}}
    names = ["sonnet", *entries]
    files = trees(config(models=entries), *[agent("on-" + name, model=name) for name in names],
                  agent("cool", model="budget", inference={"temperature": 0.2}))
    with Emulator([reply(finding())], **files) as emulator:
        result = Job(emulator, agents=", ".join(["cool", *["on-" + name for name in names]])).run()
        equal(result.status, 0, result.text)

        def asked(name):
            body = bodies(emulator, name, "converse")[-1]
            fields = body.get("additionalModelRequestFields", {})
            schema = body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]
            return (fields.get("thinking"), body.get("outputConfig", {}).get("effort"),
                    list(schema["properties"])[0])

        # The change is trivial, so what is not configured is the least that helps.
        equal(asked("on-sonnet"), ({"type": "adaptive"}, "low", "findings"))
        equal(asked("on-hard"), ({"type": "adaptive"}, "high", "findings"))
        equal(asked("on-budget"), ({"type": "enabled", "budget_tokens": 1024}, None, "findings"))
        equal(asked("on-plain"), (None, None, "analysis"))
        check(asked("on-own")[0] != {"type": "adaptive"}, "what is configured stays")
        equal(asked("cool"), (None, None, "analysis"))


if __name__ == "__main__":
    main()
