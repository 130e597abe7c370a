import { expect } from 'chai';
import { systemClock } from '../../lib/clock.ts';
import { dynamodbTables } from './dynamodb-table.ts';
import { counters, notes } from './notes.ts';
import { otherProcess } from './other-process.ts';

describe('the DynamoDB store between processes', function () {
  this.timeout(120_000);
  const tables = dynamodbTables();

  it('lets four processes count on one row without losing one [G8]', async () => {
    const table = await tables.make();
    const others = [1, 2, 3, 4].map(() => otherProcess('increment', `dynamodb:${table}`));

    const said = await Promise.all(others.map(({ ended }) => ended));

    const store = await tables.open(table, systemClock);
    const lost = said.flat().map(Number);
    expect(lost).to.have.length(4);
    expect(Math.max(...lost)).to.be.above(0);
    expect(await store.get(counters, 'shared')).to.deep.equal({ id: 'shared', version: 400, value: { count: 400 } });
    await store.close();
  });

  it('loses nothing that was acknowledged before kill -9, and lists it all [O5]', async () => {
    const table = await tables.make();
    const other = otherProcess('acknowledge', `dynamodb:${table}`);
    await other.said(100);
    other.child.kill('SIGKILL');
    const acknowledged = await other.ended;

    const store = await tables.open(table, systemClock);
    const found = await Promise.all(acknowledged.map((id) => store.get(notes, id)));
    const listed = await store.places(notes, { index: 'by_author', partition: 'alice', limit: 200 });

    expect(acknowledged.length).to.be.within(100, 200);
    expect(found.filter((row) => row === undefined)).to.have.length(0);
    expect(listed.rows.map(({ id }) => id)).to.include.members(acknowledged);
    await store.close();
  });
});
