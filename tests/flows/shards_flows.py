#!/usr/bin/env python3
"""A review spread over several jobs, and joined again."""
import json
import shutil

from harness import FOUND_KEY, Emulator, Job, check, equal, finding, flow, main, reply

FOLDERS = 8
CONFIG = "version: 1\ndefaults: { chunk: { tokens: 1000 } }\n"


def tree(changed):
    files = {".github/outcrop.yml": CONFIG}
    for number in range(FOLDERS):
        lines = [f"int value_{number}_{line}(void);" for line in range(60)]
        if changed:
            lines = [line.replace("(void)", "(int)") for line in lines]
        files[f"part{number}/code.c"] = "\n".join(lines) + "\n"
    return files


def replies():
    """Each chunk is answered with a finding on each of its files' first lines, where they are shown."""
    return [{"match": {"agent": "security"}, **reply(*[
        finding(path=f"part{n}/code.c", line=1, title=f"Part {n} changed its signature",
                body=f"Callers of part {n} break.", evidence=f"int value_{n}_0(int);")
        for n in range(FOLDERS)])}]


def emulator():
    return Emulator(replies(), base=tree(False), head=tree(True))


def shown(place):
    """The findings on lines, as people see them."""
    return sorted((c["path"], c["line"], c["body"].split("\n")[0])
                  for c in place.state()["github"]["line_comments"])


def plan(place, shards):
    result = Job(place, command="plan", shards=str(shards)).run()
    equal(result.status, 0, result.text)
    return [entry["shard"] for entry in json.loads(result.outputs["matrix"])["include"]]


def run_shards(place, shards):
    reports = []
    for shard in shards:
        result = Job(place, shard=shard).run()
        equal(result.status, 0, shard, result.text)
        equal(result.outputs.get("comments-posted", "0"), "0", "a shard publishes nothing")
        reports.append(result.workspace / "outcrop-report.json")
    return reports


def merge(place, reports, **inputs):
    job = Job(place, command="merge", reports="shards/*.json", **inputs)
    folder = job.folder / "workspace" / "shards"
    folder.mkdir()
    for number, report in enumerate(reports):
        shutil.copy(report, folder / f"{number}.json")
    return job.run()


@flow
def four_shards_joined_are_the_review_of_one_job():
    with emulator() as whole, emulator() as spread:
        alone = Job(whole).run()
        equal(alone.status, 0, alone.text)
        shards = plan(spread, 4)
        equal(len(shards), 4)
        equal(spread.state()["github"]["line_comments"], [], "a plan posts nothing")
        merged = merge(spread, run_shards(spread, shards))
        equal(merged.status, 0, merged.text)
        equal(shown(spread), shown(whole))
        equal(len(shown(spread)), FOLDERS)
        equal(merged.outputs["findings-count"], alone.outputs["findings-count"])
        equal(len(spread.state()["github"]["reviews"]), 1)


@flow
def the_least_severity_holds_for_joined_shards():
    with emulator() as spread:
        reports = run_shards(spread, plan(spread, 2))
        merged = merge(spread, reports, min_severity="critical", fail_on="high")
        equal((merged.status, merged.outputs["conclusion"]), (0, "clean"), merged.text)
        equal((shown(spread), merged.outputs["findings-count"]), ([], "0"))


@flow
def a_missing_shard_makes_the_result_partial():
    with emulator() as place:
        reports = run_shards(place, plan(place, 4))
        merged = merge(place, reports[1:])
        equal(merged.status, 4, merged.text)
        equal(merged.outputs["conclusion"], "partial")
        check(shown(place), "what the others found is posted")


@flow
def reports_of_other_commits_are_refused():
    with emulator() as place:
        reports = run_shards(place, plan(place, 2))
        text = json.loads(reports[0].read_text())
        text["pull_request"]["head"] = "0" * 40
        reports[0].write_text(json.dumps(text))
        merged = merge(place, reports)
        equal(merged.status, 2, merged.text)
        equal(shown(place), [])


@flow
def a_secret_in_a_report_of_another_job_is_replaced():
    """The file lay in an artifact, which another program may have written."""
    with emulator() as place:
        reports = run_shards(place, plan(place, 2))
        text = json.loads(reports[0].read_text())
        text["notices"] = [f"A notice with {FOUND_KEY}."]
        for found in text["findings"]:
            found.update(title=f"The key is {FOUND_KEY}", body=f"{FOUND_KEY[:8]}&#8203;{FOUND_KEY[8:]}")
        reports[0].write_text(json.dumps(text))
        merged = merge(place, reports, publish="summary, review, check, annotations")
        equal(merged.status, 0, merged.text)
        posted = json.dumps(place.state()["github"]) + merged.text + merged.summary
        report = (merged.workspace / "outcrop-report.json").read_text()
        check(FOUND_KEY not in posted + report, posted)
        check("[redacted:" in posted, posted)


if __name__ == "__main__":
    main()
