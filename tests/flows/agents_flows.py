#!/usr/bin/env python3
"""Agents of a repository: where they come from, which need which, and the limits of each."""
import json
import pathlib

from harness import (
    CONVERSE,
    Emulator,
    Job,
    agent,
    bodies,
    check,
    comment_event,
    config,
    equal,
    finding,
    flow,
    line_comments,
    main,
    reply,
    summary,
    trees,
)

TEMPLATE = pathlib.Path(__file__).resolve().parents[2] / "examples/agent-pack"
OTHER = finding(line=3, evidence="int idx = take();", title="The name says little",
                body="`idx` of what?", severity="low", category="style")
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
def a_private_pack_needs_a_separate_token():
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


@flow
def a_repository_uses_the_template_of_a_pack():
    pack = {str(path.relative_to(TEMPLATE)): path.read_text() for path in TEMPLATE.rglob("*.yml")}
    secret = "ghs_thepackstokenthepackstokenthepackst"
    github = {"others": {"acme/review-agents": {"folder": "pack", "ref": "v1.0.0", "token": secret}}}
    refund = {"src/refunds/give.c": "void give(int cents)\n{\n\tsend(cents);\n}\n"}
    problem = finding(path="src/refunds/give.c", line=3, evidence="send(cents);", title="Nothing is checked")
    for given in ({"config": "acme/review-agents/outcrop.yml@v1.0.0", "agents": ""},
                  {"agents": "acme/review-agents/agents/payments.yml@v1.0.0"}):
        with Emulator([{"match": {"agent": "payments"}, **reply(problem)}], github=github, others={"pack": pack},
                      **trees(head=refund)) as emulator:
            result = Job(emulator, agents_token=secret, **given).run()
            equal(result.status, 0, given, result.text)
            equal([a["name"] for a in result.report()["agents"]], ["payments"], given, result.text)
            equal(len(line_comments(emulator)), 1, given, result.text)


@flow
def an_ensemble_votes_and_one_model_may_fail():
    pair = agent("pair", model=["sonnet", "haiku"], votes=2)
    replies = [{"match": {"model": "*haiku*"}, **reply(finding(title="Negative index", line=5))},
               reply(finding(), OTHER)]
    with Emulator(replies, **trees(pair)) as emulator:
        result = Job(emulator, agents="pair").run()
        equal(result.status, 0, result.text)
        findings = result.report()["findings"]
        equal(len(findings), 1)
        equal((findings[0]["votes"], sorted(findings[0]["models"])), (2, ["haiku", "sonnet"]))
        check("vote" in json.dumps(result.report()["dropped"]), result.report()["dropped"])


@flow
def one_model_of_an_ensemble_that_fails_is_named():
    files = trees(agent("pair", model=["sonnet", "haiku"]))
    faults = [{"on": CONVERSE, "nth": 1, "times": 1, "fault": "validation"}]
    with Emulator([reply(finding())], faults, **files) as emulator:
        result = Job(emulator, agents="pair", max_concurrency="1").run()
        equal(result.status, 4, result.text)
        equal(result.outputs["conclusion"], "partial")
        equal(len(line_comments(emulator)), 1)
        equal(sorted(a["status"] for a in result.report()["agents"]), ["done", "failed"])
        check("did not finish" in summary(emulator), summary(emulator))
        check("1 agent, at least 2 model calls" in result.text, result.text)


@flow
def an_agent_that_needs_another_reads_what_it_said():
    second = agent("second", needs=["security"], prompt="After {{ needs }}\n{{ diff }}\n")
    replies = [{"match": {"agent": "security"}, **reply(finding())}, reply()]
    with Emulator(replies, **trees(second)) as emulator:
        result = Job(emulator, agents="second, security").run()
        equal(result.status, 0, result.text)
        order = [r["detail"]["agent"] for r in emulator.requests(CONVERSE)]
        equal(order, ["security", "second"])
        check("The index may be negative" in json.dumps(bodies(emulator, "second")[0]))


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
        equal(len(line_comments(emulator)), 1)
        check("**extra** did not finish" in summary(emulator), summary(emulator))
        check("No changed file was reviewed by all" in summary(emulator), "firm alone is not enough")
        check("2 agents, at least 2 model calls" in result.text, result.text)


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
        equal(result.row("none")["status"], "skipped")
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
def markdown_and_schema_answers_are_in_the_summary():
    prose = agent("prose", output="markdown")
    shape = agent("shape", output={"schema": {
        "type": "object", "required": ["risk"],
        "properties": {"risk": {"type": "string", "enum": ["low", "high"]}}}})
    replies = [{"match": {"agent": "prose"}, "text": "### Notes\n\nAll is *well*, @alice."},
               {"match": {"agent": "shape"}, "output": {"risk": "high"}}]
    with Emulator(replies, **trees(prose, shape)) as emulator:
        result = Job(emulator, agents="prose, shape").run()
        equal(result.status, 0, result.text)
        body = summary(emulator)
        check("All is *well*, `@alice`" in body, body)
        check("risk" in body or "risk" in json.dumps(result.row("shape")), body)


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
        equal(len(line_comments(emulator)), 2)


@flow
def limits_of_an_agent_end_that_agent_only():
    slow = agent("slow", limits={"seconds": 5})
    dear = agent("dear", limits={"cost_usd": 0.000001})
    replies = [{"match": {"agent": "slow"}, "latency_ms": 2000, **reply()}, reply(finding())]
    with Emulator(replies, **trees(slow, dear)) as emulator:
        result = Job(emulator, agents="security, slow, dear").run()
        equal(result.status, 4, result.text)
        equal([result.row(name)["status"] for name in ("security", "slow", "dear")],
              ["done", "failed", "failed"], result.text)
        equal(result.outputs["comments-posted"], "1")


@flow
def a_walkthrough_is_folded_above_the_findings_and_may_fail():
    told = {"match": {"agent": "walkthrough"},
            "text": "Takes slots from the pool.\n\n1. `src/pool.c`: asks the pool."}
    found = {"match": {"agent": "security"}, **reply(finding())}
    github = {"permissions": {"alice": "write"}, "comments": [{"author": "alice", "body": "x"}]}
    with Emulator([told, found], github=github) as emulator:
        result = Job(emulator, agents="security, walkthrough").run()
        equal((result.status, result.outputs["conclusion"]), (0, "findings"), result.text)
        text = summary(emulator)
        check(-1 < text.find("<summary>What this change does</summary>") < text.find("| severity |"), text)
        check("Takes slots from the pool." in text, text)
        check("haiku" in result.row("walkthrough")["model"], result.row("walkthrough"))
        ident = result.report()["findings"][0]["id"]
        event = comment_event(emulator, "alice", f"/outcrop dismiss {ident}")
        for job in (Job(emulator, agents="security, walkthrough"),
                    Job(emulator, "issue_comment", event, agents="security, walkthrough")):
            again = job.run()
            equal(again.status, 0, again.text)
            check("Takes slots from the pool." in summary(emulator), "nothing changed", again.text)
        equal(Job(emulator, agents="security").run().status, 0)
        check("Takes slots" not in summary(emulator), "that agent reviews no more")
    faults = [{"on": CONVERSE, "nth": 1, "times": 9, "fault": "validation"}]
    with Emulator([found], faults) as emulator:
        result = Job(emulator, agents="walkthrough").run()
        equal((result.status, result.outputs["conclusion"]), (0, "failed"), result.text)


@flow
def findings_below_a_floor_of_confidence_stay_in_the_report():
    unsure = finding(line=3, evidence="int idx = take();", title="Unsure", confidence=0.4)
    silent = finding(line=6, evidence="return idx;", title="Gives no confidence", confidence=None)
    replies = [reply(unsure, silent, finding(title="Sure"))]

    def shown(files, **inputs):
        with Emulator(replies, **files) as emulator:
            result = Job(emulator, agents="looker", **inputs).run()
            equal(result.status, 0, result.text)
            text = summary(emulator)
            names = ("Sure", "Unsure", "Gives no confidence")
            return [name for name in names if name in text], result.report()

    both = trees(agent("looker"))
    equal(shown(both)[0], ["Sure", "Unsure", "Gives no confidence"], "no floor by default")
    names, report = shown(both, min_confidence="0.5")
    equal(names, ["Sure", "Gives no confidence"])
    found = next(f for f in report["findings"] if f["title"] == "Unsure")
    equal(found["published"], "not-planned")
    names, report = shown(trees(agent("looker", min_confidence=0.5)))
    equal(names, ["Sure", "Gives no confidence"])
    equal([d["reason"] for d in report["dropped"]], ["below the agent's min_confidence 0.5"])
    equal(shown(trees(agent("looker"), config(defaults={"min_confidence": 0.5})))[0],
          ["Sure", "Gives no confidence"])
    equal(shown(trees(agent("looker"), config(defaults={"min_confidence": 0.5})),
                min_confidence="0")[0], ["Sure", "Unsure", "Gives no confidence"])


@flow
def the_risk_of_a_change_selects_its_agents_and_is_reported():
    tiers = {"trivial": {"agents": ["quick"], "model": "haiku"},
             "sensitive": {"paths": ["pay/**"], "agents": ["quick", "thorough"], "model": "opus"}}
    setup = [config(agents=["usual"], tiers=tiers), agent("usual"), agent("quick"), agent("thorough")]
    big = "".join(f"int n{n};\n" for n in range(30))

    def run(head, **inputs):
        with Emulator([reply()], **trees(*setup, head=head)) as emulator:
            result = Job(emulator, **{"agents": "", **inputs}).run()
            equal(result.status, 0, result.text)
            asked = {r["detail"]["agent"]: json.loads(r["body"]).get("outputConfig", {}).get("effort")
                     for r in emulator.requests(CONVERSE)}
            models = {a["model"] for a in result.report()["agents"]}
            return result.outputs["risk"], sorted(asked), models, set(asked.values()), result.text

    risk, asked, models, efforts, text = run({})
    equal((risk, asked, models, efforts), ("trivial", ["quick"], {"haiku"}, {"low"}), text)
    check("trivial: 5 changed lines, no sensitive path" in text, text)
    risk, asked, models, efforts, text = run({"src/big.c": big})
    equal((risk, asked, models, efforts), ("standard", ["usual"], {"sonnet"}, {"medium"}), text)
    risk, asked, models, efforts, text = run({"pay/a.c": "int a;\n"})
    equal((risk, asked, models), ("sensitive", ["quick", "thorough"], {"opus"}), text)
    check('sensitive: \"pay/a.c\" is a sensitive path' in text or "pay/a.c" in text, text)
    risk, asked, models, _, text = run({}, agents="usual", model="opus")
    equal((risk, asked, models), ("trivial", ["usual"], {"opus"}), "inputs take precedence", text)


if __name__ == "__main__":
    main()
