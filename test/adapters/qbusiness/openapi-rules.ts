/** What Amazon Q Business and Amazon Quick take as an OpenAPI document, rule by rule. A rule names every place that breaks it. */
export interface OpenApiRule {
  /** Present tense, as a test title. */
  name: string;
  check(document: Doc): string[];
}

/** JSON that is looked at without trust in its form. */
export interface Doc {
  [key: string]: unknown;
}

const MOST_BYTES = 1_000_000;
const MOST_OPERATIONS = 20;
const MOST_PARAMETERS = 10;
const LONGEST_DESCRIPTION = 5_000;
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];
const VERBS = /^(get|list|describe|search|reboot|scale|create|post|approve|reject|chat)(_|$)/;
const SCALARS = ['string', 'integer', 'number', 'boolean'];
const URL_IN_TEXT = /\b(https?|ftp):\/\/|\bwww\./i;

export const openApiRules: readonly OpenApiRule[] = [
  {
    name: 'is OpenAPI 3.0',
    check: ({ openapi }) => (/^3\.0\.\d$/.test(String(openapi)) ? [] : [`openapi: ${openapi}`]),
  },
  {
    name: 'has at most 1 MB',
    check: (document) => (Buffer.byteLength(JSON.stringify(document)) <= MOST_BYTES ? [] : ['too large']),
  },
  {
    name: 'has 1 to 20 operations',
    check: (document) => within(operationsOf(document).length, 1, MOST_OPERATIONS),
  },
  {
    name: 'names exactly one server, whole',
    check: ({ servers }) => {
      const all = asArray(servers).map((one) => String(asDoc(one).url));
      const wrong = all.filter(
        (url) => !['http:', 'https:'].includes(URL.parse(url)?.protocol ?? '') || url.endsWith('/'),
      );
      return [...within(all.length, 1, 1), ...wrong];
    },
  },
  {
    name: 'speaks application/json only',
    check: (document) =>
      everywhere(document, ({ content }) =>
        content === undefined ? [] : Object.keys(asDoc(content)).filter((type) => type !== 'application/json'),
      ),
  },
  {
    name: 'has no composition',
    check: (document) =>
      everywhere(document, (part) => ['allOf', 'oneOf', 'anyOf', 'not'].filter((word) => word in part)),
  },
  {
    name: 'has no arrays, in requests or in answers',
    check: (document) => everywhere(document, (part) => (part.type === 'array' || 'items' in part ? ['array'] : [])),
  },
  { name: 'has no references', check: (document) => everywhere(document, (part) => ('$ref' in part ? ['$ref'] : [])) },
  {
    name: 'has no body in GET and DELETE',
    check: (document) =>
      operationsOf(document).flatMap(({ at, method, operation }) =>
        ['get', 'delete'].includes(method) && 'requestBody' in operation ? [at] : [],
      ),
  },
  {
    name: 'names operations by a verb, once, in the allowed letters',
    check: (document) => {
      const ids = operationsOf(document).map(({ operation }) => String(operation.operationId));
      const wrong = ids.filter((id) => !/^[a-zA-Z0-9_ ]{1,256}$/.test(id) || !VERBS.test(id));
      return [...wrong, ...ids.filter((id, at) => ids.indexOf(id) !== at)];
    },
  },
  {
    name: 'has paths that begin with a slash and have no parameters',
    check: ({ paths }) =>
      Object.keys(asDoc(paths)).filter((path) => !/^\/[^/]*(\/[^/]*)*$/.test(path) || /[{}?#\s]/.test(path)),
  },
  {
    name: 'describes every operation, parameter and field, in at most 5,000 characters',
    check: (document) => [
      ...operationsOf(document).flatMap(({ at, operation }) => describedWrongly(operation, at)),
      ...fieldsIn(document).flatMap(({ at, field }) => describedWrongly(field, at)),
    ],
  },
  {
    name: 'has no addresses in its words',
    check: (document) =>
      everywhere(document, (part) =>
        ['title', 'summary', 'description'].filter((word) => URL_IN_TEXT.test(String(part[word] ?? ''))),
      ),
  },
  {
    name: 'has at most 10 parameters an operation',
    check: (document) =>
      operationsOf(document).flatMap(({ at, operation }) =>
        inputsOf(operation, at).length > MOST_PARAMETERS ? [at] : [],
      ),
  },
  {
    name: 'is flat: every parameter and field is one value',
    check: (document) =>
      fieldsIn(document).flatMap(({ at, schema }) => (SCALARS.includes(String(schema.type)) ? [] : [at])),
  },
  {
    name: 'uses no formats but date and date-time',
    check: (document) =>
      everywhere(document, ({ format }) =>
        format === undefined || ['date', 'date-time'].includes(String(format)) ? [] : [String(format)],
      ),
  },
  {
    name: 'gives every input and every body a name for the form',
    check: (document) =>
      operationsOf(document).flatMap(({ at, operation }) => {
        const body =
          operation.requestBody === undefined ? [] : [{ at: `${at} body`, field: asDoc(operation.requestBody) }];
        const named = [...inputsOf(operation, at), ...body];
        return named.flatMap(({ at: place, field }) =>
          typeof field['x-amzn-form-display-name'] === 'string' && field['x-amzn-form-display-name'] !== ''
            ? []
            : [place],
        );
      }),
  },
  {
    name: 'hides from the form by true or false, and never what is required',
    check: (document) =>
      operationsOf(document).flatMap(({ at, operation }) =>
        inputsOf(operation, at).flatMap(({ at: place, field, required }) => {
          const hidden = field['x-amzn-form-hide'];
          return hidden === undefined || (typeof hidden === 'boolean' && !(hidden && required)) ? [] : [place];
        }),
      ),
  },
  {
    name: 'says read of a GET and write of everything else',
    check: (document) =>
      operationsOf(document).flatMap(({ at, method, operation }) =>
        operation['x-amzn-operation-type'] === (method === 'get' ? 'read' : 'write') ? [] : [at],
      ),
  },
  {
    name: 'types every answer of 2xx',
    check: (document) =>
      operationsOf(document).flatMap(({ at, operation }) => {
        const good = Object.entries(asDoc(operation.responses)).filter(([status]) => status.startsWith('2'));
        const untyped = good.filter(([, response]) => {
          const { type, properties } = schemaOf(response);
          return type !== 'object' || Object.keys(asDoc(properties)).length === 0;
        });
        return [...(good.length === 0 ? [`${at} has no 2xx`] : []), ...untyped.map(([status]) => `${at} ${status}`)];
      }),
  },
  {
    name: 'lets people sign in by an authorization code, and names every scheme it asks for',
    check: ({ security, components }) => {
      const schemes = asDoc(asDoc(components).securitySchemes);
      const asked = asArray(security).flatMap((one) => Object.keys(asDoc(one)));
      const people = Object.values(schemes).some((scheme) => {
        const { authorizationUrl, tokenUrl } = asDoc(asDoc(asDoc(scheme).flows).authorizationCode);
        return (
          asDoc(scheme).type === 'oauth2' && [authorizationUrl, tokenUrl].every((url) => URL.canParse(String(url)))
        );
      });
      return [...(people ? [] : ['no authorizationCode']), ...asked.filter((name) => !(name in schemes))];
    },
  },
];

interface Operation {
  at: string;
  method: string;
  operation: Doc;
}

function operationsOf({ paths }: Doc): Operation[] {
  return Object.entries(asDoc(paths)).flatMap(([path, item]) =>
    Object.entries(asDoc(item)).flatMap(([method, operation]) =>
      METHODS.includes(method) ? [{ at: `${method} ${path}`, method, operation: asDoc(operation) }] : [],
    ),
  );
}

interface Field {
  at: string;
  /** Where its description and extensions stand. */
  field: Doc;
  schema: Doc;
  required: boolean;
}

/** What a caller fills in: the parameters of a query and the fields of a body. */
function inputsOf({ parameters, requestBody }: Doc, at: string): Field[] {
  const query = asArray(parameters).map(asDoc);
  return [
    ...query.map((one) => ({
      at: `${at} ${one.name}`,
      field: one,
      schema: asDoc(one.schema),
      required: one.required === true,
    })),
    ...propertiesOf(schemaOf(requestBody), at),
  ];
}

function fieldsIn(document: Doc): Field[] {
  return operationsOf(document).flatMap(({ at, operation }) => [
    ...inputsOf(operation, at),
    ...Object.entries(asDoc(operation.responses)).flatMap(([status, response]) =>
      propertiesOf(schemaOf(response), `${at} ${status}`),
    ),
  ]);
}

function propertiesOf({ properties, required }: Doc, at: string): Field[] {
  return Object.entries(asDoc(properties)).map(([name, one]) => ({
    ...{ at: `${at} ${name}`, field: asDoc(one), schema: asDoc(one) },
    required: asArray(required).includes(name),
  }));
}

const schemaOf = (part: unknown): Doc => asDoc(asDoc(asDoc(asDoc(part).content)['application/json']).schema);

function describedWrongly({ description }: Doc, at: string): string[] {
  const length = typeof description === 'string' ? description.trim().length : 0;
  return within(length, 3, LONGEST_DESCRIPTION).map((found) => `${at} is described in ${found} characters`);
}

const within = (found: number, least: number, most: number): string[] =>
  found >= least && found <= most ? [] : [String(found)];

/** Every object of the document; a name of a field is none of its keywords. */
function everywhere(part: unknown, check: (part: Doc) => string[], at = '', names = false): string[] {
  if (Array.isArray(part)) return part.flatMap((one, index) => everywhere(one, check, `${at}/${index}`));
  if (typeof part !== 'object' || part === null) return [];
  const own = names ? [] : check(asDoc(part)).map((found) => `${at}: ${found}`);
  const inside = Object.entries(part).flatMap(([key, one]) =>
    everywhere(one, check, `${at}/${key}`, !names && ['properties', 'scopes'].includes(key)),
  );
  return [...own, ...inside];
}

const asDoc = (value: unknown): Doc =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Doc) : {};
const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
