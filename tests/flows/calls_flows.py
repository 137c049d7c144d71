"""invoke, embed and count-tokens as a person at a shell uses them."""
import json

from harness import KEYS, Emulator, check, equal, flow, main, outcrop


def call(emulator, *arguments, stdin="hello", **env):
    return outcrop(emulator, *arguments, stdin=stdin, env={**KEYS, **env})


@flow
def a_streamed_answer_ends_with_done():
    with Emulator([{"text": "Good day."}]) as emulator:
        result = call(emulator, "invoke", "--stream", "--format", "openai")
        equal(result.returncode, 0, result.stderr)
        events = result.stdout.strip().split("\n\n")
        equal(events[-1], "data: [DONE]")
        chunks = [json.loads(event.removeprefix("data: ")) for event in events[:-1]]
        text = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks)
        equal(text, "Good day.")
        equal(chunks[-1]["choices"][0]["finish_reason"], "stop")
        check(chunks[-1]["usage"]["prompt_tokens"] > 0)


@flow
def an_answer_against_its_schema_is_none():
    with Emulator([{"text": "Good day."}]) as emulator:
        (emulator.folder / "s.json").write_text('{"type": "object", "properties": {}}')
        result = call(emulator, "invoke", "--schema", "s.json")
        equal(result.returncode, 4)
        check("does not follow the schema" in result.stderr, result.stderr)


@flow
def vectors_come_in_the_order_of_the_lines():
    with Emulator() as emulator:
        both = call(emulator, "embed", "--dimensions", "256", stdin="one\ntwo two\n")
        second = call(emulator, "embed", "--dimensions", "256", stdin="two two\n")
        equal(both.returncode, 0, both.stderr)
        lines = both.stdout.splitlines()
        equal([len(json.loads(line)) for line in lines], [256, 256])
        equal(lines[1], second.stdout.strip())


@flow
def tokens_are_counted_by_the_service():
    with Emulator() as emulator:
        result = call(emulator, "count-tokens")
        equal(result.returncode, 0, result.stderr)
        check(int(result.stdout) > 0 and "estimate" not in result.stderr, result.stderr)
        equal(len(emulator.requests("count-tokens")), 1)


@flow
def tokens_that_the_service_does_not_count_are_marked_as_an_estimate():
    faults = [{"on": "count-tokens", "times": 9, "fault": "access-denied"}]
    for model, given in (("us.meta.llama4-maverick-17b-instruct-v1:0", []), ("sonnet", faults)):
        with Emulator([], given) as emulator:
            result = call(emulator, "count-tokens", "--model", model, stdin="word " * 400)
            equal(result.returncode, 0, model, result.stderr)
            check(400 <= int(result.stdout) <= 800, model, result.stdout)
            check("the number is an estimate" in result.stderr, model, result.stderr)


@flow
def statuses_distinguish_wrong_use_from_wrong_keys():
    with Emulator() as emulator:
        equal(call(emulator, "invoke", "--model", "sonet").returncode, 2)
        equal(call(emulator, "embed", stdin="a\n\nb\n").returncode, 2)
        equal(call(emulator, "invoke", AWS_SECRET_ACCESS_KEY="wrong").returncode, 3)
        equal(outcrop(emulator, "invoke", stdin="hi").returncode, 3)


if __name__ == "__main__":
    main()
