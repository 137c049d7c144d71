#!/usr/bin/env python3
"""The commands beside review: doctor, check and plan, and reviews that are recorded and replayed."""
import json
import re

from harness import (
    CONVERSE,
    KEYS,
    Emulator,
    Job,
    agent,
    asks,
    check,
    equal,
    finding,
    flow,
    line_comments,
    main,
    outcrop,
    reply,
    trees,
    turn,
)


def on_a_laptop(emulator, command, *arguments, env=None):
    names = ("GITHUB_API_URL", "GITHUB_GRAPHQL_URL", "GITHUB_SERVER_URL", "GITHUB_TOKEN")
    return outcrop(emulator, command, "--pr", "acme/widgets#7", "--agents", "security", *arguments,
                   env={**{name: emulator.env[name] for name in names}, **(env or {})})


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
def check_says_nothing_of_good_files():
    with Emulator(**trees(agent("mine"))) as emulator:
        result = Job(emulator, command="check").run()
        equal(result.status, 0, result.text)
        check("::error" not in result.text, result.text)
        equal(emulator.requests(CONVERSE), [])


@flow
def every_problem_is_reported_once_and_every_file_is_counted():
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
def an_agent_that_is_missing_is_reported_where_the_configuration_names_it():
    for text in ("version: 1\nagents: [architect, securty]\n", "unknown: 1\nagents: [architect, securty]\n"):
        with Emulator(**trees({".github/outcrop.yml": text})) as emulator:
            wanted = 'agents: "securty": no agent of this name; did you mean "security"?'
            checked = Job(emulator, command="check", agents="").run()
            equal(checked.status, 2, checked.text)
            line = re.search(rf"^::error .*{re.escape(wanted)}$", checked.text, re.M)
            check(line and "file=.github/outcrop.yml,line=2," in line.group(0), checked.text)
    with Emulator(**trees({".github/outcrop.yml": "version: 1\nagents: [architect, securty]\n"})) as emulator:
        refused = Job(emulator, agents="").run()
        equal(refused.status, 2, refused.text)
        check(f".github/outcrop.yml:2:21: {wanted}" in refused.text, refused.text)


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


@flow
def what_is_posted_from_a_laptop_is_chosen_as_in_a_workflow():
    with Emulator([reply(), reply(finding()), reply(finding())]) as emulator:
        silent = on_a_laptop(emulator, "review", "--publish", "--when-clean", "silent", env=KEYS)
        equal((silent.returncode, emulator.state()["github"]["conversation"]), (0, []), silent.stderr)
    for choice, comments in (("critical", 0), ("high", 1)):
        with Emulator([reply(finding())]) as emulator:
            result = on_a_laptop(emulator, "review", "--publish", "--inline", choice, env=KEYS)
            equal((result.returncode, len(line_comments(emulator))), (0, comments), choice, result.stderr)
            wrong = on_a_laptop(emulator, "review", "--publish", "--inline", "everything", env=KEYS)
            equal(wrong.returncode, 2, wrong.stderr)


@flow
def a_recorded_review_is_replayed_without_aws():
    files = trees(agent("security", tools=["read_file"]))
    replies = [turn(1, asks(("read_file", {"path": "src/pool.c"}))), reply(finding())]
    with Emulator(replies, **files) as emulator:
        recorded = on_a_laptop(emulator, "review", "--record", "tape", "--format", "json", env=KEYS)
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
        equal(len(line_comments(emulator)), 1)
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
        nowhere = on_a_laptop(emulator, "review", "--record", "file", env=KEYS)
        equal(nowhere.returncode, 2, nowhere.stderr)
        check('recordings: make folder "file"' in nowhere.stderr, nowhere.stderr)
        equal(len(emulator.requests(CONVERSE)), 2, "nothing is paid for that cannot be kept")


@flow
def a_recording_that_is_a_link_is_not_followed():
    """An error quotes how a file begins that is not JSON."""
    with Emulator([reply(finding())]) as emulator:
        equal(on_a_laptop(emulator, "review", "--record", "tape", env=KEYS).returncode, 0)
        for file in (emulator.folder / "tape").glob("*.json"):
            file.unlink()
            file.symlink_to("/etc/passwd")
        replayed = on_a_laptop(emulator, "review", "--replay", "tape")
        equal(replayed.returncode, 2, replayed.stderr)
        check("root:" not in replayed.stdout + replayed.stderr, replayed.stderr)


if __name__ == "__main__":
    main()
