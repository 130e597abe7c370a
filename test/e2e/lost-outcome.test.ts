import { existsSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { z } from 'zod';
import type { Approval } from '../../approvals/approval.ts';
import { createOutcomeSpool } from '../../approvals/outcome-spool.ts';
import { ALICE, BOB } from './opsagent.ts';
import { type Act, openTrack, Proposed, type Track } from './race-track.ts';
import { eventually, recordOf } from './record-of.ts';

/** Long enough to do something to a process while its call is under way. */
const HOLD_MS = 1_200;
const INSTANCE = 'i-00000000000000a00';

const Counts = z.record(z.string(), z.number());
const sweep = (laterMs: number): Act => ({ do: 'sweep', laterMs });

/** The store as nobody can write to it. */
function lock(path: string): () => void {
  const held = new Database(path);
  held.exec('BEGIN IMMEDIATE');
  return () => {
    held.exec('ROLLBACK');
    held.close();
  };
}

describe('a call whose outcome does not reach the store', function () {
  this.timeout(60_000);
  let track: Track;

  beforeEach(async () => {
    track = await openTrack({ holdMs: HOLD_MS });
  });

  afterEach(async () => {
    await track?.stop();
  });

  /** The first process has said yes for a person, and its call is with AWS. */
  async function callUnderWay(): Promise<{ id: string; deciding: Promise<unknown> }> {
    const [first] = track.runners;
    const asked = await first.act(ALICE, { do: 'propose', instance: INSTANCE, reason: 'it hangs' });
    const { id, token } = Proposed.parse(asked);
    const deciding = first.act(BOB, { do: 'decide', verdict: 'approve', by: { token } });
    deciding.catch(() => undefined);
    await eventually(
      async () => track.reboots().length,
      (calls) => calls === 1,
      10_000,
    );
    return { id, deciding };
  }

  async function typesOf(id: string): Promise<string[]> {
    const { audit } = await recordOf(`sqlite:${track.storePath}`, id);
    return audit.map(({ type }) => type).filter((type) => /^change_(intent|outcome|lost|reconciled)$/.test(type));
  }

  const spoolText = () => (existsSync(track.spoolPath) ? readFileSync(track.spoolPath, 'utf8') : '');

  /** The answer of AWS has arrived, the store is locked, and the process is dead: only the spool knows. */
  async function killedWithLockedStore(): Promise<{ left: Approval; spooled: string }> {
    const { id, deciding } = await callUnderWay();
    const unlock = lock(track.storePath);
    const spooled = await eventually(
      async () => spoolText(),
      (text) => text.includes(id),
      20_000,
    );
    track.runners[0].signal('SIGKILL');
    await deciding.catch(() => undefined);
    const left = await track.approval(id);
    unlock();
    return { left, spooled };
  }

  it('survives SIGKILL in the spool, and the next process records it without a second call [G10]', async () => {
    const [, second] = track.runners;
    const { left, spooled } = await killedWithLockedStore();

    const swept = Counts.parse(await second.act(BOB, sweep(0)));
    const again = Counts.parse(await second.act(BOB, sweep(60_000)));

    const after = await track.approval(left.id);
    expect(spooled).to.include('"state":"succeeded"');
    expect(left.state).to.equal('executing');
    expect(swept).to.include({ spooled: 1, lost: 0 });
    expect(again).to.include({ spooled: 0, lost: 0 });
    expect(after).to.include({ state: 'succeeded', fence: left.fence });
    expect(await typesOf(left.id)).to.deep.equal(['change_intent', 'change_outcome']);
    expect(createOutcomeSpool(track.spoolPath).read()).to.deep.equal([]);
    expect(track.reboots()).to.have.length(1);
  });

  it('is recorded once by two processes that take it up at the same moment [G8, G10]', async () => {
    const [, second] = track.runners;
    const third = await track.join();
    const { left } = await killedWithLockedStore();

    const at = Date.now() + 30;
    const both = await Promise.all([second, third].map((runner) => runner.act(BOB, sweep(0), at)));

    expect(both.map((swept) => Counts.parse(swept).spooled).sort()).to.deep.equal([0, 1]);
    expect((await track.approval(left.id)).state).to.equal('succeeded');
    expect(await typesOf(left.id)).to.deep.equal(['change_intent', 'change_outcome']);
    expect((await track.chain()).firstBad).to.equal(undefined);
    expect(track.reboots()).to.have.length(1);
  });

  it('is refused from a holder that stood still past its lease, and told once by what it kept or by CloudTrail [G8, G10]', async () => {
    const [frozen, other] = track.runners;
    const { id, deciding } = await callUnderWay();
    const claimed = await track.approval(id);

    frozen.signal('SIGSTOP');
    const swept = Counts.parse(await other.act(BOB, sweep(31_000)));
    frozen.signal('SIGCONT');
    await deciding;
    const stale = await track.approval(id);
    const types = await typesOf(id);
    const at = Date.now() + 30;
    const both = await Promise.all(track.runners.map((runner) => runner.act(BOB, sweep(121_000), at)));

    const found = await track.approval(id);
    expect(swept.lost).to.equal(1);
    expect(pick(stale)).to.deep.equal({ state: 'unknown', fence: claimed.fence + 1, outcome: undefined });
    expect(types).to.deep.equal(['change_intent', 'change_lost']);
    const told = both.map((one) => Counts.parse(one)).map(({ evidenced = 0, spooled = 0 }) => evidenced + spooled);
    expect(told.sort()).to.deep.equal([0, 1]);
    expect(found.state).to.equal('succeeded');
    expect(await typesOf(id)).to.deep.equal(['change_intent', 'change_lost', 'change_reconciled']);
    expect(track.reboots()).to.have.length(1);
  });
});

const pick = ({ state, fence, outcome }: Approval) => ({ state, fence, outcome });
