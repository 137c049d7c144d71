"""aioboto3 with a task for each call: aioboto3_tasks.py URL CALLS."""
import asyncio
import sys

import aioboto3
import aiobotocore.config

URL, CALLS = sys.argv[1], int(sys.argv[2])


async def call(client, number):
    answer = await client.converse_stream(modelId="bench", messages=[
        {"role": "user", "content": [{"text": f"Review this. {number} " + "+int value;\n" * 900}]}])
    return sum([1 async for event in answer["stream"] if "metadata" in event])


async def main():
    config = aiobotocore.config.AioConfig(max_pool_connections=CALLS, retries={"total_max_attempts": 1})
    async with aioboto3.Session().client("bedrock-runtime", region_name="us-east-1", config=config,
                                         endpoint_url=URL) as client:
        done = sum(await asyncio.gather(*(call(client, number) for number in range(CALLS))))
    if done != CALLS:
        sys.exit(f"{done} of {CALLS}")


asyncio.run(main())
