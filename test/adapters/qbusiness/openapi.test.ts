import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import { type DocumentOptions, openapiDocument } from '../../../adapters/qbusiness/openapi.ts';
import { catalog } from '../../../tools/catalog.ts';
import { getCloudwatchMetrics } from '../../../tools/cloudwatch/get-cloudwatch-metrics.ts';
import { rebootEc2 } from '../../../tools/ec2/reboot-ec2.ts';
import { count, inputOf } from '../../../tools/params.ts';
import type { Tool } from '../../../tools/tool.ts';
import { type Doc, openApiRules } from './openapi-rules.ts';

const OAUTH = {
  authorizationUrl: 'https://login.example.com/authorize',
  tokenUrl: 'https://login.example.com/token',
};
const OPTIONS: DocumentOptions = {
  ...{ serverUrl: 'https://opsagent.example.com', version: '0.1.0', catalog },
  oauth: OAUTH,
};

describe('the OpenAPI document', () => {
  for (const { name, check } of openApiRules) {
    it(`${name} [Q2]`, () => {
      expect(check(openapiDocument(OPTIONS))).to.deep.equal([]);
    });
  }

  it('keeps every rule whatever tools there are [Q2]', () => {
    fc.assert(
      fc.property(someOptions, (options) => {
        const document = openapiDocument(options);

        const broken = openApiRules.flatMap(({ name, check }) => check(document).map((found) => `${name}: ${found}`));

        expect(broken).to.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });

  for (const { rule, broken } of sabotages()) {
    it(`is refused when it breaks “${rule}” [Q2]`, () => {
      const found = openApiRules.find(({ name }) => name === rule)?.check(broken) ?? [];

      expect(found).not.to.deep.equal([]);
    });
  }

  it('has a sabotage for each rule [Q2]', () => {
    const tried = new Set(sabotages().map(({ rule }) => rule));

    expect([...tried].sort()).to.deep.equal(openApiRules.map(({ name }) => name).sort());
  });

  it('has one operation for each tool of the catalog, and four for changes and talk [Q2]', () => {
    const { paths } = openapiDocument(OPTIONS) as { paths: Record<string, Record<string, { operationId: string }>> };

    const ids = Object.values(paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));

    expect(ids).to.deep.equal([
      ...catalog.map(({ name }) => name),
      ...['approve_change', 'reject_change', 'get_change_status', 'chat'],
    ]);
  });

  it('asks no form of Amazon Q for what only reads: those are GET, the rest is POST [Q2, Q6]', () => {
    const { paths } = openapiDocument(OPTIONS) as { paths: Record<string, object> };

    const methods = catalog.map(({ name, effect }) => [effect, Object.keys(paths[`/operations/${name}`] ?? {})]);

    for (const [effect, method] of methods) expect(method).to.deep.equal([effect === 'read' ? 'get' : 'post']);
  });

  it('offers keys to programs only where there are keys, and nothing where nobody can prove who they are [Q2]', () => {
    const both = openapiDocument({ ...OPTIONS, apiKeys: true });
    const none = openapiDocument({ ...OPTIONS, oauth: undefined });

    expect(both.security).to.deep.equal([{ oauth: ['openid', 'email'] }, { api_key: [] }]);
    expect(none).not.to.have.any.keys('security', 'components');
  });
});

/** Catalogs that could be: other tools, other fields, other words. */
const someText = fc
  .string({ minLength: 3, maxLength: 60, unit: 'grapheme' })
  .filter((text) => text.trim().length > 2 && !text.includes('://') && !/www\./i.test(text));
const someField = fc.oneof(
  someText.map((text) => z.string().max(50).optional().describe(text)),
  someText.map((text) => z.enum(['a', 'b']).default('a').describe(text)),
  someText.map((text) => z.string().regex(/^x+$/).describe(text)),
  someText.map((text) => count(1, 9, 3).default(2).describe(text)),
);
const someName = fc.stringMatching(/^[a-z][a-z0-9]{0,12}(_[a-z0-9]{1,8}){0,2}$/);
const someTool = fc
  .record({
    base: fc.constantFrom<Tool>(getCloudwatchMetrics, rebootEc2),
    name: someName.map((name) => `get_${name}`),
    title: someText,
    summary: someText,
    fields: fc.dictionary(someName, someField, { maxKeys: 10 }),
  })
  .map(({ base, fields, ...words }): Tool => ({ ...base, ...words, input: inputOf(fields) }) as Tool);
const someOptions: fc.Arbitrary<DocumentOptions> = fc.record({
  serverUrl: fc.webAuthority().map((authority) => `https://${authority}`),
  version: fc.constant('1.2.3'),
  catalog: fc.uniqueArray(someTool, { maxLength: 16, selector: ({ name }) => name }),
  oauth: fc.constant(OAUTH),
  apiKeys: fc.boolean(),
});

/** A document that breaks one rule, for each of them. */
function sabotages(): { rule: string; broken: Doc }[] {
  const READ = '/paths/~1operations~1list_alarms/get';
  const WRITE = '/paths/~1operations~1reboot_ec2/post';
  const FIELD = `${WRITE}/requestBody/content/application~1json/schema/properties/instance_id`;
  const ANSWER = `${READ}/responses/200/content/application~1json/schema/properties/summary`;
  const broken: [rule: string, place: string, value: unknown][] = [
    ['is OpenAPI 3.0', '/openapi', '3.1.0'],
    ['has at most 1 MB', '/info/description', 'x'.repeat(1_000_000)],
    ['has 1 to 20 operations', '/paths', {}],
    [
      'has 1 to 20 operations',
      '/paths',
      Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`/${n}`, { get: {} }])),
    ],
    ['names exactly one server, whole', '/servers', []],
    ['names exactly one server, whole', '/servers/0/url', '/here'],
    ['speaks application/json only', `${READ}/responses/200/content`, { 'text/plain': {} }],
    ['has no composition', `${FIELD}/anyOf`, [{ type: 'string' }]],
    ['has no arrays, in requests or in answers', `${FIELD}/type`, 'array'],
    ['has no arrays, in requests or in answers', `${ANSWER}/items`, {}],
    ['has no references', `${FIELD}/$ref`, '#/components/schemas/Id'],
    ['has no body in GET and DELETE', `${READ}/requestBody`, {}],
    ['names operations by a verb, once, in the allowed letters', `${READ}/operationId`, 'list-alarms'],
    ['names operations by a verb, once, in the allowed letters', `${READ}/operationId`, 'alarms'],
    ['names operations by a verb, once, in the allowed letters', `${READ}/operationId`, 'reboot_ec2'],
    ['has paths that begin with a slash and have no parameters', '/paths/operations', {}],
    ['has paths that begin with a slash and have no parameters', '/paths/~1changes~1{id}', {}],
    ['describes every operation, parameter and field, in at most 5,000 characters', `${READ}/description`, ''],
    [
      'describes every operation, parameter and field, in at most 5,000 characters',
      `${FIELD}/description`,
      'x'.repeat(5_001),
    ],
    ['describes every operation, parameter and field, in at most 5,000 characters', `${ANSWER}/description`, undefined],
    ['has no addresses in its words', `${FIELD}/description`, 'see https://example.com'],
    ['has no addresses in its words', `${READ}/summary`, 'www.example.com'],
    ['has at most 10 parameters an operation', `${READ}/parameters`, Array.from({ length: 11 }, () => ({}))],
    ['is flat: every parameter and field is one value', `${FIELD}/type`, 'object'],
    ['is flat: every parameter and field is one value', `${ANSWER}/type`, 'object'],
    ['uses no formats but date and date-time', `${FIELD}/format`, 'uri'],
    [
      'gives every input and every body a name for the form',
      `${READ}/parameters/0/x-amzn-form-display-name`,
      undefined,
    ],
    ['gives every input and every body a name for the form', `${WRITE}/requestBody/x-amzn-form-display-name`, ''],
    ['hides from the form by true or false, and never what is required', `${FIELD}/x-amzn-form-hide`, true],
    [
      'hides from the form by true or false, and never what is required',
      `${READ}/parameters/0/x-amzn-form-hide`,
      'yes',
    ],
    ['says read of a GET and write of everything else', `${WRITE}/x-amzn-operation-type`, 'read'],
    ['types every answer of 2xx', `${READ}/responses/200/content`, undefined],
    ['types every answer of 2xx', `${READ}/responses`, { 400: {} }],
    ['lets people sign in by an authorization code, and names every scheme it asks for', '/components', undefined],
    ['lets people sign in by an authorization code, and names every scheme it asks for', '/security/0/saml', []],
  ];
  return broken.map(([rule, place, value]) => ({ rule, broken: changed(place, value) }));
}

/** The document with something else at a JSON pointer. */
function changed(pointer: string, value: unknown): Doc {
  const document = structuredClone(openapiDocument(OPTIONS)) as Doc;
  const keys = pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/'));
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Doc>((part, key) => part[key] as Doc, document);
  parent[last] = value;
  return document;
}
