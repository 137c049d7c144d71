#!/usr/bin/env python3
"""outcrop eval: cases are reviewed, recorded, replayed, scored and compared."""
import json
import shutil
import subprocess
import xml.etree.ElementTree as xml

from harness import CONVERSE, KEYS, ROLE, Emulator, Job, check, equal, finding, flow, main, outcrop, reply

CHANGE = """diff --git a/src/pool.c b/src/pool.c
--- a/src/pool.c
+++ b/src/pool.c
@@ -1,4 +1,7 @@ int get(void)
 int get(void)
 {
-\treturn 0;
+\tint idx = take();
+
+\tconns[idx].busy = 1;
+\treturn idx;
 }
"""
CLEAN = """diff --git a/README.md b/README.md
--- a/README.md
+++ b/README.md
@@ -1 +1,2 @@
 # Widgets
+More of them.
"""
DEFECT = """title: "pool: hand out connections"
language: C
# A comment that stays.
expect:
  - path: src/pool.c
    at: "conns[idx].busy = 1;"
    severity: critical
    category: correctness
    says: "negative|bounds"
"""
AGENT = '{"description": "Looks.", "prompt": "Look.\\n{{ diff }}\\n"}'


def write_cases(emulator):
    folder = emulator.folder
    for name, text, change in [("defect", DEFECT, CHANGE), ("clean", "title: More words\n", CLEAN)]:
        (folder / "evals" / name).mkdir(parents=True)
        (folder / "evals" / name / "case.yml").write_text(text)
        (folder / "evals" / name / "change.diff").write_text(change)
    (folder / ".github/outcrop/agents").mkdir(parents=True)
    (folder / ".github/outcrop/agents/looker.yml").write_text(AGENT)


def run(emulator, *arguments, env=None):
    return outcrop(emulator, "eval", "--agents", "looker", *arguments, env=env)


def found():
    """The problem of the one case; of the other it is not the problem."""
    return [reply(finding())]


@flow
def cases_are_recorded_then_replayed_without_a_call():
    with Emulator(found()) as emulator:
        write_cases(emulator)
        stale = run(emulator)
        equal(stale.returncode, 2, stale.stderr)
        check("--record" in stale.stderr, stale.stderr)
        equal(emulator.requests(CONVERSE), [], "the default calls nothing")
        recorded = run(emulator, "--record", "--format", "json", "--max-cost-usd", "2", env=KEYS)
        equal(recorded.returncode, 0, recorded.stderr)
        check("estimate: 2 calls, " in recorded.stderr, recorded.stderr)
        equal(len(emulator.requests(CONVERSE)), 2)
        replayed = run(emulator, "--format", "json", "--output", "again.json",
                       "--fail-under", "precision=1,recall=1,silent=1")
        equal(replayed.returncode, 0, replayed.stderr)
        equal(len(emulator.requests(CONVERSE)), 2, "a replay calls nothing")
        first, second = json.loads(recorded.stdout), json.loads((emulator.folder / "again.json").read_text())
        check(first["label"].startswith("looker with "), first["label"])
        equal(first["figures"]["precision"], second["figures"]["precision"])
        equal(second["figures"]["counts"]["hits"], 1)
        equal(second["figures"]["counts"]["severity_near"], 1)
        equal(second["matches"][1]["verdicts"], ["hit"])


@flow
def a_changed_prompt_is_shown_line_by_line_and_has_no_figures():
    with Emulator(found()) as emulator:
        write_cases(emulator)
        equal(run(emulator, "--record", env=KEYS).returncode, 0)
        (emulator.folder / ".github/outcrop/agents/looker.yml").write_text(AGENT.replace("Look.", "Look twice."))
        stale = run(emulator, "--fail-under", "precision=0.7")
        equal(stale.returncode, 2, stale.stderr)
        check(any(line.startswith("  line ") and "Look twice." in line for line in stale.stderr.splitlines()),
              stale.stderr)
        check("\\n" not in stale.stderr + stale.stdout, stale.stderr)
        check("--fail-under" not in stale.stderr, stale.stderr)


@flow
def a_case_is_the_same_in_each_repository_that_holds_it():
    with Emulator(found()) as emulator:
        write_cases(emulator)
        named = AGENT.replace("Look.", "Look at {{ repository }}.")
        (emulator.folder / ".github/outcrop/agents/looker.yml").write_text(named)
        recorded = run(emulator, "--record", env=KEYS)
        equal(recorded.returncode, 0, recorded.stderr)
        # The same cases in a repository that has a file of the same name, by chance.
        (emulator.folder / "src").mkdir()
        (emulator.folder / "src/pool.c").write_text("int get(void)\n{\n\tint idx = take();\n\n"
                                                    "\tconns[idx].busy = 1;\n\treturn idx;\n}\n" * 9)
        subprocess.run(["git", "init", "-q"], cwd=emulator.folder, check=True)
        subprocess.run(["git", "remote", "add", "origin", "https://github.com/acme/widgets"], cwd=emulator.folder,
                       check=True)
        replayed = run(emulator)
        equal(replayed.returncode, 0, replayed.stderr)
        check("Replies: recorded. No model was called." in replayed.stdout, replayed.stdout)
        check("Cost when they were recorded: $" in replayed.stdout, replayed.stdout)


@flow
def results_are_scored_again_and_compared():
    with Emulator(found()) as emulator:
        write_cases(emulator)
        good = run(emulator, "--live", "--format", "json", "--output", "good.json", env=KEYS)
        equal(good.returncode, 0, good.stderr)
        worse = json.loads((emulator.folder / "good.json").read_text())
        for entry in worse["replies"]:
            entry["findings"] = []
        (emulator.folder / "worse.json").write_text(json.dumps(worse))
        scored = run(emulator, "--score", "evals", "worse.json", "--against", "good.json")
        equal(scored.returncode, 0, scored.stderr)
        check("worse defect: missed: src/pool.c:5" in scored.stdout, scored.stdout)
        check("By stated confidence" in scored.stdout, scored.stdout)
        failed = run(emulator, "--score", "evals", "worse.json", "--fail-under", "recall=.5")
        equal(failed.returncode, 1, failed.stderr)
        check("recall is 0.000, lower than 0.500" in failed.stderr, failed.stderr)
        tests = run(emulator, "--score", "evals", "worse.json", "--format", "junit")
        suite = xml.fromstring(tests.stdout)
        equal((suite.get("tests"), suite.get("failures")), ("2", "1"))


@flow
def an_incomplete_reply_is_not_scored():
    refused = {"on": CONVERSE, "nth": 2, "fault": "validation"}
    with Emulator(found(), faults=[refused]) as emulator:
        write_cases(emulator)
        result = run(emulator, "--live", "--format", "json", env=KEYS)
        equal(result.returncode, 4, result.stderr)
        figures = json.loads(result.stdout)["figures"]
        equal((figures["cases"], figures["incomplete"]), (1, 1))
        equal(figures["recall"]["value"], None, "a failure is not silence")


JUDGED = {"same": True, "why": "Both say that the index is not checked."}


def judge_replies(**verdict):
    """A finding on the right line in other words, and what the judge says of it."""
    other = finding(title="Missing check", body="Nothing tests what take() returned.")
    return [{"match": {"agent": "judge"}, "text": json.dumps({**JUDGED, **verdict})}, reply(other)]


@flow
def a_judge_decides_what_lines_match_and_words_do_not():
    for verdict, hits in (({}, 1), ({"same": False}, 0)):
        with Emulator(judge_replies(**verdict)) as emulator:
            write_cases(emulator)
            judged = run(emulator, "--record", "--judge", "haiku", "--only", "defect", "--format", "json",
                         "--output", "judged.json", env=KEYS)
            equal(judged.returncode, 0, judged.stderr)
            check("judge: 1 pairs" in judged.stderr, judged.stderr)
            result = json.loads((emulator.folder / "judged.json").read_text())
            equal(result["figures"]["counts"]["hits"], hits)
            equal(result["figures_without_judge"]["counts"]["hits"], 0)
            said, = result["replies"][0]["judged"]
            equal((said["same"], said["why"]), (hits == 1, JUDGED["why"]))
            calls = len(emulator.requests(CONVERSE))
            replayed = run(emulator, "--judge", "haiku", "--only", "defect")
            equal(replayed.returncode, 0, replayed.stderr)
            scored = run(emulator, "--score", "evals", "judged.json")
            for page in (replayed.stdout, scored.stdout):
                check("Without the judge: precision 0.0 %" in page, page)
                check(JUDGED["why"] in page, page)
            equal(len(emulator.requests(CONVERSE)), calls, "verdicts are kept")
            stale = run(emulator, "--judge", "sonnet", "--only", "defect")
            equal(stale.returncode, 2, stale.stderr)


@flow
def a_judge_distinguishes_a_duplicate_from_noise():
    other = finding(line=6, evidence="return idx;", title="Callers get no slot", body="take() has an error return.")
    for verdict, counts in (({}, (1, 0)), ({"same": False}, (0, 1))):
        judge = {"match": {"agent": "judge"}, "text": json.dumps({**JUDGED, **verdict})}
        with Emulator([judge, reply(finding(), other)]) as emulator:
            write_cases(emulator)
            options = ["--judge", "haiku", "--only", "defect", "--format", "json"]
            recorded = run(emulator, "--record", *options, env=KEYS)
            equal(recorded.returncode, 0, recorded.stderr)
            replayed = run(emulator, *options)
            for page in (recorded.stdout, replayed.stdout):
                result = json.loads(page)
                found, alone = result["figures"]["counts"], result["figures_without_judge"]["counts"]
                equal((found["hits"], found["duplicates"], found["noise"]), (1, *counts))
                equal((alone["hits"], alone["duplicates"], alone["noise"]), (1, 0, 1))


@flow
def a_judge_that_fails_ends_the_evaluation():
    with Emulator([{"match": {"agent": "judge"}, "text": "I think so"}, *judge_replies()[1:]]) as emulator:
        write_cases(emulator)
        result = run(emulator, "--live", "--judge", "haiku", "--only", "defect", env=KEYS)
        equal(result.returncode, 4, result.stderr)
        equal(result.stdout, "", "no figure without a verdict")


@flow
def findings_are_accepted_into_their_case():
    with Emulator(judge_replies()[1:]) as emulator:
        write_cases(emulator)
        live = run(emulator, "--live", "--only", "defect", "--format", "json", "--output", "new.json", env=KEYS)
        equal(live.returncode, 0, live.stderr)
        accepted = run(emulator, "--score", "evals", "new.json", "--accept", "defect#1=allow")
        equal(accepted.returncode, 0, accepted.stderr)
        case = (emulator.folder / "evals/defect/case.yml").read_text()
        check("# A comment that stays." in case, case)
        check('allow:\n  - path: "src/pool.c"\n    at: "conns[idx].busy = 1;"' in case, case)
        again = json.loads(run(emulator, "--score", "evals", "new.json", "--format", "json").stdout)
        equal(again["matches"][0]["verdicts"], ["allowed"])
        for wrong, message in (("defect#9=allow", "not have this finding"), ("defect#1=yes", "CASE#N=LIST")):
            result = run(emulator, "--score", "evals", "new.json", "--accept", wrong)
            equal(result.returncode, 2, result.stderr)
            check(message in result.stderr, result.stderr)


@flow
def the_action_evaluates_the_cases_of_the_workspace():
    with Emulator(found()) as emulator:
        write_cases(emulator)
        for role, status in ((ROLE, 0), ("", 2)):
            job = Job(emulator, "schedule", command="eval", agents="looker", role_to_assume=role)
            for name in ("evals", ".github"):
                shutil.copytree(emulator.folder / name, job.folder / "workspace" / name)
            result = job.run()
            equal(result.status, status, result.text[-2000:])
            check("## Evaluation of" in result.summary, result.summary)
            replies = json.loads((result.workspace / "outcrop-report.json").read_text())["replies"]
            equal({r["complete"] for r in replies}, {status == 0}, result.text[-3000:])
        equal(len(emulator.requests(CONVERSE)), 2, "without a role recorded replies are asked for")


@flow
def missing_credentials_end_the_evaluation_at_once():
    with Emulator(found()) as emulator:
        write_cases(emulator)
        result = run(emulator, "--live")
        equal(result.returncode, 3, result.stderr)
        check("estimate: 2 calls" in result.stderr and "no AWS credentials" in result.stderr, result.stderr)
        equal(result.stdout, "", "no figures")


@flow
def wrong_cases_and_options_are_reported_before_any_call():
    with Emulator(found()) as emulator:
        write_cases(emulator)
        case = emulator.folder / "evals/defect/case.yml"
        for text, message in [(DEFECT.replace("conns[idx]", "other[idx]"), "not found in change.diff"),
                              (DEFECT.replace("expect", "expects"), 'unknown key "expects"'),
                              (DEFECT.replace("negative|", "(negative|"), "not a regular expression")]:
            case.write_text(text)
            result = run(emulator, "--live", env=KEYS)
            equal(result.returncode, 2, result.stderr)
            check(message in result.stderr, result.stderr)
        case.write_text(DEFECT)
        for options, message in [(["--live", "--record"], "exclude each other"),
                                 (["--repeat", "2"], "--repeat needs --live"),
                                 (["--no-regression"], "--no-regression needs --against"),
                                 (["nowhere"], "nowhere"),
                                 (["--fail-under", "recal=1"], "recall-high"),
                                 (["--only", "nobody"], "of these names")]:
            result = run(emulator, *options)
            equal(result.returncode, 2, options, result.stderr)
            check(message in result.stderr, result.stderr)
        equal(emulator.requests(CONVERSE), [])


if __name__ == "__main__":
    main()
