import type { Evidence, NewEvidence } from '../../bot/evidence.ts';
import { known } from '../../tools/aws/simulated/known.ts';
import { OPS } from '../approvals/house.ts';

export const INVESTIGATION = 'inv-5d1f0a9c2b47';

/** A read as an investigation hands it over to be kept. */
export function aRead(overrides: Partial<NewEvidence> = {}): NewEvidence {
  return {
    investigation: INVESTIGATION,
    tool: 'get_ec2_status',
    command: `ec2 status ${known.sickInstance}`,
    account: '123456789012',
    region: 'eu-west-1',
    mode: 'LOCAL_MOCK',
    took_ms: 412,
    person: 'alice@example.com',
    outcome: 'done',
    view: {
      kind: 'facts',
      title: 'i-0abc123def4567890 (web_1)',
      status: 'bad',
      fields: [{ label: 'State', value: { text: 'impaired', status: 'bad' } }],
      actions: [{ kind: 'say', label: 'Targets', text: 'alb health target_group_arn=web' }],
      note: 'Two data points are missing.',
    },
    conversation: OPS,
    ...overrides,
  };
}

/** The same after it was kept; `n` makes its id. */
export function keptRead(n: number, overrides: Partial<Evidence> = {}): Evidence {
  const id = `read-${n.toString(16).padStart(12, '0')}`;
  return { ...aRead(), id, at: '2026-11-20T12:00:00.000Z', ...overrides };
}
