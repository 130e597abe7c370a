import { createUnderstanding } from '../../../bot/understand/understand.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { catalog } from '../../../tools/catalog.ts';
import { caller, NOON } from '../../approvals/house.ts';
import { type CapturedHouse, openCapturedHouse } from './captured-house.ts';
import { errorsOf, nameOf, type Place, planted, type Read, textsIn } from './fields.ts';

interface Fields {
  /** How many texts AWS and our records hold, by tool and field. */
  walked: number;
  /** Those that a read hands on: one place for each. */
  heard: readonly Place[];
}

let known: Promise<Fields> | undefined;

/** Walks what each read of the catalog is answered, and tries which texts reach whoever asked. Once for each process. */
export function fieldsOfReads(): Promise<Fields> {
  known ??= walkFields();
  return known;
}

const understand = createUnderstanding({ catalog });

/** Each read tool, asked as its examples ask, and with nothing but a long time if it takes that: a quiet hour has no events. */
function readsOfCatalog(): Read[] {
  return catalog
    .filter(({ effect }) => effect === 'read')
    .flatMap(({ name, examples, input }): Read[] => {
      const day = { time_window: '1d' };
      const all = input.safeParse(day).success ? [{ tool: name, input: day }] : [];
      return [...examples.flatMap(asRead), ...all];
    });
}

function asRead(example: string): Read[] {
  const meant = understand(example, { now: NOON });
  return meant.kind === 'call' ? [{ tool: meant.tool, input: meant.input as JsonObject }] : [];
}

async function walkFields(): Promise<Fields> {
  const model = { name: 'none', warm: async () => {}, reply: () => Promise.reject(new Error('no model is asked')) };
  const house = await openCapturedHouse({ model, said: () => '', seen: (_source, answer) => answer });
  const walked = new Set<string>();
  const heard = new Map<string, Place>();
  for (const read of readsOfCatalog()) {
    for (const text of await textsOf(house, read)) {
      const name = nameOf({ read, ...text });
      walked.add(name);
      const place = heard.has(name) ? undefined : await heardAt(house, { read, ...text });
      if (place) heard.set(name, place);
    }
  }
  await house.store.close();
  return { walked: walked.size, heard: [...heard.values()] };
}

type Text = Pick<Place, 'source' | 'path'>;

async function textsOf(house: CapturedHouse, read: Read): Promise<Text[]> {
  const texts = new Map<string, Text>();
  await answerTo(house, read, (source, answer) => {
    for (const path of [...textsIn(answer), ...errorsOf(source)])
      texts.set(JSON.stringify([source, path]), { source, path });
    return answer;
  });
  return [...texts.values()];
}

const PROBE = 'kestrelprobe';
/** As long as the longest secret that is planted, and with all that tools split at. */
const LONG_PROBE = `a://b:c@d/e?f=g&h, i;j -k= ${'kestrel'.repeat(25)} end`;

async function heardAt(house: CapturedHouse, text: Text & { read: Read }): Promise<Place | undefined> {
  for (const how of ['instead', 'after'] as const) {
    const place = { ...text, how };
    const isHeard = async (probe: string) => {
      const told = await answerTo(house, text.read, (source, answer) =>
        source === text.source ? planted(source, answer, place, probe) : answer,
      );
      return told.includes(probe);
    };
    if (await isHeard(PROBE)) return { ...place, whole: await isHeard(LONG_PROBE) };
  }
  return undefined;
}

async function answerTo(house: CapturedHouse, read: Read, seen: CapturedHouse['seen']): Promise<string> {
  house.seen = seen;
  const outcome = await house.gate.submit(read, caller('alice'));
  return JSON.stringify(outcome.status === 'done' ? outcome.output : outcome.view);
}
