import { expect } from 'chai';
import { z } from 'zod';
import type { Live, Topic } from '../../../store/live/live.ts';
import { eventually } from '../../e2e/record-of.ts';

export const numbered: Topic<{ n: number }> = {
  name: 'numbered',
  version: 1,
  schema: z.strictObject({ n: z.number().int() }),
};

/** Says `n` until it is heard, for a connection may still be coming up; what is heard of it is forgotten. */
export async function untilHeard(from: Live, heard: number[]): Promise<void> {
  const said = await eventually(
    async () => {
      from.publish(numbered, { n: 0 });
      return heard.length;
    },
    (count) => count > 0,
    5_000,
  );
  if (said === 0) throw new Error('nothing was heard within 5 s');
  await eventually(
    async () => heard.splice(0).length,
    (count) => count === 0,
    5_000,
  );
}

/** What every `Live` promises. `open` gives members that hear each other; the suite closes them. */
export function liveContract(name: string, open: () => Promise<Live>): void {
  describe(`the live contract on ${name}`, function () {
    this.timeout(20_000);
    let members: Live[];

    beforeEach(async () => {
      members = [await open(), await open(), await open()];
    });

    afterEach(async () => {
      await Promise.all(members.map((member) => member.close()));
    });

    const listen = (member: Live | undefined, topic: Topic<{ n: number }> = numbered): number[] => {
      const heard: number[] = [];
      member?.subscribe(topic, ({ n }) => void heard.push(n));
      return heard;
    };

    it('brings a message to the others, in order, and never to whoever said it [G11]', async () => {
      const [first, second, third] = members as [Live, Live, Live];
      const [own, theirs, others] = [listen(first), listen(second), listen(third)];
      await untilHeard(first, theirs);
      others.length = 0;

      for (const n of [1, 2, 3]) first.publish(numbered, { n });
      await eventually(
        async () => [theirs, others],
        (all) => all.every(({ length }) => length === 3),
        5_000,
      );

      expect(theirs).to.deep.equal([1, 2, 3]);
      expect(others).to.deep.equal([1, 2, 3]);
      expect(own).to.deep.equal([]);
    });

    it('keeps topics, and versions of a topic, apart [G11]', async () => {
      const [first, second] = members as [Live, Live, Live];
      const theirs = listen(second);
      const newer = listen(second, { ...numbered, version: 2 });
      await untilHeard(first, theirs);

      first.publish({ ...numbered, name: 'other' }, { n: 1 });
      first.publish(numbered, { n: 2 });
      await eventually(
        async () => theirs,
        ({ length }) => length > 0,
        5_000,
      );

      expect(theirs).to.deep.equal([2]);
      expect(newer).to.deep.equal([]);
    });

    it('goes on after a handler that failed [G11]', async () => {
      const [first, second] = members as [Live, Live, Live];
      second.subscribe(numbered, () => Promise.reject(new Error('meant to fail')));
      const theirs = listen(second);
      await untilHeard(first, theirs);

      first.publish(numbered, { n: 1 });
      await eventually(
        async () => theirs,
        ({ length }) => length > 0,
        5_000,
      );

      expect(theirs).to.deep.equal([1]);
    });
  });
}
