import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { z } from 'zod';
import { fixChains, MOST_CHAINS, readChains } from '../../approvals/audit-chains.ts';
import { type AuditRecord, CHAIN, headKind } from '../../approvals/audit-record.ts';
import { verifyChain } from '../../approvals/audit-verify.ts';
import { recordsOf } from '../../approvals/audit-walk.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Store } from '../../store/store.ts';
import { dynamodbTables } from '../store/dynamodb-table.ts';

const PROGRAM = fileURLToPath(new URL('recording-process.ts', import.meta.url));
/** Long enough for every process to have started, and to spin. */
const STARTED_MS = 3_000;
const [PROCESSES, REQUESTS, EACH, AT_ONCE] = [4, 4, 3, 2];

const Counts = z.object({ commits: z.number(), conflicts: z.number() });

interface Work {
  /** 0: it says no number and records at once. */
  chains: number;
  requests: number;
  each: number;
  barrier: number;
}

async function recording(table: string, { chains, requests, each, barrier }: Work) {
  const numbers = [chains, requests, each, AT_ONCE, barrier].map(String);
  const child = spawn(process.execPath, [PROGRAM, `dynamodb:${table}`, ...numbers], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return Counts.parse(JSON.parse(said));
}

/** Each request: the chains that its records are in, and what they say in order. */
async function byRequest(store: Store): Promise<{ chains: Set<string>; said: string[] }[]> {
  const requests = new Map<string, AuditRecord[]>();
  for (const name of (await readChains(store)).names)
    for await (const record of recordsOf(store, name))
      requests.set(record.correlation_id, [...(requests.get(record.correlation_id) ?? []), record]);
  return [...requests.values()].map((records) => ({
    chains: new Set(records.map(({ chain }) => chain)),
    said: records.map(({ summary }) => summary),
  }));
}

describe('four processes that record on one DynamoDB table', function () {
  this.timeout(240_000);
  const tables = dynamodbTables();

  for (const chains of [1, MOST_CHAINS]) {
    it(`lose and double no record, and keep each request in order, with as many chains as ${chains} [A2, G1]`, async () => {
      const table = await tables.make();
      const store = await tables.open(table, systemClock);
      await fixChains(store, chains);
      const work = { chains: 0, requests: REQUESTS, each: EACH, barrier: Date.now() + STARTED_MS };

      const ends = await Promise.all(Array.from({ length: PROCESSES }, () => recording(table, work)));

      const report = await verifyChain(store);
      const requests = await byRequest(store);
      await store.close();
      const all = PROCESSES * REQUESTS * EACH;
      expect(report).to.deep.include({ ok: true, chains, records: all });
      expect(ends.reduce((sum, { commits }) => sum + commits, 0)).to.equal(all);
      expect(requests).to.have.length(PROCESSES * REQUESTS);
      for (const { chains: in_, said } of requests)
        expect([in_.size, said]).to.deep.equal([1, ['1 of 3', '2 of 3', '3 of 3']]);
    });
  }

  it('agree on the number of chains when all open an empty table at once with other numbers in mind [A2, G1]', async () => {
    const numbers: number[] = [];
    for (let round = 1; round <= 5; round += 1) {
      const table = await tables.make();
      const work = { requests: 2, each: 2, barrier: Date.now() + STARTED_MS };

      await Promise.all([16, 4, 1, 0].map((chains) => recording(table, { ...work, chains })));

      const store = await tables.open(table, systemClock);
      const report = await verifyChain(store);
      const main = await store.get(headKind, CHAIN);
      await store.close();
      numbers.push(report.chains);
      expect(report).to.deep.include({ ok: true, records: 16 });
      expect(main?.value.seq).to.equal(report.chains === 1 ? 16 : undefined);
    }
    expect([1, 4, 16]).to.include.members(numbers);
  });
});
