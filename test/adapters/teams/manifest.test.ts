import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { teamsManifest } from '../../../adapters/teams/manifest.ts';
import { createUnderstanding } from '../../../bot/understand/understand.ts';
import { OpsError } from '../../../lib/errors.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { catalog } from '../../../tools/catalog.ts';
import { npmPeer } from '../../peers/peers.ts';
import { TeamsManifest } from './manifest-parts.ts';

const options = {
  publicUrl: 'https://ops.example.com',
  appId: '11111111-2222-3333-4444-555555555555',
  version: '1.2.3',
  commands: catalog,
};

describe('the Teams manifest', () => {
  it('is one bot for a person, a team and a group chat, named by the app id [C10]', () => {
    const { id, version, bots, validDomains } = TeamsManifest.parse(teamsManifest(options));

    expect({ id, version, validDomains }).to.deep.equal({
      id: options.appId,
      version: '1.2.3',
      validDomains: ['ops.example.com'],
    });
    expect(bots).to.have.length(1);
    expect(bots[0]?.botId).to.equal(options.appId);
    expect(bots[0]?.scopes).to.have.members(['personal', 'team', 'groupChat']);
  });

  it('asks for no permission to read along [C10]', () => {
    const manifest = teamsManifest(options);

    expect(manifest).not.to.have.any.keys('authorization', 'permissions', 'devicePermissions', 'webApplicationInfo');
  });

  it('offers commands that OpsAgent understands as they are [C10]', () => {
    const understand = createUnderstanding({ catalog });
    const { bots } = TeamsManifest.parse(teamsManifest(options));

    const offered = bots.flatMap(({ commandLists }) => commandLists.flatMap(({ commands }) => commands));
    const said = offered.map(({ title, prompt }) => prompt ?? title);
    const lost = said.filter((text) => understand(text, { now: 0 }).kind === 'menu');

    expect(said).to.include.members(['help', 'approvals', 'ec2 list', 'ec2 reboot']);
    expect(lost).to.deep.equal([]);
  });

  it('starts a chat of one’s own with prompts that work in every account [C10]', () => {
    const { bots } = TeamsManifest.parse(teamsManifest(options));

    const [personal, shared] = bots[0]?.commandLists ?? [];
    const prompts = personal?.commands.filter(({ type }) => type === 'prompt').map(({ prompt }) => prompt);
    expect(prompts).to.deep.equal(['ec2 list', 'ecs list', 'alarms', 'alb list']);
    expect(shared?.commands.some(({ type }) => type === 'prompt')).to.equal(false);
  });

  it('is not made without PUBLIC_URL, and says so [C10]', () => {
    const make = () => teamsManifest({ ...options, publicUrl: undefined });

    expect(make)
      .to.throw(OpsError, /^PUBLIC_URL is not set/)
      .with.property('code', 'config_invalid');
  });

  describe('by Microsoft’s own schema', () => {
    let faultsOf: (manifest: JsonObject) => string[];

    before(function () {
      faultsOf = microsoftsSchema(this);
    });

    it('is right [C10]', () => {
      const faults = faultsOf(teamsManifest(options));

      expect(faults).to.deep.equal([]);
    });

    it('is wrong of another version, without a name, or with an id or a colour that is none [C10]', () => {
      const { name: _, ...manifest } = teamsManifest({ ...options, appId: 'opsagent' });

      const faults = faultsOf({ ...manifest, manifestVersion: '1.28', accentColor: 'blue' });

      expect(faults).to.include.members([
        " must have required property 'name'",
        '/manifestVersion must be equal to constant',
      ]);
      expect(faults.map((fault) => fault.split(' ')[0])).to.include.members(['/accentColor', '/id', '/bots/0/botId']);
    });
  });
});

interface Validate {
  (data: unknown): boolean;
  errors?: { instancePath: string; message?: string }[] | null;
}

/** Microsoft's JSON schema of manifest 1.29, from their npm package, in a validator of its draft. */
function microsoftsSchema(suite: Mocha.Context): (manifest: JsonObject) => string[] {
  const require = createRequire(import.meta.url);
  const schemas = join(npmPeer(suite, '@microsoft/app-manifest'), 'build/json-schemas/teams');
  const schema: unknown = JSON.parse(readFileSync(join(schemas, 'v1.29/MicrosoftTeams.schema.json'), 'utf8'));
  const { default: Ajv } = require(npmPeer(suite, 'ajv-draft-04'));
  const { default: addFormats } = require(npmPeer(suite, 'ajv-formats'));
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate: Validate = ajv.compile(schema);
  return (manifest) => {
    validate(manifest);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}
