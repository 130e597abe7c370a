import { asOpsError, OpsError } from './errors.ts';
import type { RemoteConfig } from './remote-config.ts';

const REFERENCE = /^(?<service>secretsmanager|ssm):(?<id>[^#\s]+)(?:#(?<member>.+))?$/;

/** Does the value say where a value is kept, instead of being one? */
export function isReference(value: unknown): value is string {
  return typeof value === 'string' && /^(secretsmanager|ssm):/.test(value);
}

/**
 * What each reference of `key → reference` leads to. White space around a value is taken off: no key has any, and files that
 * secrets are made from often end with a line break.
 *
 * @throws OpsError `config_invalid` with a line for each reference that leads nowhere, and never a value
 */
export async function resolveReferences(
  references: Readonly<Record<string, string>>,
  remote: RemoteConfig,
): Promise<Record<string, string>> {
  const secrets = new Map<string, Promise<string>>();
  // Several keys may be members of one secret: it is asked for once.
  const secret = (id: string) => {
    const asked = secrets.get(id) ?? remote.secret(id);
    secrets.set(id, asked);
    return asked;
  };
  const ends = await Promise.allSettled(
    Object.entries(references).map(
      async ([key, reference]) => [key, await resolve(reference, remote, secret)] as const,
    ),
  );
  const wrong = Object.entries(references).flatMap(([key, reference], at) => {
    const end = ends[at];
    return end?.status === 'rejected' ? [{ key, reference, error: asOpsError(end.reason) }] : [];
  });
  if (wrong.length > 0) throw unresolved(wrong);
  return Object.fromEntries(ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])));
}

async function resolve(
  reference: string,
  remote: RemoteConfig,
  secret: (id: string) => Promise<string>,
): Promise<string> {
  const { service, id = '', member } = REFERENCE.exec(reference)?.groups ?? {};
  if (service === undefined || (service === 'ssm' && (member !== undefined || id.endsWith('/')))) throw malformed();
  const text = service === 'ssm' ? await parameter(id, remote) : await secret(id);
  const value = (member === undefined ? text : memberOf(text, member)).trim();
  if (value === '') throw unusable('it holds nothing', 'Put the value there.');
  return value;
}

async function parameter(name: string, remote: RemoteConfig): Promise<string> {
  const [found] = await remote.parameters(name);
  return found?.value ?? '';
}

function memberOf(text: string, member: string): string {
  const value = membersOf(text).get(member);
  if (typeof value === 'string') return value;
  throw unusable(
    `its JSON has no text under "${member}"`,
    'Name a member that is there; its value must be text in quotes.',
  );
}

function membersOf(text: string): Map<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  } catch {
    // The parser's words quote the text, which is a secret.
  }
  throw unusable('it is not a JSON object', 'Take #… away from the reference, or keep a JSON object there.');
}

function malformed(): OpsError {
  return unusable(
    'this is no reference',
    'Write ssm:<name>, secretsmanager:<name or ARN> or secretsmanager:<name or ARN>#<member of its JSON>.',
  );
}

function unusable(message: string, hint: string): OpsError {
  return new OpsError('config_invalid', message, { hint });
}

function unresolved(wrong: readonly { key: string; reference: string; error: OpsError }[]): OpsError {
  const lines = wrong.map(
    ({ key, reference, error }) =>
      `${key} is ${JSON.stringify(reference.slice(0, 200))}: ${error.message}. ${error.hint}`,
  );
  return new OpsError('config_invalid', lines.join('\n'), {
    hint: 'Correct the reference, or what it leads to, and start again; docs/aws-config.md explains references.',
    facts: { keys: wrong.map(({ key }) => key).join(' ') },
  });
}
