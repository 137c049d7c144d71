"""A referee judges the findings of the others: it may drop, move and join, on code that it quotes."""
import json

from harness import (
    CONVERSE,
    OLD_SONNET,
    Emulator,
    Job,
    bodies,
    check,
    config,
    equal,
    finding,
    flow,
    line_comments,
    main,
    reply,
    summary,
    trees,
    turn,
)

INDEX = finding()
NAME = finding(line=3, title="The name says nothing", body="Call it what it holds.", severity="medium",
               evidence="int idx = take();")


def verdicts(*given):
    """The referee's answer: (id, verdict, evidence, more) each."""
    rows = [{"id": row[0], "evidence": row[2], "verdict": row[1], "why": "It says so.",
             **(row[3] if len(row) > 3 else {})} for row in given]
    return {"match": {"agent": "referee"}, "tools": [{"name": "report_verdicts", "input": {"verdicts": rows}}]}


def judged(found, *given, agents="security, referee", **inputs):
    """A run with these findings of the agent `security`, and these verdicts."""
    with Emulator([{"match": {"agent": "security"}, **reply(*found)}, verdicts(*given)]) as emulator:
        result = Job(emulator, agents=agents, **inputs).run()
        result.kept = result.report()
        return result, line_comments(emulator), summary(emulator), bodies(emulator, "referee")


@flow
def a_finding_that_quoted_code_refutes_is_dropped_and_listed():
    result, comments, _, _ = judged([INDEX, NAME], ("F1", "drop", "int idx = take();"), ("F2", "keep", ""))
    equal(result.status, 0, result.text)
    equal([c["line"] for c in comments], [3])
    dropped = result.kept["dropped"][0]
    equal((dropped["title"], dropped["reason"], dropped["counter_evidence"]),
          ("The index may be negative", "It says so.", "int idx = take();"))
    check("<summary>Dropped by the referee (1)</summary>" in result.summary, result.summary)
    check("int idx = take();" in result.summary)


@flow
def code_that_was_not_shown_refutes_nothing():
    for quote in ("", "if (idx < 0) return -1;", "idx"):
        result, comments, _, _ = judged([INDEX, NAME], ("F1", "drop", quote), ("F2", "summary", quote))
        equal((len(comments), result.kept["dropped"]), (2, []), quote)


@flow
def code_that_a_finding_quotes_itself_moves_it_and_does_not_drop_it():
    for quote in ("conns[idx].busy = 1;", "conns[idx].busy", "\tconns[idx].busy = 1;\n"):
        result, comments, text, _ = judged([INDEX], ("F1", "drop", quote))
        equal((comments, result.kept["dropped"], result.outputs["high-count"]), ([], [], "1"), quote, result.text)
        check("the referee: It says so." in text, text)


@flow
def code_that_the_change_only_moved_is_no_longer_a_finding():
    get, check_line = "int get(void)\n{\n\treturn 0;\n}\n", "\tcheck_slots(all);\n"
    with_check = get.replace("\treturn", check_line + "\treturn")
    moved = get + "\nint open(void)\n{\n" + check_line + "}\n"
    answer = verdicts(("F1", "drop", "check_slots(all);"))
    for side, base, head, line, dropped in (("LEFT", with_check, get, 3, 0), ("LEFT", with_check, moved, 3, 1),
                                            ("RIGHT", get, with_check, 3, 0), ("RIGHT", moved, with_check, 3, 1)):
        found = finding(side=side, line=line, evidence="check_slots(all);", title="The check")
        with Emulator([{"match": {"agent": "security"}, **reply(found)}, answer],
                      base={"src/pool.c": base}, head={"src/pool.c": head}) as emulator:
            result = Job(emulator, agents="security, referee").run()
            equal((len(result.report()["dropped"]), line_comments(emulator)), (dropped, []), side, head)


@flow
def code_of_a_file_that_it_read_refutes():
    files = trees(head={"src/take.c": "int take(void)\n{\n\treturn limit_to_pool(next++);\n}\n"})
    read = turn(1, {"tools": [{"name": "read_file", "input": {"path": "src/take.c"}}]}, agent="referee")
    answer = verdicts(("F1", "drop", "return limit_to_pool(next++);"))
    answer["match"]["turn"] = 2
    base = {**files["base"], "src/take.c": files["head"]["src/take.c"]}
    with Emulator([{"match": {"agent": "security"}, **reply(INDEX)}, read, answer],
                  base=base, head=files["head"]) as emulator:
        result = Job(emulator, agents="security, referee").run()
        equal((line_comments(emulator), len(result.report()["dropped"])), ([], 1), result.text)


@flow
def what_is_minor_moves_to_the_summary_and_keeps_its_severity():
    result, comments, text, _ = judged([INDEX], ("F1", "summary", "return idx;"))
    equal((comments, result.outputs["high-count"]), ([], "1"), result.text)
    check("the referee: It says so." in text, text)


@flow
def it_judges_with_and_without_tools_in_both_apis():
    rows = [{"id": "F1", "evidence": "int idx = take();", "verdict": "drop", "why": "It says so."},
            {"id": "F2", "evidence": "", "verdict": "keep", "why": ""}]
    said = {"match": {"agent": "referee"}, "text": json.dumps({"verdicts": rows})}
    kinds = [("tools", [], verdicts(*[(row["id"], row["verdict"], row["evidence"]) for row in rows])),
             ("structured output", ["tools"], said), ("text", ["tools", "structured-output"], said)]
    for api in ("converse", "messages"):
        for kind, refuses, answer in kinds:
            files = trees(config(models={"judge": {"model": OLD_SONNET, "api": api}}))
            models = [{"match": "*", "refuses": refuses}]
            with Emulator([{"match": {"agent": "security"}, **reply(INDEX, NAME)}, answer], models=models,
                          **files) as emulator:
                result = Job(emulator, agents="security, referee", model="judge").run()
                equal((result.status, result.row("referee")["status"]), (0, "done"), api, kind, result.text)
                equal([c["line"] for c in line_comments(emulator)], [3], api, kind)
                equal(len(result.report()["dropped"]), 1, api, kind)


@flow
def two_findings_that_are_one_are_joined_and_nothing_is_added():
    other = finding(line=6, title="Callers get a slot outside of the array", evidence="return idx;",
                    body="A reader of the result goes astray.", severity="critical")
    result, comments, text, _ = judged(
        [INDEX, other], ("F2", "keep", "", {"same_as": "F1"}), ("F7", "drop", "return idx;"),
        ("F1", "keep", "", {"title": "Reworded", "severity": "info"}))
    equal(len(comments), 1, comments)
    equal((result.outputs["findings-count"], result.outputs["critical-count"]), ("1", "1"))
    check("Reworded" not in text + comments[0]["body"])


@flow
def it_sees_claims_without_their_reasons_on_the_same_cached_prefix():
    with Emulator([{"match": {"agent": "security"}, **reply(INDEX, NAME)}, verdicts()]) as emulator:
        result = Job(emulator, agents="security, referee").run()
        equal(result.status, 0, result.text)
        finder, referee = bodies(emulator, "security")[0], bodies(emulator, "referee")[0]
        for part in ("toolConfig", "system"):
            equal(json.dumps(finder.get(part)), json.dumps(referee.get(part)), part)
        first = [body["messages"][0]["content"] for body in (finder, referee)]
        equal(first[0][:-1], first[1][:-1], "the change")
        asked = json.dumps(first[1][-1])
        check("F1, high, src/pool.c:5-5: The index may be negative" in asked, asked)
        check("gives -1 when the pool" not in asked, "the finder's reasons are not shown")
        check(result.row("referee")["usage"]["cache_read_tokens"] > 0
              or not result.row("security")["usage"]["cache_write_tokens"], result.row("referee"))


@flow
def one_medium_finding_or_none_is_not_worth_a_call():
    for found in ([], [NAME]):
        result, comments, _, asked = judged(found)
        equal((asked, len(comments), result.kept["agents"][1]["status"]), ([], len(found), "done"), result.text)
    _, _, _, asked = judged([INDEX])
    equal(len(asked), 1)


@flow
def without_its_answer_findings_are_posted_as_not_double_checked():
    faults = [{"on": CONVERSE, "nth": 2, "times": 9, "fault": "validation"}]
    with Emulator([{"match": {"agent": "security"}, **reply(INDEX)}], faults) as emulator:
        result = Job(emulator, agents="security, referee").run()
        equal((result.status, result.outputs["conclusion"]), (0, "partial"), result.text)
        check("not double-checked" in line_comments(emulator)[0]["body"])
        check("Findings are not double-checked" in summary(emulator), summary(emulator))
        equal(result.report()["findings"][0]["unchecked"], True)
        equal(result.report()["coverage"]["skipped"], [])


@flow
def a_plan_counts_its_calls():
    with Emulator([]) as emulator:
        alone = Job(emulator, command="plan", agents="security, code-quality").run()
        result = Job(emulator, command="plan", agents="security, code-quality, referee").run()
        check("together: 2 calls" in alone.text, alone.text)
        check("together: 3 calls" in result.text, result.text)


if __name__ == "__main__":
    main()
