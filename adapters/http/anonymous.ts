import type { IncomingMessage } from 'node:http';
import type { Directory } from '../../approvals/people.ts';
import { refuseCrossSite, refuseForeignHost } from './own-site.ts';
import { createPlace } from './place.ts';
import { problem, type Reply } from './reply.ts';

/** Who speaks where nobody says who it is (LOCAL_MOCK on this machine). */
const USUAL = 'alice@example.com';
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * For LOCAL_MOCK on loopback, where nobody can sign in: a program of this machine says who speaks, and nothing has to be proved.
 * Requests that came over a proxy, a tunnel or another site's page are not of this machine.
 */
export function anonymousPerson(
  request: IncomingMessage,
  people: Directory,
  port: number,
): { person: string } | { refused: Reply } {
  const here = createPlace({ signIn: false }, () => port);
  const refused = refuseForeignHost(request, here) ?? refuseCrossSite(request, here) ?? refuseRemote(request);
  if (refused) return { refused };
  const [said = USUAL, ...more] = request.headersDistinct['x-opsagent-person'] ?? [];
  const person = more.length === 0 ? people.list().find(({ id }) => id === said) : undefined;
  if (person) return { person: person.id };
  const message = 'The header x-opsagent-person does not name somebody OpsAgent knows.';
  const hint = `Name one of: ${people
    .list()
    .slice(0, 10)
    .map(({ id }) => id)
    .join(', ')}.`;
  return { refused: problem(401, { code: 'unknown_person', message, hint }) };
}

function refuseRemote({ socket, headers }: IncomingMessage): Reply | undefined {
  if (LOOPBACK.test(socket.remoteAddress ?? '') && FORWARDED.every((name) => headers[name] === undefined))
    return undefined;
  return problem(401, {
    code: 'unknown_person',
    message: 'Without a proof of who you are, OpsAgent answers only programs of its own machine.',
    hint: 'Set OIDC_ISSUER and OIDC_AUDIENCE for people, or API_KEYS_FILE for programs.',
  });
}
