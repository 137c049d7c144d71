#!/usr/bin/env python3
"""The cases in evals/: all of them load, and scripted replies to three of them give the expected figures."""
import collections
import json
import pathlib
import re
import resource
import shutil

from harness import CONVERSE, KEYS, Emulator, check, equal, finding, flow, main, outcrop, reply

CASES = pathlib.Path(__file__).resolve().parent.parent.parent / "evals"
LANGUAGES = {"C", "Go", "Java", "Python", "Rust", "SQL", "Shell", "TypeScript", "YAML"}
AGENT = '{"description": "Looks.", "prompt": "Look.\\n{{ diff }}\\n"}'
RACE = finding(path="src/pool.c", line=18, category="concurrency", severity="high",
               title="Two threads can take the same connection",
               body="`busy` is read and written without the mutex.",
               evidence="if (!pool->items[i].busy) {")
DOUBLE = finding(path="src/list.c", line=30, category="memory-safety", severity="high",
                 title="Double free of the name", body="The name may be freed twice.",
                 evidence="free(item->name);")


def names():
    return sorted(folder.parent.name for folder in CASES.glob("*/case.yml"))


def text_of(name):
    return (CASES / name / "case.yml").read_text(encoding="utf-8")


def silence():
    """Results in which every case has a complete reply without a finding."""
    return {"schema_version": 1, "replies": [{"case": name, "complete": True} for name in names()]}


@flow
def all_cases_load_and_are_scored_without_a_call():
    with Emulator() as emulator:
        (emulator.folder / "silence.json").write_text(json.dumps(silence()))
        result = outcrop(emulator, "eval", "--score", str(CASES), "silence.json", "--format", "json")
        equal(result.returncode, 0, result.stderr)
        equal(result.stderr, "", "no problem is reported")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        check(used.ru_utime + used.ru_stime < 10, "the machinery takes ten seconds of CPU at most")
        figures = json.loads(result.stdout)["figures"]
        check(figures["cases"] >= 60, figures["cases"])
        check(figures["clean_cases"] >= 30, figures["clean_cases"])
        check(figures["cases"] - figures["clean_cases"] >= 30, figures)
        equal(figures["recall"]["value"], 0)
        equal(emulator.requests(CONVERSE), [])


@flow
def the_recorded_replies_of_a_clone_are_replayed_without_aws():
    with Emulator() as emulator:
        shutil.copytree(CASES, emulator.folder / "evals")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = outcrop(emulator, "eval", "evals", "--format", "json")
        equal(result.returncode, 0, "after a change of a prompt run script/record-evals", result.stderr[-2000:])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        check(seconds < 10, f"{seconds} s of CPU")
        equal(emulator.requests(CONVERSE), [], "a replay calls nothing")
        page = json.loads(result.stdout)
        equal((page["replayed"], "not by a model" in page["source"]), (True, True))
        counts = page["figures"]["counts"]
        # By the rules of script/record-evals: 33 problems, every sixth missed; every fourth false one reported.
        equal((counts["expected"], counts["hits"], counts["noise"], counts["known_false"], counts["unverified"]),
              (33, 28, 3, 10, 3))
        equal((counts["severity_exact"], counts["severity_near"]), (22, 28))
        check(page["figures"]["seconds_median"] is None, "a replay says nothing about time")


@flow
def the_cost_of_a_run_is_what_the_pages_say():
    with Emulator() as emulator:
        shutil.copytree(CASES, emulator.folder / "evals", ignore=shutil.ignore_patterns("replies"))
        result = outcrop(emulator, "eval", "evals", "--live", "--max-cost-usd", "0.01", env=KEYS)
        estimate = float(re.search(r"^estimate: 192 calls, .* \$([\d.]+)", result.stderr, re.M).group(1))
        for page in ("README.md", "evals/README.md"):
            stated = float(re.search(r"about \$([\d.]+\d)", (CASES.parent / page).read_text()).group(1))
            check(abs(stated - estimate) < 0.2, page, stated, estimate)


@flow
def the_example_of_results_can_be_scored():
    with Emulator() as emulator:
        result = outcrop(emulator, "eval", "--score", str(CASES), str(CASES / "example.json"), "--format", "json")
        equal((result.returncode, result.stderr), (0, ""))
        counts = json.loads(result.stdout)["figures"]["counts"]
        equal((counts["expected"], counts["hits"], counts["noise"], counts["known_false"]), (33, 27, 2, 8))


@flow
def every_language_has_defects_and_clean_cases():
    kinds = collections.defaultdict(set)
    for name in names():
        text = text_of(name)
        language = re.search(r"^language: (\S+)$", text, re.M)[1]
        kinds[language].add("defect" if re.search(r"^expect:$", text, re.M) else "clean")
        proof = re.search(r"^proof: >-\n((?:  .*\n)+)", text, re.M)
        check(proof and len(proof[1]) > 120, name, "has no proof that says why")
        check("\norigin: { kind: written }\n" in text, name, "has no origin")
    equal(set(kinds), LANGUAGES)
    for language, found in kinds.items():
        equal(found, {"defect", "clean"}, language)
    held_out = [name for name in names() if "\nheld_out: true\n" in text_of(name)]
    check(len(names()) / 4 <= len(held_out) <= len(names()) / 2, len(held_out))


@flow
def three_cases_are_recorded_replayed_and_counted():
    # Replies in the order of the calls: cases run one after the other, by name.
    scripted = [{"match": {"call": 1}, **reply(DOUBLE)}, {"match": {"call": 2}, **reply(RACE)}, reply()]
    chosen = ["c-guarded-free", "c-pool-race", "python-naive-expiry"]
    with Emulator(scripted) as emulator:
        for name in chosen:
            shutil.copytree(CASES / name, emulator.folder / "evals" / name)
        agents = emulator.folder / ".github/outcrop/agents"
        agents.mkdir(parents=True)
        (agents / "looker.yml").write_text(AGENT)
        recorded = outcrop(emulator, "eval", "--agents", "looker", "--record", "--format", "json", env=KEYS)
        equal(recorded.returncode, 0, recorded.stderr)
        equal(len(emulator.requests(CONVERSE)), 3)
        replayed = outcrop(emulator, "eval", "--agents", "looker", "--format", "json")
        equal(replayed.returncode, 0, replayed.stderr)
        equal(len(emulator.requests(CONVERSE)), 3, "a replay calls nothing")
        for run in (recorded, replayed):
            result = json.loads(run.stdout)
            figures = result["figures"]
            equal({match["case"]: match["verdicts"] for match in result["matches"]},
                  {"c-guarded-free": ["known-false"], "c-pool-race": ["hit"], "python-naive-expiry": []})
            equal((figures["precision"]["value"], figures["recall"]["value"]), (0.5, 0.5))
            equal(figures["silent"]["value"], 0)


if __name__ == "__main__":
    main()
