import type { JsonObject } from '../../lib/json.ts';
import type { Tool } from '../../tools/tool.ts';
import { listing } from '../app-listing.ts';
import { type FlatOperation, flatOperations } from './flat-operations.ts';
import { answerSchema } from './openapi-answers.ts';
import { fieldsOf } from './openapi-fields.ts';

/** Where people of an OAuth 2.0 provider sign in, and where the code is exchanged. */
export interface OAuthEndpoints {
  authorizationUrl: string;
  tokenUrl: string;
}

export interface DocumentOptions {
  /** Where callers reach this installation. */
  serverUrl: string;
  version: string;
  catalog: readonly Tool[];
  /** People come with a token of this provider. */
  oauth?: OAuthEndpoints;
  /** Programs come with a key. Quick takes that; Q Business knows no such scheme. */
  apiKeys?: boolean;
}

/**
 * The one OpenAPI 3.0 document that both Amazon Q Business and Amazon Quick take: at most 20 operations, flat, no lists, no
 * composition, no references, no addresses in descriptions. test/adapters/qbusiness/openapi-rules.ts has each rule.
 *
 * @see https://docs.aws.amazon.com/amazonq/latest/qbusiness-ug/plugins-api-schema.html
 */
export function openapiDocument({ serverUrl, version, catalog, oauth, apiKeys = false }: DocumentOptions): JsonObject {
  const schemes: JsonObject = { ...(oauth && { oauth: oauthScheme(oauth) }), ...(apiKeys && { api_key: API_KEY }) };
  const names = Object.keys(schemes);
  return {
    openapi: '3.0.3',
    info: { title: listing.name, description: listing.about, version },
    servers: [{ url: serverUrl }],
    ...(names.length > 0 && {
      security: names.map((name) => ({ [name]: name === 'oauth' ? Object.keys(SCOPES) : [] })),
    }),
    paths: Object.fromEntries(
      flatOperations(catalog).map((operation) => [
        operation.path,
        { [operation.method.toLowerCase()]: one(operation) },
      ]),
    ),
    ...(names.length > 0 && { components: { securitySchemes: schemes } }),
  };
}

const SCOPES = { openid: 'Who you are', email: 'The e-mail by which OpsAgent knows you' };

function oauthScheme({ authorizationUrl, tokenUrl }: OAuthEndpoints): JsonObject {
  return {
    type: 'oauth2',
    description: 'Each person signs in; what they may do is theirs.',
    flows: { authorizationCode: { authorizationUrl, tokenUrl, scopes: SCOPES } },
  };
}

const API_KEY: JsonObject = {
  type: 'apiKey',
  in: 'header',
  name: 'X-API-Key',
  description: 'A program with a key may read and propose; it never approves.',
};

function one(operation: FlatOperation): JsonObject {
  const { name, method, title, description, fields, hidden = [], answer } = operation;
  const values = fieldsOf(fields, hidden);
  return {
    operationId: name,
    summary: title,
    description,
    'x-amzn-operation-type': method === 'GET' ? 'read' : 'write',
    ...(method === 'GET' ? { parameters: values.parameters } : { requestBody: bodyOf(title, values.schema) }),
    responses: {
      200: {
        description: 'The answer. When success is false, status and summary say why and what to do next.',
        content: { 'application/json': { schema: answerSchema(answer) } },
      },
      ...problemsOf(method),
    },
  };
}

function bodyOf(title: string, schema: JsonObject): JsonObject {
  return {
    description: `What to send for: ${title}`,
    required: true,
    'x-amzn-form-display-name': title,
    content: { 'application/json': { schema } },
  };
}

/** Their bodies are problem details of another media type than the one that Q Business takes, so they are not described further. */
const PROBLEMS = {
  400: 'The call has a wrong form; its problem details say which field.',
  401: 'There is no valid token or key.',
  403: 'The call names another user than the one who signed in.',
  429: 'Too many calls; Retry-After says how long to wait.',
  500: 'A fault in OpsAgent.',
  503: 'OpsAgent cannot answer now; try again later.',
} as const;
const PROBLEMS_OF_BODIES = {
  413: 'The request body is too large.',
  415: 'The request body is not JSON.',
} as const;

function problemsOf(method: FlatOperation['method']): JsonObject {
  const all = method === 'GET' ? PROBLEMS : { ...PROBLEMS, ...PROBLEMS_OF_BODIES };
  return Object.fromEntries(Object.entries(all).map(([status, description]) => [status, { description }]));
}
