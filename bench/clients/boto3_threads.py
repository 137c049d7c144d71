"""boto3 with a thread for each call: boto3_threads.py URL CALLS."""
import concurrent.futures
import sys

import boto3
import botocore.config

URL, CALLS = sys.argv[1], int(sys.argv[2])
client = boto3.client(
    "bedrock-runtime", region_name="us-east-1", endpoint_url=URL,
    config=botocore.config.Config(max_pool_connections=CALLS, retries={"total_max_attempts": 1}))


def call(number):
    answer = client.converse_stream(modelId="bench", messages=[
        {"role": "user", "content": [{"text": f"Review this. {number} " + "+int value;\n" * 900}]}])
    return sum("metadata" in event for event in answer["stream"])


with concurrent.futures.ThreadPoolExecutor(CALLS) as pool:
    done = sum(pool.map(call, range(CALLS)))
if done != CALLS:
    sys.exit(f"{done} of {CALLS}")
