// The AWS SDK for JavaScript with all calls at once: sdk_js.mjs URL CALLS, started in the folder of its packages.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { BedrockRuntimeClient, ConverseStreamCommand } = require("@aws-sdk/client-bedrock-runtime");
const { NodeHttp2Handler, NodeHttpHandler } = require("@smithy/node-http-handler");

const [endpoint, calls] = [process.argv[2], Number(process.argv[3])];
const client = new BedrockRuntimeClient({
    region: "us-east-1", endpoint, maxAttempts: 1,
    requestHandler: process.env.BENCH_HTTP2
        ? new NodeHttp2Handler({ maxConcurrentStreams: 100 })
        : new NodeHttpHandler({ httpAgent: { maxSockets: calls }, httpsAgent: { maxSockets: calls } }),
});

async function call(number) {
    const text = `Review this. ${number} ` + "+int value;\n".repeat(900);
    const answer = await client.send(new ConverseStreamCommand({
        modelId: "bench", messages: [{ role: "user", content: [{ text }] }] }));
    let done = 0;
    for await (const event of answer.stream) done += event.metadata ? 1 : 0;
    return done;
}

const done = (await Promise.all(Array.from({ length: calls }, (_, number) => call(number)))).reduce((a, b) => a + b, 0);
if (done !== calls) throw new Error(`${done} of ${calls}`);
