import type { IncomingMessage } from 'node:http';
import type { Directory } from '../../approvals/people.ts';
import type { Speaker } from '../../bot/turn.ts';
import { asOpsError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Admit } from './admit.ts';
import { anonymousPerson } from './anonymous.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Bearer } from './bearer.ts';
import type { Limits } from './limits.ts';
import { type Proof, proofOf } from './proof.ts';
import { challenge, type Resource } from './protected-resource.ts';
import { type Problem, problem, type Reply, replyToError } from './reply.ts';
import { tooMany, tooManyCalls } from './too-many.ts';

export interface AdmissionParts {
  people: Directory;
  limits: Limits;
  log: Log;
  /** As callers know it, no slash at the end. */
  baseUrl: () => string;
  /** Absent: no person's token is taken. */
  bearer?: Bearer;
  /** Absent: no program's key is taken. */
  keys?: ApiKeys;
  /** Present only in LOCAL_MOCK on loopback: whoever shows no proof is who they say. The port that is listened on. */
  anonymous?: { port: () => number };
}

type Outcome = { speaker: Speaker } | { refused: Reply };
/** What became of a proof; `detail` is for the log, where it was none. */
type Believed = Outcome | { refused: Reply; detail: string };

/**
 * Lets in people by their token and services by their key, at most so often; everybody else hears what is missing. Whoever guesses is
 * told after a while to wait, and not what was wrong any more. A good proof is never kept waiting: behind one proxy everybody has the
 * same address, and tokens are new each hour. What is guessed at has 256 bits, so that how often decides nothing.
 */
export function createAdmit(parts: AdmissionParts): Admit {
  const { limits, log } = parts;

  const proved = async (request: IncomingMessage, channel: Resource, proof: Shown): Promise<Outcome> => {
    const believed = await believe(parts, channel, proof);
    if (!('detail' in believed)) return believed;
    const wait = await limits.failed(request.socket.remoteAddress ?? '');
    if (wait !== undefined) return { refused: tooMany('Proofs from this address failed too often.', wait) };
    log.info({ channel, proof: proof.kind, because: believed.detail }, 'a proof was refused');
    return { refused: believed.refused };
  };

  return async (request, channel) => {
    const outcome = await outcomeOf(parts, request, channel, proved);
    if ('refused' in outcome) return outcome;
    const wait = await limits.take(outcome.speaker.userId);
    if (wait === undefined) return outcome;
    log.info({ channel, person: outcome.speaker.userId }, 'somebody called too often');
    return { refused: tooManyCalls(wait) };
  };
}

type Shown = Extract<Proof, { text: string }>;

async function outcomeOf(
  parts: AdmissionParts,
  request: IncomingMessage,
  channel: Resource,
  proved: (request: IncomingMessage, channel: Resource, proof: Shown) => Promise<Outcome>,
): Promise<Outcome> {
  const proof = proofOf(request);
  if (proof.kind === 'unclear') return { refused: problem(400, { ...UNCLEAR, message: proof.because }) };
  if (proof.kind !== 'none') return proved(request, channel, proof);
  if (!parts.anonymous) return { refused: whoAreYou(parts, channel) };
  const said = anonymousPerson(request, parts.people, parts.anonymous.port());
  return 'refused' in said ? said : { speaker: { channel, userId: said.person, auth: 'local-switch' } };
}

async function believe(parts: AdmissionParts, channel: Resource, proof: Shown): Promise<Believed> {
  const { bearer, keys, people, log } = parts;
  const no = (because: string, next: string, detail: string): Believed => ({
    refused: refuse(parts, channel, proof, { code: 'unknown_person', message: because, hint: next }),
    detail,
  });
  if (proof.kind === 'api-key') {
    if (!keys) return no('No API keys are taken here.', 'An admin sets API_KEYS_FILE.', 'no keys');
    const checked = keys.check(proof.text);
    if (checked.state === 'refused') return no(checked.because, checked.next, checked.because);
    return { speaker: { channel, userId: checked.service.id, auth: 'api-key' } };
  }
  if (!bearer) return no('No tokens are taken here.', 'An admin sets OIDC_ISSUER and OIDC_AUDIENCE.', 'no issuer');
  try {
    const checked = await bearer.check(proof.text);
    if (checked.state === 'refused') return no(checked.because, checked.next, checked.detail);
    const { email, signedInAt } = checked;
    return { speaker: { channel, userId: idOf(people, email), auth: 'bearer', ...(signedInAt && { signedInAt }) } };
  } catch (error) {
    if (asOpsError(error).code !== 'identity_unavailable') throw error;
    return { refused: replyToError(error, log) };
  }
}

/** In the letters in which the list has it, as where an e-mail is first seen in a chat; whoever is not on it is refused by that name. */
function idOf(people: Directory, email: string): string {
  if (people.find(email)) return email;
  const low = email.toLowerCase();
  return people.list().find(({ id }) => id.toLowerCase() === low)?.id ?? email;
}

function refuse({ bearer, baseUrl }: AdmissionParts, channel: Resource, proof: Proof, body: Problem): Reply {
  const shown = proof.kind === 'bearer' ? 'invalid_token' : undefined;
  const header = bearer ? challenge(baseUrl(), channel, shown) : 'ApiKey realm="opsagent"';
  return problem(401, body, { 'www-authenticate': header });
}

function whoAreYou(parts: AdmissionParts, channel: Resource): Reply {
  const ways = [
    parts.bearer && 'an access token of a person in Authorization: Bearer',
    parts.keys && 'the key of a program in X-API-Key',
  ].filter((way) => way !== undefined);
  const hint =
    ways.length > 0
      ? `Send a proof: ${ways.join(', or ')}.`
      : 'An admin sets OIDC_ISSUER and OIDC_AUDIENCE for people, or API_KEYS_FILE for programs: docs/identity.md.';
  const body: Problem = { code: 'unknown_person', message: 'The request does not say who sends it.', hint };
  return refuse(parts, channel, { kind: 'none' }, body);
}

const UNCLEAR = {
  code: 'input_invalid',
  hint: 'Send one header: Authorization with a bearer token for a person, or X-API-Key for a program.',
} as const;
