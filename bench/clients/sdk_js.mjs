// The AWS SDK for JavaScript with all calls at once: sdk_js.mjs PORT CALLS, started in the folder of its packages.
import { createRequire } from "node:module";

const require = createRequire(`${process.cwd()}/`);
const { BedrockRuntimeClient, ConverseStreamCommand } = require("@aws-sdk/client-bedrock-runtime");
const { NodeHttpHandler } = require("@smithy/node-http-handler");

const [port, calls] = [process.argv[2], Number(process.argv[3])];
const client = new BedrockRuntimeClient({
    region: "us-east-1", endpoint: `http://127.0.0.1:${port}`, maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: { maxSockets: calls } }),
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
