// The vendors' own clients against the emulator, so that it cannot agree with our mistakes.  Prints TAP.
import assert from 'node:assert/strict';
import {
  BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, CountTokensCommand,
  InvokeModelCommand, InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import {
  AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient,
} from '@aws-sdk/client-sts';
import AnthropicBedrock from '@anthropic-ai/bedrock-sdk';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Octokit } from '@octokit/rest';

const env = JSON.parse(process.env.EMULATOR_ENV);
const region = 'us-east-1';
const model = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secretexample' };
const endpoint = env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME;
const ask = [{ role: 'user', content: [{ text: 'Say hello.' }] }];
const report = {
  tools: [{ toolSpec: { name: 'report_findings', description: 'Reports.',
    inputSchema: { json: { type: 'object', properties: {} } } } }],
};
const claude = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 100,
  messages: [{ role: 'user', content: 'Say hello.' }] };

const bedrock = (credentials = keys) =>
  new BedrockRuntimeClient({ region, endpoint, credentials, maxAttempts: 1,
    requestHandler: new NodeHttpHandler() });  // by default it speaks HTTP/2, which needs TLS
const sts = (credentials = keys) =>
  new STSClient({ region, endpoint: env.AWS_ENDPOINT_URL_STS, credentials, maxAttempts: 1 });
const octokit = new Octokit({ auth: env.GITHUB_TOKEN, baseUrl: env.GITHUB_API_URL,
  log: { debug() {}, info() {}, warn() {}, error() {} } });
const pull = { owner: 'acme', repo: 'widgets', pull_number: 7 };

async function identityToken() {
  const answer = await fetch(`${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=sts.amazonaws.com`,
    { headers: { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` } });
  return (await answer.json()).value;
}

async function textOf(stream) {
  let text = '', input = '', stop;
  for await (const event of stream) {
    text += event.contentBlockDelta?.delta?.text ?? '';
    input += event.contentBlockDelta?.delta?.toolUse?.input ?? '';
    stop = event.messageStop?.stopReason ?? stop;
  }
  return { text, input, stop };
}

const tests = {
  async a_role_is_assumed_with_a_token_and_gives_keys_that_count() {
    const { Credentials: c } = await sts().send(new AssumeRoleWithWebIdentityCommand({
      RoleArn: 'arn:aws:iam::123456789012:role/reviewer', RoleSessionName: 'sdk',
      WebIdentityToken: await identityToken() }));
    const session = { accessKeyId: c.AccessKeyId, secretAccessKey: c.SecretAccessKey,
      sessionToken: c.SessionToken };
    const who = await sts(session).send(new GetCallerIdentityCommand({}));
    assert.equal(who.Account, '123456789012');
    const next = await sts(session).send(new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::123456789012:role/second', RoleSessionName: 'sdk' }));
    assert.ok(next.Credentials.SessionToken);
    const answer = await bedrock(session).send(new ConverseCommand({ modelId: model, messages: ask }));
    assert.equal(answer.stopReason, 'end_turn');
  },
  async wrong_keys_are_refused() {
    await assert.rejects(bedrock({ ...keys, secretAccessKey: 'other' })
      .send(new ConverseCommand({ modelId: model, messages: ask })), { $fault: 'client' });
  },
  async converse_answers_with_text_and_usage() {
    const answer = await bedrock().send(new ConverseCommand({ modelId: model, messages: ask }));
    assert.equal(answer.output.message.content[0].text, 'Hello.');
    assert.ok(answer.usage.inputTokens > 0 && answer.usage.outputTokens > 0);
  },
  async converse_stream_gives_text_a_stop_and_metadata() {
    const { stream } = await bedrock().send(
      new ConverseStreamCommand({ modelId: model, messages: ask }));
    const { text, stop } = await textOf(stream);
    assert.equal(text, 'Hello.');
    assert.equal(stop, 'end_turn');
  },
  async tool_input_comes_in_pieces_that_are_json() {
    const { stream } = await bedrock().send(new ConverseStreamCommand({ modelId: model,
      messages: ask, toolConfig: report, requestMetadata: { 'outcrop.agent': 'security' } }));
    const { input, stop } = await textOf(stream);
    assert.equal(JSON.parse(input).summary, 'Looked.');
    assert.equal(stop, 'tool_use');
  },
  async an_exception_in_a_stream_reaches_the_reader() {
    const { stream } = await bedrock().send(new ConverseStreamCommand({ modelId: model,
      messages: ask, requestMetadata: { 'outcrop.agent': 'security' } }));
    await assert.rejects(textOf(stream), { name: 'ThrottlingException' });
  },
  async invoke_model_speaks_messages() {
    const answer = await bedrock().send(new InvokeModelCommand({ modelId: model,
      contentType: 'application/json', body: JSON.stringify(claude) }));
    assert.equal(JSON.parse(new TextDecoder().decode(answer.body)).content[0].text, 'Hello.');
    const { body } = await bedrock().send(new InvokeModelWithResponseStreamCommand({
      modelId: model, contentType: 'application/json', body: JSON.stringify(claude) }));
    const types = [];
    for await (const part of body)
      types.push(JSON.parse(new TextDecoder().decode(part.chunk.bytes)).type);
    assert.equal(types[0], 'message_start');
    assert.equal(types.at(-1), 'message_stop');
  },
  async tokens_are_counted_for_a_model_but_not_for_a_profile() {
    const input = { converse: { messages: ask } };
    const counted = await bedrock().send(new CountTokensCommand({
      modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0', input }));
    assert.ok(counted.inputTokens > 0);
    await assert.rejects(bedrock().send(new CountTokensCommand({ modelId: model, input })));
  },
  async embeddings_have_the_dimensions_asked_for() {
    const answer = await bedrock().send(new InvokeModelCommand({
      modelId: 'amazon.titan-embed-text-v2:0', contentType: 'application/json',
      body: JSON.stringify({ inputText: 'hello', dimensions: 256 }) }));
    assert.equal(JSON.parse(new TextDecoder().decode(answer.body)).embedding.length, 256);
  },
  async the_anthropic_client_asks_and_streams() {
    const client = new AnthropicBedrock({ awsRegion: region, baseURL: endpoint,
      awsAccessKey: keys.accessKeyId, awsSecretKey: keys.secretAccessKey, maxRetries: 0 });
    const question = { model, max_tokens: 100, messages: claude.messages };
    const answer = await client.messages.create(question);
    assert.equal(answer.content[0].text, 'Hello.');
    let text = '';
    for await (const event of await client.messages.create({ ...question, stream: true }))
      text += event.delta?.text ?? '';
    assert.equal(text, 'Hello.');
  },
  async octokit_reads_the_pull_request_and_all_pages_of_its_files() {
    const { data } = await octokit.pulls.get(pull);
    assert.equal(data.number, 7);
    const files = await octokit.paginate(octokit.pulls.listFiles, { ...pull, per_page: 1 });
    assert.equal(files.length, 2);
    const tree = await octokit.git.getTree({ owner: 'acme', repo: 'widgets',
      tree_sha: data.head.sha, recursive: 'true' });
    assert.ok(tree.data.tree.some(entry => entry.path === 'src/pool.c'));
  },
  async octokit_posts_a_review_and_is_refused_outside_of_the_diff() {
    const comment = { path: 'src/pool.c', line: 5, side: 'RIGHT', body: 'Look here.' };
    const { data } = await octokit.pulls.createReview({ ...pull, event: 'COMMENT',
      comments: [comment] });
    assert.equal(data.state, 'COMMENTED');
    await assert.rejects(octokit.pulls.createReview({ ...pull, event: 'COMMENT',
      comments: [{ ...comment, line: 500 }] }), { status: 422 });
    const listed = await octokit.pulls.listReviewComments(pull);
    assert.equal(listed.data.length, 1);
  },
  async octokit_comments_edits_and_reads_threads() {
    const { data } = await octokit.issues.createComment({ owner: 'acme', repo: 'widgets',
      issue_number: 7, body: 'one' });
    await octokit.issues.updateComment({ owner: 'acme', repo: 'widgets', comment_id: data.id,
      body: 'two' });
    const listed = await octokit.issues.listComments({ owner: 'acme', repo: 'widgets',
      issue_number: 7 });
    assert.equal(listed.data.at(-1).body, 'two');
    const threads = await octokit.graphql(`query { viewer { login } repository(owner: "acme",
      name: "widgets") { pullRequest(number: 7) { reviewThreads(first: 100) { nodes { id
      isResolved } } } } }`, { baseUrl: env.GITHUB_GRAPHQL_URL.replace('/graphql', '') });
    assert.equal(threads.repository.pullRequest.reviewThreads.nodes.length, 1);
  },
};

console.log(`1..${Object.keys(tests).length}`);
let number = 0, failed = 0;
for (const [name, test] of Object.entries(tests)) {
  number += 1;
  try {
    await test();
    console.log(`ok ${number} - ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${number} - ${name}: ${String(error.stack ?? error).replaceAll('\n', ' ')}`);
  }
}
process.exit(failed ? 1 : 0);
