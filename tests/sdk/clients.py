"""The vendors' Python clients against the emulator.  Prints TAP."""
import asyncio
import json
import os
import sys
import traceback
import urllib.request

import aioboto3
import anthropic
import boto3
import botocore.config
import botocore.exceptions

ENV = json.loads(os.environ["EMULATOR_ENV"])
MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
ASK = [{"role": "user", "content": [{"text": "Say hello."}]}]
ONCE = botocore.config.Config(retries={"total_max_attempts": 1})
KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secretexample"}


def client(service, **keys):
    endpoint = ENV["AWS_ENDPOINT_URL_STS" if service == "sts" else
                   "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"]
    return boto3.client(service, region_name="us-east-1", endpoint_url=endpoint, config=ONCE,
                        **{**KEYS, **keys})


def identity_token():
    request = urllib.request.Request(
        ENV["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&audience=sts.amazonaws.com",
        headers={"Authorization": "Bearer " + ENV["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)["value"]


def text_of(events):
    return "".join(e.get("contentBlockDelta", {}).get("delta", {}).get("text", "") for e in events)


def boto3_assumes_a_role_and_its_keys_count():
    given = client("sts").assume_role_with_web_identity(
        RoleArn="arn:aws:iam::123456789012:role/reviewer", RoleSessionName="sdk",
        WebIdentityToken=identity_token())["Credentials"]
    session = {"aws_access_key_id": given["AccessKeyId"],
               "aws_secret_access_key": given["SecretAccessKey"],
               "aws_session_token": given["SessionToken"]}
    assert client("sts", **session).get_caller_identity()["Account"] == "123456789012"
    answer = client("bedrock-runtime", **session).converse(modelId=MODEL, messages=ASK)
    assert answer["stopReason"] == "end_turn"


def boto3_converses_and_streams():
    bedrock = client("bedrock-runtime")
    answer = bedrock.converse(modelId=MODEL, messages=ASK)
    assert answer["output"]["message"]["content"][0]["text"] == "Hello."
    assert text_of(bedrock.converse_stream(modelId=MODEL, messages=ASK)["stream"]) == "Hello."


def boto3_is_refused_with_wrong_keys():
    try:
        client("bedrock-runtime", aws_secret_access_key="other").converse(modelId=MODEL,
                                                                          messages=ASK)
    except botocore.exceptions.ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        return
    raise AssertionError("a wrong key was accepted")


def boto3_embeds_and_counts():
    bedrock = client("bedrock-runtime")
    answer = bedrock.invoke_model(modelId="cohere.embed-english-v3", body=json.dumps(
        {"texts": ["one", "two"], "input_type": "search_document"}))
    assert len(json.load(answer["body"])["embeddings"]) == 2
    counted = bedrock.count_tokens(modelId="anthropic.claude-sonnet-4-5-20250929-v1:0",
                                   input={"converse": {"messages": ASK}})
    assert counted["inputTokens"] > 0


def anthropic_asks_and_streams():
    bedrock = anthropic.AnthropicBedrock(
        aws_region="us-east-1", base_url=ENV["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
        aws_access_key="AKIDEXAMPLE", aws_secret_key="secretexample", max_retries=0)
    question = {"model": MODEL, "max_tokens": 100,
                "messages": [{"role": "user", "content": "Say hello."}]}
    assert bedrock.messages.create(**question).content[0].text == "Hello."
    with bedrock.messages.stream(**question) as stream:
        assert "".join(stream.text_stream) == "Hello."


def aioboto3_streams_many_at_once():
    async def ask(bedrock):
        answer = await bedrock.converse_stream(modelId=MODEL, messages=ASK)
        return text_of([event async for event in answer["stream"]])

    async def all_of_them():
        async with aioboto3.Session().client(
                "bedrock-runtime", region_name="us-east-1", config=ONCE,
                endpoint_url=ENV["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"], **KEYS) as bedrock:
            return await asyncio.gather(*(ask(bedrock) for _ in range(20)))

    assert asyncio.run(all_of_them()) == ["Hello."] * 20


TESTS = [boto3_assumes_a_role_and_its_keys_count, boto3_converses_and_streams,
         boto3_is_refused_with_wrong_keys, boto3_embeds_and_counts, anthropic_asks_and_streams,
         aioboto3_streams_many_at_once]


def main():
    failed = 0
    print(f"1..{len(TESTS)}")
    for number, test in enumerate(TESTS, 1):
        try:
            test()
            print(f"ok {number} - {test.__name__}")
        except Exception as error:  # whatever a client raises is a failure of this test
            failed += 1
            traceback.print_exc()
            print(f"not ok {number} - {test.__name__}: {error!r}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
