import { redact } from '../lib/redact.ts';
import type { Turn } from './turn.ts';

/** What was asked for, in words and without secrets; a token is one. */
export function saidIn({ decision, call, text }: Turn): string {
  if (call) return redact(`${call.tool} ${JSON.stringify(call.input)}`);
  if (!decision) return redact(text);
  return 'token' in decision ? `${decision.verdict} by token` : `${decision.verdict} ${decision.approvalId} (button)`;
}
