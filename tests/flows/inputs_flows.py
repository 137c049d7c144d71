#!/usr/bin/env python3
"""Wrong input: a clear error with status 2, before anything is called."""
import re
import subprocess

from harness import BASE, HEAD, Emulator, Job, check, equal, finding, flow, main, outcrop, reply


def refused(emulator, result, *words):
    equal(result.status, 2, result.text)
    for word in words:
        check(word in result.text, word, result.text)
    equal([r for r in emulator.state()["requests"] if r["operation"].startswith("converse")], [])


def called(emulator):
    return [r["target"] for r in emulator.state()["requests"]
            if not r["target"].startswith("/_emulator")]


@flow
def wrong_inputs_are_all_named_at_once():
    with Emulator() as emulator:
        result = Job(emulator, max_calls="many", dry_run="perhaps", fail_on="bad", shard="1/4").run()
        refused(emulator, result, "max-calls", "dry-run", "fail-on", "shard")
        equal(called(emulator), [])


@flow
def a_name_that_no_input_has_is_a_warning_with_the_name_that_is_meant():
    with Emulator([reply()]) as emulator:
        result = Job(emulator, max_cost="2", agent="security", nonsense="x", args="-v").run()
        equal(result.status, 0, result.text)
        warnings = re.findall(r"^::warning::(.*unknown input.*)$", result.text, re.M)
        equal(sorted(warnings), ['agent: unknown input, ignored; did you mean "agents"?',
                                 'max-cost: unknown input, ignored; did you mean "max-cost-usd"?',
                                 "nonsense: unknown input, ignored: see action.yml"])


@flow
def wrong_roles_sessions_and_policies_are_named_before_any_call():
    cases = [({"role_to_assume": "reviewer"}, "role-to-assume"),
             ({"role_session_name": "a b"}, "role-session-name"),
             ({"role_duration_seconds": "60"}, "role-duration-seconds"),
             ({"inline_session_policy": "{"}, "inline-session-policy")]
    for inputs, name in cases:
        with Emulator() as emulator:
            refused(emulator, Job(emulator, **inputs).run(), name)
            equal(called(emulator), [], name)


@flow
def the_commas_in_the_braces_of_a_pattern_do_not_split_a_list():
    for name, calls in (("exclude_paths", 0), ("include_paths", 1)):
        with Emulator([reply()]) as emulator:
            result = Job(emulator, **{name: "docs/**, **/*.{c,h}"}).run()
            equal(result.status, 0, result.text)
            equal(bool(emulator.requests("converse-stream")), bool(calls), name)


@flow
def a_folder_is_excluded_in_each_form_in_which_people_write_it():
    for given in ("src", "./src", "/src", "src/", "src/**", "- src/**", "- docs\n- 'src'", '["docs", "src/**"]',
                  '"src/**"'):
        with Emulator([reply()]) as emulator:
            result = Job(emulator, exclude_paths=given).run()
            equal((result.status, result.outputs["conclusion"]), (0, "skipped"), given, result.text)
            equal(emulator.requests("converse"), [], given)
    for given, why in (("docs/** src/**", "separate patterns by commas or lines"),
                       ("src\\pool.c", "folders are separated by")):
        with Emulator() as emulator:
            refused(emulator, Job(emulator, exclude_paths=given).run(), "exclude-paths", why)


@flow
def choices_are_taken_in_any_case_and_none_goes_alone():
    with Emulator([reply(finding())]) as emulator:
        result = Job(emulator, fail_on="High", min_severity="LOW", publish="Summary, REVIEW").run()
        equal((result.status, len(emulator.state()["github"]["line_comments"])), (1, 1), result.text)
    with Emulator() as emulator:
        refused(emulator, Job(emulator, publish="none, summary").run(), "publish", "none beside others")


@flow
def an_unclosed_brace_is_named_with_its_fix():
    for name in ("exclude_paths", "include_paths", "agents", "reports"):
        with Emulator() as emulator:
            result = Job(emulator, **{name: "a, **/*.{c,h"}).run()
            refused(emulator, result, name.replace("_", "-"), "unclosed brace: close it or escape")
            equal(called(emulator), [], name)


@flow
def a_wrong_event_file_is_named():
    with Emulator() as emulator:
        job = Job(emulator)
        (job.folder / "event.json").write_text("<html>")
        refused(emulator, job.run(), "event")
        job.env["GITHUB_EVENT_PATH"] = "/nonexistent/event.json"
        refused(emulator, job.run(), "event")


@flow
def a_wrong_configuration_is_named_with_its_place():
    config = {".github/outcrop.yml": "version: 1\nmodls: {}\n"}
    with Emulator(base={**BASE, **config}) as emulator:
        result = Job(emulator).run()
        refused(emulator, result, ".github/outcrop.yml:2:", "modls", "models")


@flow
def yaml_that_bites_is_refused():
    bites = {"aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
                 f"b{n}: &b{n} [{', '.join(['*' + ('a' if n == 0 else f'b{n - 1}')] * 9)}]\n"
                 for n in range(9)),
             "depth": "x: " + "[" * 200 + "]" * 200,
             "tabs": "version: 1\n\tagents: []\n",
             "twice": "version: 1\nversion: 1\n",
             "bytes": b"version: 1\nagents: [\xff]\n"}
    for text in bites.values():
        with Emulator(base={**BASE, ".github/outcrop.yml": text}) as emulator:
            refused(emulator, Job(emulator).run(), ".github/outcrop.yml")


@flow
def an_unknown_agent_or_model_is_named_with_what_was_meant():
    with Emulator() as emulator:
        refused(emulator, Job(emulator, agents="securty").run(), "securty", "security")
        refused(emulator, Job(emulator, model="sonet").run(), "sonet", "sonnet")


@flow
def a_missing_region_names_the_input():
    with Emulator() as emulator:
        refused(emulator, Job(emulator, aws_region="").run(), "aws-region")


@flow
def a_named_configuration_that_is_absent_is_an_error_and_the_default_is_not():
    with Emulator([reply()]) as emulator:
        equal(Job(emulator).run().status, 0)
    with Emulator([reply()]) as emulator:
        refused(emulator, Job(emulator, config="review/other.yml").run(), "review/other.yml")


@flow
def a_cost_limit_needs_known_prices():
    with Emulator() as emulator:
        result = Job(emulator, max_cost_usd="1", model="us.unknown.model-v1:0").run()
        refused(emulator, result, "max-cost-usd")


@flow
def a_diff_that_was_cut_is_refused_with_its_line():
    text = "--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,3 @@\n a\n-b\n"
    with Emulator() as emulator:
        result = outcrop(emulator, "review", "--diff", "-", stdin=text)
        equal(result.returncode, 2, result.stderr)
        check("line 5" in result.stderr, result.stderr)


@flow
def a_review_on_a_laptop_prints_what_it_found_and_records_can_be_replayed():
    text = ("--- a/src/pool.c\n+++ b/src/pool.c\n@@ -1,4 +1,5 @@\n int get(void)\n {\n"
            "+\tconns[idx].busy = 1;\n \treturn 0;\n }\n")
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secretexample"}
    aws = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "secretexample"}
    with Emulator([reply(finding(line=3))], aws=aws, head=HEAD) as emulator:
        (emulator.folder / "records").mkdir()
        first = outcrop(emulator, "review", "--diff", "-", "--agents", "security", "--record",
                        "records", stdin=text, env=keys)
        equal(first.returncode, 0, first.stderr)
        check("src/pool.c:3" in first.stdout, first.stdout)
        calls = len(emulator.requests("converse-stream"))
        again = outcrop(emulator, "review", "--diff", "-", "--agents", "security", "--replay",
                        "records", stdin=text)
        equal(again.returncode, 0, again.stderr)
        check("src/pool.c:3" in again.stdout, again.stdout)
        equal(len(emulator.requests("converse-stream")), calls, "a replay calls nobody")
        other = outcrop(emulator, "review", "--diff", "-", "--agents", "security", "--replay",
                        "records", stdin=text.replace("busy = 1", "busy = 2"))
        equal(other.returncode, 2, other.stdout + other.stderr)


@flow
def what_is_staged_is_taken_alone():
    with Emulator() as emulator:
        def git(*words):
            subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.test", *words],
                           cwd=emulator.folder, check=True, capture_output=True)
        git("init", "-q", "-b", "main")
        (emulator.folder / "a.c").write_text("int a;\n")
        git("add", "a.c")
        git("commit", "-qm", "one")
        for name in ("a.c", "b.c"):
            (emulator.folder / name).write_text("int b;\n")
        git("add", "b.c")
        result = outcrop(emulator, "plan", "--staged")
        equal(result.returncode, 0, result.stderr)
        check("  b.c" in result.stdout and "  a.c" not in result.stdout, result.stdout)


@flow
def commands_that_are_not_there_are_exit_2():
    with Emulator() as emulator:
        result = outcrop(emulator, "evaluate")
        equal(result.returncode, 2)
        check("unknown command" in result.stderr)
        check("  evaluate" not in outcrop(emulator, "--help").stdout)


if __name__ == "__main__":
    main()
