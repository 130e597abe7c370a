import type { Rule } from './rule.ts';
import { type Files, type Import, importsOf, isProduct, lineAt, maskCode, packageOf, resolveImport } from './source.ts';

interface Door {
  vendor: RegExp;
  /** Files that may import it. */
  door: RegExp;
  /** Files that may import its types only. */
  types?: RegExp;
}

const NOWHERE = /^$/;

/** One door per vendor: the folder to rewrite when the vendor goes. Every package that product code imports has a line. */
const DOORS: readonly Door[] = [
  { vendor: /^zod$/, door: /./ },
  { vendor: /^pino$/, door: /^lib\/log\.ts$/ },
  { vendor: /^prom-client$/, door: /^lib\/telemetry\.ts$/ },
  { vendor: /^@opentelemetry\//, door: /^lib\/otlp-tracing\.ts$/ },
  { vendor: /^canonicalize$/, door: /^lib\/json\.ts$/ },
  { vendor: /^yaml$/, door: /^lib\// },
  { vendor: /^better-sqlite3$/, door: /^store\// },
  { vendor: /^(ioredis|bullmq)$/, door: /^store\// },
  { vendor: /^(adaptivecards-templating|adaptive-expressions)$/, door: /^cards\/adaptive\// },
  { vendor: /^@aws-sdk\/(client|lib)-dynamodb$/, door: /^store\/dynamodb[\w-]*\.ts$/ },
  { vendor: /^@aws-sdk\/client-(ssm|secrets-manager)$/, door: /^lib\/remote-config\.ts$/ },
  { vendor: /^@(aws-sdk|smithy)\//, door: /^tools\/aws\//, types: /^tools\// },
  { vendor: /^@cedar-policy\//, door: /^approvals\// },
  { vendor: /^@anthropic-ai\//, door: /^bot\/llm\// },
  { vendor: /^@slack\//, door: /^adapters\/slack\//, types: /^cards\/blockkit\// },
  { vendor: /^botbuilder/, door: /^adapters\/teams\// },
  { vendor: /^@modelcontextprotocol\//, door: /^adapters\/mcp\// },
  { vendor: /^openid-client$/, door: /^adapters\/web\/sign-in\// },
  { vendor: /^fflate$/, door: /^adapters\/teams\// },
  { vendor: /^jose$/, door: /^adapters\/http\// },
  { vendor: /^rate-limiter-flexible$/, door: /^store\/rates\// },
  { vendor: /^(react|react-dom|adaptivecards|swiper)$/, door: /^console\// },
  { vendor: /^vite$/, door: /^(console|deploy)\// },
  { vendor: /^@(fluentui|tanstack|vitejs)\//, door: /^console\// },
  { vendor: /^(mocha|chai|sinon|fast-check|playwright-core|typescript|node)$/, door: NOWHERE },
];

const vendors: Rule = {
  title: 'has one door per vendor',
  why: 'a vendor that changes or retires must touch one folder, and its types must not leak into ours',
  fix: 'use what the door exports, or add a line to DOORS in test/house/doors.ts and to docs/house.md',
  check: (files) =>
    productImports(files).flatMap(({ path, one }) => {
      const vendor = packageOf(one.specifier);
      if (vendor === undefined) return [];
      const door = DOORS.find((each) => each.vendor.test(vendor));
      if (door === undefined) return [`${path}:${one.line} imports ${vendor}, which has no door yet`];
      const open = door.door.test(path) || (one.typeOnly && door.types?.test(path));
      return open ? [] : [`${path}:${one.line} imports ${vendor}`];
    }),
};

const environment: Rule = {
  title: 'reads the environment in lib/config.ts only',
  why: 'one place parses, checks and documents every key; everybody else is handed a Config',
  fix: 'add the key to lib/config.ts and .env.example, and pass the value in',
  check: (files) =>
    product(files)
      .filter(([path]) => path !== 'lib/config.ts')
      .flatMap(([path, source]) => [
        ...places(path, source, /\bprocess\s*(\?\.|\.)\s*(env|loadEnvFile)\b|\bprocess\s*\[/g),
        ...importsOf(source)
          .filter(({ specifier, names }) => /^(node:)?process$/.test(specifier) && /\benv\b/.test(names))
          .map(({ line }) => `${path}:${line} imports env`),
      ]),
};

const PERMIT = 'tools/aws/permit.ts';

const permits: Rule = {
  title: 'mints write permits in the executor only',
  why: 'a permit is what lets a call change AWS; only an approved change that is executing may have one',
  fix: 'go through the gate: it stores the plan, asks for approval and lets the executor mint the permit',
  check: (files) =>
    productImports(files)
      .filter(({ path, one }) => resolveImport(path, one.specifier) === PERMIT)
      .filter(({ one }) => one.names === '' || /\bmintPermit\b|\*/.test(one.names))
      .filter(({ path }) => !/^approvals\/execut[\w-]*\.ts$/.test(path))
      .map(({ path, one }) => `${path}:${one.line} can mint a permit`),
};

const execution: Rule = {
  title: 'executes tools in the gate and the executor only',
  why: 'nothing runs except through the gate, and the gate fails closed',
  fix: 'hand a ToolCall to the gate instead of calling the tool',
  check: (files) =>
    product(files)
      .filter(([path]) => !/^(approvals|console)\//.test(path))
      .flatMap(([path, source]) =>
        places(path, source, /\.\s*execute\s*(\?\.)?\(|\{[^{};]*\bexecute\b[^{};]*\}\s*=[^=>]/g),
      ),
};

function places(path: string, source: string, pattern: RegExp): string[] {
  const code = maskCode(source);
  return [...code.matchAll(pattern)].map(
    (match) => `${path}:${lineAt(code, match.index)} ${match[0].replace(/\s+/g, ' ').trim().slice(0, 60)}`,
  );
}

const product = (files: Files) => [...files].filter(([path]) => isProduct(path));

const productImports = (files: Files): { path: string; one: Import }[] =>
  product(files).flatMap(([path, source]) => importsOf(source).map((one) => ({ path, one })));

export const doorRules: readonly Rule[] = [vendors, environment, permits, execution];
