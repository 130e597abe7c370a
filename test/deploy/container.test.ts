import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { configKeys, loadConfig } from '../../lib/config.ts';
import { isProduct, readHouse } from '../house/source.ts';
import { readText } from './deployed.ts';

const Compose = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      build: z.object({ context: z.string(), dockerfile: z.string() }),
      environment: z.record(z.string(), z.string()),
      read_only: z.literal(true),
      volumes: z.array(z.string()),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
});

/** Keys of Node itself. */
const NODES_OWN = ['NODE_ENV', 'NODE_COMPILE_CACHE'];

/** The last stage is what runs. */
const containerfile = readText('deploy/Containerfile').replace(/\\\n\s*/g, ' ');
const lastStage = containerfile.slice(containerfile.lastIndexOf('\nFROM '));

describe('the container files', () => {
  it('set only keys that OpsAgent has, to values it takes [O4, O3]', () => {
    const { services } = Compose.parse(parse(readText('deploy/compose.yaml')));
    const inImage = [...(/^ENV (.*)$/m.exec(lastStage)?.[1] ?? '').matchAll(/([A-Z_]+)=(\S+)/g)].map(
      ([, key = '', value = '']) => [key, value] as const,
    );

    const environments = [Object.fromEntries(inImage), ...Object.values(services).map((one) => one.environment)];
    const unknown = environments.flatMap(Object.keys).filter((key) => ![...configKeys, ...NODES_OWN].includes(key));

    expect(inImage).to.have.length.greaterThan(0);
    expect(unknown).to.deep.equal([]);
    for (const environment of environments) expect(() => loadConfig(environment)).not.to.throw();
  });

  it('keep the store in a volume that is declared, and nothing else writable [O4]', () => {
    const { services, volumes } = Compose.parse(parse(readText('deploy/compose.yaml')));

    const mounted = Object.values(services).flatMap((one) => one.volumes.map((volume) => volume.split(':')));

    expect(mounted.map(([name]) => name)).to.have.members(Object.keys(volumes));
    for (const { environment } of Object.values(services)) {
      const folder = mounted.find(([, path = '']) => environment.STORE?.startsWith(`sqlite:${path}/`));
      expect(folder, environment.STORE).to.not.equal(undefined);
    }
  });

  it('copy every room of the program, the built console, and no dev packages [O4]', () => {
    const files = [...readHouse(new URL('../..', import.meta.url).pathname).keys()];
    const rooms = new Set(
      files.filter(isProduct).flatMap((path) => (path.includes('/') ? [path.replace(/\/.*/, '')] : [])),
    );
    rooms.delete('console');

    const copied = [...lastStage.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));

    expect([...rooms].filter((room) => !copied.includes(room))).to.deep.equal([]);
    expect(copied.filter((name) => !rooms.has(name))).to.have.members(['package.json', 'main.ts']);
    expect(lastStage).to.include('COPY --from=build /app/console/dist').and.to.include('COPY --from=packages');
    expect(containerfile).to.match(/AS packages[\s\S]*?npm ci --omit=dev --ignore-scripts/);
  });

  it('run as nobody special, and ask the program itself how it is [O4, O5]', () => {
    const userAt = lastStage.indexOf('\nUSER node\n');

    const starts = lastStage.indexOf('\nCMD ');

    expect(userAt).to.be.greaterThan(0).and.lessThan(starts);
    expect(lastStage).to.match(/HEALTHCHECK .*CMD \["node", "main\.ts", "smoke", "--read-only"\]/);
    expect(lastStage).to.include('STOPSIGNAL SIGTERM');
  });
});
