import { playedAws } from '../peers/played-aws.ts';

/** Stands before something that plays AWS and writes down what it is asked for. */
export interface CountingAws {
  url: string;
  /** 'DescribeInstances', each as often as it was asked for, oldest first. */
  asked: string[];
  /** While it is set, this action is denied. */
  denied: string | undefined;
  stop(): Promise<void>;
}

export async function countingAws(behind: string): Promise<CountingAws> {
  const asked: string[] = [];
  const { url, stop } = await playedAws(async ({ method, url: { pathname }, type, body }) => {
    const action = new URLSearchParams(body).get('Action') ?? `${method} ${pathname}`;
    asked.push(action);
    if (action === aws.denied) return { status: 403, type: 'text/xml', body: DENIED };
    const answer = await fetch(behind, { method: 'POST', headers: { 'content-type': type }, body });
    return { status: answer.status, type: 'text/xml', body: await answer.text() };
  });
  const aws: CountingAws = { url, asked, denied: undefined, stop };
  return aws;
}

const DENIED = `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized.</Message></Error></Errors>
<RequestID>req-denied</RequestID></Response>`;
