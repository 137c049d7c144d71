#!/usr/bin/env python3
"""What a run leaves that is skipped or fails, what is wrong before any call, and what stdout holds."""
import json
import os
import pathlib
import tempfile
import time

from harness import (
    CONVERSE,
    KEYS,
    Emulator,
    Job,
    Skip,
    agent,
    check,
    equal,
    finding,
    flow,
    main,
    outcrop,
    reply,
)

NUMBERS = ("findings-count", "critical-count", "high-count", "medium-count", "low-count", "info-count",
           "unverified-count", "comments-planned", "comments-posted", "comments-unchanged",
           "comments-failed", "input-tokens", "output-tokens", "cache-read-tokens",
           "cache-write-tokens")
DIFF = ("diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,3 @@\n int a;\n+int b;\n int c;\n")


def numbers_are_zero(result):
    for name in NUMBERS:
        equal(result.outputs.get(name), "0", name, result.text)


def nothing_was_called(emulator):
    for operation in ("oidc", "sts", CONVERSE, "github"):
        equal(emulator.requests(operation), [], operation)


@flow
def a_skipped_run_sets_every_number():
    with Emulator() as emulator:
        result = Job(emulator, "merge_group").run()
        equal(result.status, 0, result.text)
        equal(result.outputs["conclusion"], "skipped")
        numbers_are_zero(result)


@flow
def a_github_that_cannot_be_read_is_a_failed_run_with_its_reason():
    with Emulator([reply()]) as emulator:
        job = Job(emulator, github_token="wrong")
        result = job.run()
        check(result.status != 0, result.text)
        equal(result.outputs.get("conclusion"), "failed", result.text)
        numbers_are_zero(result)
        check("failed" in result.summary and "pull" in result.summary, result.summary)
        equal(emulator.requests(CONVERSE), [])


@flow
def wrong_inputs_leave_outputs_too():
    with Emulator([reply()]) as emulator:
        result = Job(emulator, max_calls="many").run()
        equal(result.status, 2, result.text)
        equal(result.outputs.get("conclusion"), "failed", result.text)
        check("max-calls" in result.summary, result.summary)


@flow
def a_report_that_cannot_be_written_keeps_nothing_else_back():
    with Emulator([reply(finding(), held=True)]) as emulator:
        job = Job(emulator, report_file="taken")
        started = time.monotonic()
        process = job.start()
        emulator.wait_for(CONVERSE)
        # A file cannot take the place of a folder, and this one was not there when the run began.
        (job.folder / "workspace" / "taken" / "kept").mkdir(parents=True)
        emulator.release()
        result = job.finish(process, started)
        equal(result.status, 5, result.text)
        equal(result.outputs["conclusion"], "findings", result.text)
        equal(result.outputs["report-file"], "", result.text)
        equal(result.outputs["sarif-file"], "outcrop.sarif", result.text)
        check((result.workspace / "outcrop.sarif").exists())
        check("security" in result.summary, result.summary)


@flow
def paths_of_files_are_judged_before_anything_is_called():
    with Emulator([reply(finding())]) as emulator:
        for name in ("report_file", "sarif_file"):
            for path in ("../x.json", "/etc/x.json", "a/", "folder"):
                job = Job(emulator, **{name: path})
                (job.folder / "workspace" / "folder").mkdir()
                result = job.run()
                equal(result.status, 2, path, result.text)
        equal(Job(emulator, report_file="one", sarif_file="one").run().status, 2)
        job = Job(emulator)
        job.env["GITHUB_STEP_SUMMARY"] = str(job.folder)
        equal(job.run().status, 2)
        nothing_was_called(emulator)
        job = Job(emulator)
        job.set(report_file=str(job.folder / "workspace") + "/deep/out.json")
        result = job.run()
        equal(result.status, 0, result.text)
        equal(result.outputs["report-file"], "deep/out.json")
        check((result.workspace / "deep/out.json").exists())


@flow
def a_region_without_a_profile_is_found_before_aws_is_asked():
    with Emulator([reply()]) as emulator:
        for region in ("xx-nowhere-1", ""):
            result = Job(emulator, aws_region=region).run()
            equal(result.status, 2, region, result.text)
            check("aws-region" in result.text, result.text)
        for kind in ("oidc", "sts", CONVERSE):
            equal(emulator.requests(kind), [], kind)


@flow
def an_output_that_cannot_be_opened_is_exit_2_before_any_call():
    with Emulator([reply()]) as emulator:
        result = outcrop(emulator, "review", "--diff", "-", "--output", "missing/out.json", stdin=DIFF,
                         env=KEYS)
        equal(result.returncode, 2, result.stderr)
        nothing_was_called(emulator)


@flow
def an_output_keeps_nothing_of_what_the_file_held():
    with Emulator([reply()]) as emulator:
        (emulator.folder / "out.json").write_text("x" * 100000)
        result = outcrop(emulator, "review", "--diff", "-", "--agents", "security", "--format", "json",
                         "--output", "out.json", stdin=DIFF, env=KEYS)
        equal(result.returncode, 0, result.stderr)
        json.loads((emulator.folder / "out.json").read_text())
        equal(result.stdout, "")


@flow
def what_a_file_does_not_take_is_printed():
    """A full disk does not lose a result that was paid for."""
    if not os.path.exists("/dev/full"):
        raise Skip("/dev/full is not here")
    with Emulator([reply()]) as emulator:
        result = outcrop(emulator, "review", "--diff", "-", "--agents", "security", "--format", "json",
                         "--output", "/dev/full", stdin=DIFF, env=KEYS)
        equal(result.returncode, 4, result.stderr)
        check("/dev/full" in result.stderr and "the result is on stdout instead" in result.stderr, result.stderr)
        equal(json.loads(result.stdout)["conclusion"], "clean")


@flow
def stdout_of_a_step_holds_the_result_and_no_command():
    hostile = "::add-mask::x\n  ::error::y\n##[group]z\n\x1b[31mred"
    actions = {**KEYS, "GITHUB_ACTIONS": "true"}
    with Emulator([{"text": hostile}, {"text": hostile}]) as emulator:
        text = outcrop(emulator, "invoke", stdin="Hello?", env=actions)
        equal(text.returncode, 0, text.stderr)
        equal(text.stdout, "\\::add-mask::x\n  :\\:error::y\n".replace("\\::add", ":\\:add") +
              "##\\[group]z\n\\x1b[31mred\n", text.stdout)
        check(KEYS["AWS_SECRET_ACCESS_KEY"] not in text.stdout)
        check("::add-mask::" in text.stderr, text.stderr)
        answer = outcrop(emulator, "invoke", "--format", "json", stdin="Hello?", env=actions)
        check("##[" not in answer.stdout, answer.stdout)
        equal(json.loads(answer.stdout)["text"], hostile)
    with Emulator([reply(finding(path="a.c", line=2, evidence="int b;", title="##[error]"))]) as emulator:
        review = outcrop(emulator, "review", "--diff", "-", "--agents", "security", "--format", "json",
                         stdin=DIFF, env=actions)
        equal(review.returncode, 0, review.stderr)
        equal(len(json.loads(review.stdout)["findings"]), 1)
        check("##[" not in review.stdout, review.stdout)


@flow
def an_empty_change_gives_an_empty_document():
    with Emulator([reply()]) as emulator:
        report = outcrop(emulator, "review", "--diff", "-", "--format", "json", env=KEYS)
        equal(report.returncode, 0, report.stderr)
        equal(json.loads(report.stdout)["conclusion"], "skipped")
        sarif = outcrop(emulator, "review", "--diff", "-", "--format", "sarif", env=KEYS)
        equal(json.loads(sarif.stdout)["runs"][0]["results"], [])
        markdown = outcrop(emulator, "review", "--diff", "-", "--format", "markdown", env=KEYS).stdout
        check("review skipped" in markdown and "0 of 0" not in markdown, markdown)
        equal(outcrop(emulator, "review", "--diff", "-", env=KEYS).stdout, "")


@flow
def a_folder_is_checked_as_a_root_without_a_repository():
    with Emulator() as emulator, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for path, text in agent("mine", promt="x").items():
            (folder / path).parent.mkdir(parents=True)
            (folder / path).write_text(text)
        for arguments, env in (((name,), {}),):
            result = outcrop(emulator, "check", *arguments, env=env)
            equal(result.returncode, 2, result.stdout + result.stderr)
            check(".github/outcrop/agents/mine.yml:" in result.stdout, result.stdout)
        equal(outcrop(emulator, "check").returncode, 0, "an empty folder has the built-in pack")


@flow
def every_problem_is_found_in_one_pass():
    with Emulator() as emulator, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / ".github/outcrop/agents"
        folder.mkdir(parents=True)
        (folder / "a.yml").write_text("description: x\nprompt: y\nneeds: [nobody]\nmodel: hiaku\n")
        (folder / "b.yml").write_text("description: x\npromt: y\n")
        (pathlib.Path(name) / ".github/outcrop.yml").write_text(
            "version: 1\nagents: [a, b]\nmodels:\n  m: { model: anthropic.claude-x, temperature: 0.5,"
            " thinking: { budget_tokens: 2048 } }\n  n: { fallback: [nothing] }\ncolor: red\n")
        result = outcrop(emulator, "check", name)
        equal(result.returncode, 2, result.stdout + result.stderr)
        for word in ("nobody", "hiaku", "promt", "temperature", "color", "nothing"):
            check(word in result.stdout, word, result.stdout)


if __name__ == "__main__":
    main()
