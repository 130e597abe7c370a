import { createApiKeys, newApiKey, ServicesFile } from '../../adapters/http/api-keys.ts';
import { createDirectory, localPeople } from '../../approvals/people.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLog } from '../../lib/log.ts';
import { startFacade } from '../adapters/http/facade.ts';
import { type Random, seeded } from '../adapters/slack/seeded.ts';
import { changedToken, count, type DoorReport, emptyReport } from './report.ts';

const atOnce = 16;
const goodEvery = 50;

/** What looks like the key and is not, as it is sent. Two values are two headers. */
function forgedKeys(key: string, other: string, sha256: string): Record<string, string | string[]> {
  return {
    'an empty key': '',
    'the prefix alone': 'oak_',
    'a new key': newApiKey().key,
    'the key without its prefix': key.slice(4),
    'half of the key': key.slice(0, 24),
    'all but its last letter': key.slice(0, -1),
    'the key and one letter more': `${key}A`,
    'the key twice': `${key}${key}`,
    'the key in small letters': key.toLowerCase(),
    'the key in capitals': key.toUpperCase(),
    'the key in quotes': `"${key}"`,
    'a blank within': `${key.slice(0, 20)} ${key.slice(20)}`,
    'the key as bearer': `Bearer ${key}`,
    'its hash': sha256,
    'its hash with the prefix': `oak_${sha256}`,
    'two keys in one header': `${key}, ${other}`,
    'one key twice in one header': `${key},${key}`,
    'two headers': [key, key],
    'a bad and a good header': ['oak_wrong', key],
    'a good and a bad header': [key, 'oak_wrong'],
    'the key encoded': encodeURIComponent(`${key}%`),
    'a key of 8 kB': `oak_${'A'.repeat(8_000)}`,
  };
}

/** The same key but for one bit, and still something that a header can carry. */
function oneBitOff(key: string, random: Random): string {
  for (;;) {
    const at = random.below(key.length);
    const code = key.charCodeAt(at) ^ (1 << random.below(7));
    const other = `${key.slice(0, at)}${String.fromCharCode(code)}${key.slice(at + 1)}`;
    // Blanks around a value are no part of it.
    if (code > 0x20 && code < 0x7f) return other;
  }
}

/** Every kind of forged key, then so many with a bit or a few characters changed; good ones in between. */
export async function fuzzApiKeys(seed: number, tries: number, unchecked = false): Promise<DoorReport> {
  const random = seeded(seed);
  const made = [newApiKey(), newApiKey()];
  const keys = made.map(({ key }) => key);
  const value = ServicesFile.parse({
    ci: { roles: ['engineer'], keys: made.map(({ sha256 }) => ({ sha256 })) },
    late: { roles: ['engineer'], keys: [{ sha256: newApiKey().sha256, expires: '2020-01-01' }] },
  });
  const people = createDirectory(
    () => localPeople,
    () => value.map(({ principal }) => principal),
  );
  const services = () => ({ state: 'fresh' as const, value });
  const equal = unchecked ? (one: Buffer, other: Buffer) => one.readUInt8() % 16 === other.readUInt8() % 16 : undefined;
  const facade = await startFacade({
    people,
    keys: createApiKeys({ services, clock: systemClock, log: silentLog }, equal),
  });
  const report = emptyReport();

  const send = async (what: string, key: string | string[], good: boolean) => {
    const { status } = await facade.ask({ 'x-api-key': key });
    count(report, what, good, status === 200);
    if (status >= 500) report.wrong.push(`${what}: answered ${status}`);
  };

  const [key = '', other = ''] = keys;
  for (const [name, forged] of Object.entries(forgedKeys(key, other, made[0]?.sha256 ?? '')))
    await send(name, forged, false);
  for (let number = 0; number < tries; number += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, tries - number) }, (_, index) => {
      const good = (number + index) % goodEvery === 0;
      const present = random.pick(keys);
      const near = random.below(2) === 0 ? oneBitOff(present, random) : changedToken(present, random);
      return send(`key ${number + index} of seed ${seed}`, good ? present : near, good);
    });
    await Promise.all(batch);
  }
  await facade.close();
  return report;
}
