import { type Address, corpus } from './ssrf/corpus.ts';
import { watchDials } from './ssrf/dials.ts';
import { DOORS, type SsrfSabotage } from './ssrf/doors.ts';

export interface SsrfFigures {
  seconds: number;
  addresses: number;
  /** How many addresses were brought to each door. */
  tried: Map<string, number>;
  /** Connections, attempts and questions for names that may not be, in words. */
  forbidden: string[];
}

interface Options {
  /** Every so-manieth address of the corpus; each with 1. */
  every: number;
  sabotage?: SsrfSabotage;
}

/** Brings each address to each door through which one can come in; the witness says whether anything was dialled. */
export async function playSsrf({ every, sabotage }: Options): Promise<SsrfFigures> {
  const started = performance.now();
  const dials = await watchDials();
  const addresses = corpus(dials.port).filter((_address, n) => n % every === 0);
  const figures: SsrfFigures = { seconds: 0, addresses: addresses.length, tried: new Map(), forbidden: [] };
  for (const open of DOORS) {
    const door = await open(dials, sabotage);
    const brought = door.turning ? addresses.filter(isNamed) : addresses;
    for (const address of brought) {
      dials.leads(address, door.turning && 'turning');
      await door.send(address);
      const asked = dials.asked
        .filter((host) => !door.mayAsk(host))
        .map((host) => `${host} was asked for: ${address.how}`);
      figures.forbidden.push(...[...asked, ...dials.seen.splice(0)].map((what) => `${door.name}: ${what}`));
    }
    figures.tried.set(door.name, brought.length);
    await door.close();
  }
  await dials.close();
  return { ...figures, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

const isNamed = ({ leadsTo }: Address): boolean => leadsTo !== undefined;

/** The long form: `npm run campaign ssrf`. There is no chance in it. */
export async function campaignSsrf([every = 1]: readonly number[]) {
  const { addresses, tried, forbidden, seconds } = await playSsrf({ every });
  const all = [...tried.values()].reduce((sum, number) => sum + number, 0);
  const lines = [
    `connections, attempts and questions for names that may not be: ${forbidden.length} of ${all} addresses brought in`,
    ...[...tried].map(([name, times]) => `  ${name}: ${times}`),
    `${addresses} addresses, no seed, ${seconds} s`,
    ...forbidden.slice(0, 20).map((line) => `  ${line}`),
  ];
  return { lines, held: forbidden.length === 0 };
}
