import { z } from 'zod';
import type { Incoming } from './incoming.ts';
import type { Patience, Receive } from './receive.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, format 2.0 */
const Event = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

interface LambdaAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** The process is frozen once it has answered, so that the work is waited for as long as Slack waits. */
const untilDone: Patience = { until: 'done', ms: 2_500 };

/**
 * The same door in AWS Lambda, behind an HTTP API or a function URL. What takes longer than 2.5 s goes on with the next
 * request that thaws the process, or by the sweep of another one. The event is never logged.
 */
export function slackLambda(receive: Receive): (event: unknown) => Promise<LambdaAnswer> {
  return async (event): Promise<LambdaAnswer> => {
    const call = Event.safeParse(event).data;
    if (!call) return { statusCode: 400, headers: {}, body: '' };
    if (call.requestContext.http.method !== 'POST') return { statusCode: 405, headers: { allow: 'POST' }, body: '' };
    const { status, body, headers = {} } = await receive(incoming(call), untilDone);
    const plain = typeof body === 'string';
    return {
      statusCode: status,
      headers: { 'content-type': plain ? 'text/plain; charset=utf-8' : 'application/json', ...headers },
      body: plain ? body : JSON.stringify(body),
    };
  };
}

function incoming({ headers, body, isBase64Encoded }: z.output<typeof Event>): Incoming {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { headers: Object.fromEntries(named), body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') };
}
