"""Anthropic's client for Bedrock with a task for each call, not streamed: anthropic_tasks.py URL CALLS."""
import asyncio
import sys

import anthropic

URL, CALLS = sys.argv[1], int(sys.argv[2])


async def call(client, number):
    answer = await client.messages.create(model="bench", max_tokens=1000, messages=[
        {"role": "user", "content": f"Review this. {number} " + "+int value;\n" * 900}])
    return answer.stop_reason == "end_turn"


async def main():
    client = anthropic.AsyncAnthropicBedrock(
        aws_region="us-east-1", base_url=URL, max_retries=0)
    done = sum(await asyncio.gather(*(call(client, number) for number in range(CALLS))))
    if done != CALLS:
        sys.exit(f"{done} of {CALLS}")


asyncio.run(main())
