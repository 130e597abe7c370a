import { expect } from 'chai';
import type { Committed, Store, Stored } from '../../store/store.ts';
import { check, put, remove, update } from '../../store/store.ts';
import { noteRow } from './ends.ts';
import { counters, type Note, note, notes } from './notes.ts';

/** The part of the contract about single rows: identity, versions, conflicts. */
export function rowContract(store: () => Store): void {
  it('gives back what was put, as version 1', async () => {
    await store().transact([put(notes, 'n1', note())]);

    const found = await store().get(notes, 'n1');

    expect(found).to.deep.equal({ id: 'n1', version: 1, value: note() });
  });

  it('knows nothing of a row that was never put, of an empty id, or of half a character', async () => {
    await store().transact([put(notes, 'n\ufffd', note())]);

    const found = [await store().get(notes, 'n1'), await store().get(notes, ''), await store().get(notes, 'n\ud800')];

    expect(found).to.deep.equal([undefined, undefined, undefined]);
  });

  it('refuses a put over an existing row and names its version', async () => {
    await store().transact([put(notes, 'n1', note())]);

    const second = await store().transact([put(notes, 'n1', note({ text: 'other' }))]);

    expect(second).to.deep.equal({ committed: false, because: 'conflict', kind: 'note', id: 'n1', version: 1 });
    expect((await noteRow(store(), 'n1')).value.text).to.equal('disk is full');
  });

  it('keeps rows of two kinds with one id apart', async () => {
    await store().transact([put(notes, 'x', note()), put(counters, 'x', { count: 7 })]);

    const counter = await store().get(counters, 'x');

    expect(counter?.value).to.deep.equal({ count: 7 });
    expect((await noteRow(store(), 'x')).value).to.deep.equal(note());
  });

  it('counts the version up with each update and refuses an update from an older one', async () => {
    await store().transact([put(notes, 'n1', note())]);
    const first = await noteRow(store(), 'n1');
    await store().transact([update(notes, first, note({ text: 'second' }))]);

    const stale = await store().transact([update(notes, first, note({ text: 'lost' }))]);

    expect(stale).to.deep.equal({ committed: false, because: 'conflict', kind: 'note', id: 'n1', version: 2 });
    expect((await noteRow(store(), 'n1')).value.text).to.equal('second');
  });

  it('refuses to update, delete or check a row that is not there', async () => {
    const ghost: Stored<Note> = { id: 'n9', version: 1, value: note() };
    const writes = [update(notes, ghost, note()), remove(notes, ghost), check(notes, 'n9', 1)];

    const ends: Committed[] = [];
    for (const write of writes) ends.push(await store().transact([write]));

    const conflict = { committed: false, because: 'conflict', kind: 'note', id: 'n9', version: undefined };
    expect(ends).to.deep.equal([conflict, conflict, conflict]);
  });

  it('deletes a row at its version only, and lets it be put anew as version 1', async () => {
    await store().transact([put(notes, 'n1', note())]);
    const first = await noteRow(store(), 'n1');
    await store().transact([update(notes, first, note())]);

    const stale = await store().transact([remove(notes, first)]);
    const right = await store().transact([remove(notes, { ...first, version: 2 })]);
    const again = await store().transact([put(notes, 'n1', note())]);

    expect([stale.committed, right.committed, again.committed]).to.deep.equal([false, true, true]);
    expect((await noteRow(store(), 'n1')).version).to.equal(1);
  });

  it('keeps any text a person can write, and its own copy of a value', async () => {
    const value = note({ text: 'naïve 🚀 \u0000 "quoted" \\ \u2028 line', author: "o'brien; DROP TABLE" });
    const writing = store().transact([put(notes, "id 'with' 🚀/\u0000", value)]);
    value.text = 'changed after the call';
    await writing;

    const found = await noteRow(store(), "id 'with' 🚀/\u0000");

    expect(found.value.text).to.equal('naïve 🚀 \u0000 "quoted" \\ \u2028 line');
  });
}
