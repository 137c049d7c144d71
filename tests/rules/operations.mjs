// Holds GraphQL operations and their answers to GitHub's schema.
// usage: operations.mjs SCHEMA < [{request: {query, variables}, answer: {data, errors}}]
// Prints a JSON array with what is wrong with each of them.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { buildSchema, execute, parse, validate } from 'graphql';

const schema = buildSchema(readFileSync(process.argv[2], 'utf8'), { assumeValidSDL: true });

// The answer is executed once more: graphql-js then checks that what must not be null is there, that
// enums have values that exist and that members have their types. What comes out must be the answer.
function wrongAnswer(document, variableValues, answer) {
  const wrong = (answer.errors ?? []).filter(error => typeof error.message !== 'string')
    .map(error => `an error without a message: ${JSON.stringify(error)}`);
  if (!('data' in answer))
    return answer.errors?.length ? wrong : [...wrong, 'neither data nor errors'];
  const { data, errors = [] } = execute({ schema, document, variableValues, rootValue: answer.data,
    fieldResolver: (source, args, context, info) => source[info.path.key],
    typeResolver: value => value.__typename });
  wrong.push(...errors.map(error => `${error.path?.join('.')}: ${error.message}`));
  if (!wrong.length && !isDeepStrictEqual(JSON.parse(JSON.stringify(data)), answer.data))
    wrong.push(`the answer has other members than were asked for: ${JSON.stringify(answer.data)}`);
  return wrong;
}

function wrongWith({ request, answer }) {
  const document = parse(request.query);
  const wrong = validate(schema, document).map(error => error.message);
  return wrong.length ? wrong : wrongAnswer(document, request.variables, answer);
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(wrongWith)));
