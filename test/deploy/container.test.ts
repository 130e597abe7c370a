import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { z } from 'zod';
import { configKeys, loadConfig } from '../../lib/config.ts';
import { isProduct, readHouse } from '../house/source.ts';
import { composeFile } from './compose-file.ts';
import { readText } from './deployed.ts';

const files = ['compose.yaml', 'compose.one.yaml'].map(composeFile);
const ours = files.flatMap((file) => Object.values(file.ours));

/** Keys of Node itself. */
const NODES_OWN = ['NODE_ENV', 'NODE_COMPILE_CACHE'];
/** Keys of the AWS SDK itself. */
const SDKS_OWN = ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

/** The last stage is what runs. */
const containerfile = readText('deploy/Containerfile').replace(/\\\n\s*/g, ' ');
const lastStage = containerfile.slice(containerfile.lastIndexOf('\nFROM '));

describe('the container files', () => {
  it('set only keys that OpsAgent has, to values it takes [O4, O3]', () => {
    const inImage = [...(/^ENV (.*)$/m.exec(lastStage)?.[1] ?? '').matchAll(/([A-Z_]+)=(\S+)/g)].map(
      ([, key = '', value = '']) => [key, value] as const,
    );

    const environments = [Object.fromEntries(inImage), ...ours.map((one) => one.environment)];
    const unknown = environments
      .flatMap(Object.keys)
      .filter((key) => ![...configKeys, ...NODES_OWN, ...SDKS_OWN].includes(key));

    expect(inImage).to.have.length.greaterThan(0);
    expect(unknown).to.deep.equal([]);
    for (const environment of environments) expect(() => loadConfig(environment)).not.to.throw();
  });

  it('keep what must last in volumes that are declared, one a process, and nothing else writable [O4]', () => {
    for (const { ours: processes, theirs, volumes } of files) {
      const mounted = [...Object.values(processes), ...Object.values(theirs)].flatMap((one) => one.volumes);

      const names = mounted.map((volume) => volume.split(':')[0]);

      expect(names).to.have.members(volumes);
      expect(new Set(names)).to.have.property('size', names.length);
    }
    for (const { environment, volumes, healthcheck } of ours) {
      // Whoever serves keeps something beside the store; whoever makes the table does not.
      const inVolume = volumes.some((volume) => volume.endsWith(':/data'));
      expect(inVolume || healthcheck === undefined).to.equal(true);
      expect(environment.STORE).to.match(/^(sqlite:\/data\/|dynamodb:)/);
    }
    expect(lastStage).to.include('chown node:node /data && ln -s /data data');
  });

  it('start two web processes and two workers once the table is made, and none waits for Redis to be well [O4, O5]', () => {
    const { ours: processes } = composeFile('compose.yaml');
    const serving = Object.values(processes).filter(({ healthcheck }) => healthcheck);

    const conditions = serving.map(({ depends_on: on }) => [on.store?.condition, on.redis?.condition]);

    expect(serving.map(({ environment }) => environment.ROLE)).to.deep.equal(['web', 'web', 'worker', 'worker']);
    expect(new Set(serving.map(({ environment }) => environment.PORT))).to.have.property('size', 4);
    expect(conditions).to.deep.equal(Array(4).fill(['service_completed_successfully', 'service_started']));
    for (const one of serving) expect(one).to.include({ stop_grace_period: '3m', init: true });
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
    expect(lastStage)
      .to.include('COPY --from=build /app/console/dist')
      .and.to.include('COPY --from=build /app/dist')
      .and.to.include('COPY --from=packages');
    expect(containerfile).to.match(/AS packages[\s\S]*?npm ci --omit=dev --ignore-scripts/);
  });

  it('run as nobody special, and ask the program itself how it is [O4, O5]', () => {
    const userAt = lastStage.indexOf('\nUSER node\n');

    const starts = lastStage.indexOf('\nCMD ');

    expect(userAt).to.be.greaterThan(0).and.lessThan(starts);
    expect(lastStage).to.match(/HEALTHCHECK .*CMD \["node", "dist\/main\.js", "smoke", "--read-only"\]/);
    expect(lastStage).to.include('STOPSIGNAL SIGTERM');
  });

  it('serve from the bundle, with flags that this Node knows [O4]', () => {
    const [, command = '[]'] = /\nCMD (\[.*\])\s*$/.exec(lastStage) ?? [];
    const [node, ...words] = z.array(z.string()).parse(JSON.parse(command));
    const flags = words.slice(0, -2);

    const { status, stdout } = spawnSync(process.execPath, [...flags, '--eval', "process.stdout.write('known')"]);

    expect(flags).to.not.be.empty;
    expect([node, ...words.slice(-2)]).to.deep.equal(['node', 'dist/main.js', 'serve']);
    expect([status, String(stdout)]).to.deep.equal([0, 'known']);
  });
});
