import { createIdentity } from '../../../bot/identity.ts';
import type { Verdict } from '../../../cards/view.ts';
import { CALLS, caller, decide, type House, propose } from '../../approvals/house.ts';
import { recordingChannel } from '../../bot/recording-channel.ts';

/** Something that changes something. `prepare` brings the house to the moment before, `act` does it and says how it ended. */
export interface WritePath {
  name: string;
  prepare(house: House): Promise<void>;
  act(house: House): Promise<Ending>;
}

/** `left`: nobody asked, so nobody is answered; a later sweep takes it up. */
export type Ending = 'done' | 'refused' | 'left';

const ended = ({ status }: { status: string }): Ending =>
  status === 'failed' || status === 'denied' ? 'refused' : 'done';

const nothing = async (): Promise<void> => {};
const signal = (): AbortSignal => new AbortController().signal;

function decided(name: string, verdict: Verdict, who: string): WritePath {
  let id = '';
  return {
    name,
    async prepare(house) {
      id = (await propose(house, CALLS.medium)).id;
    },
    act: async (house) => ended(await decide(house, who, id, { verdict, reason: 'campaign' })),
  };
}

const ran = (name: string, call: Parameters<House['gate']['submit']>[0]): WritePath => ({
  name,
  prepare: nothing,
  act: async ({ gate }) => ended(await gate.submit(call, caller('alice'))),
});

const paused = (name: string, reason: string | undefined): WritePath => ({
  name,
  prepare: nothing,
  act: async ({ gate }) => ended(await gate.pause(reason, caller('bob'))),
});

/** Approved by people and not claimed: a sweep of any process would start it. */
const execution: WritePath = {
  name: 'execute',
  async prepare(house) {
    const { id } = await propose(house, CALLS.medium);
    house.parts.crash = dyingAt('P5');
    await decide(house, 'dave', id);
    house.parts.crash = () => {};
    house.setNow(house.clock.now() + 5_000);
  },
  act: async ({ gate }) => ((await gate.sweep(signal())).started > 0 ? 'done' : 'left'),
};

/** Executed, and its effect not looked for yet. */
const verification: WritePath = {
  name: 'verify',
  async prepare(house) {
    const { id } = await propose(house, CALLS.medium);
    house.parts.crash = dyingAt('P9');
    await decide(house, 'dave', id);
    house.parts.crash = () => {};
    house.setNow(house.clock.now() + 3_600_000);
  },
  act: async ({ gate }) => ((await gate.sweep(signal())).verified > 0 ? 'done' : 'left'),
};

const dyingAt = (wanted: string) => (point: string) => {
  if (point === wanted) throw new Error(`killed at ${point}`);
};

/** The first sight of somebody in a platform that says who it is. */
const accountLink: WritePath = {
  name: 'account link',
  prepare: nothing,
  async act({ parts: { store, clock, audit, people } }) {
    const profile = async () => ({ email: 'dave@example.com', name: 'Dave', standing: 'member' as const });
    const channels = new Map([['slack', { ...recordingChannel('slack'), profile }]]);
    const identity = createIdentity({ store, clock, audit, people, channels });
    const speaker = { channel: 'slack', userId: 'T0CAMPAIGN/U0DAVE', auth: 'signature' as const };
    try {
      return 'person' in (await identity.identify(speaker)) ? 'done' : 'refused';
    } catch {
      return 'refused';
    }
  },
};

export const WRITE_PATHS: readonly WritePath[] = [
  {
    name: 'propose',
    prepare: nothing,
    act: async (house) => ended(await house.gate.submit(CALLS.medium, caller('alice'))),
  },
  decided('approve', 'approve', 'dave'),
  decided('reject', 'reject', 'dave'),
  decided('cancel', 'cancel', 'alice'),
  paused('pause', 'campaign'),
  { ...paused('resume', undefined), prepare: async ({ gate }) => void (await gate.pause('before', caller('bob'))) },
  execution,
  verification,
  ran('incident', { tool: 'create_incident_record', input: { summary: 'checkout answers 503', severity: 'high' } }),
  ran('post', { tool: 'post_summary_to_channel', input: { text: 'web-2 is back' } }),
  accountLink,
];
