import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { loadConfig } from '../../lib/config.ts';
import { exampleFiles, manifests } from '../../main/manifests.ts';
import { openApiRules } from '../adapters/qbusiness/openapi-rules.ts';
import { type Installation, install } from '../e2e/opsagent.ts';

const COMMITTED = fileURLToPath(new URL('../../manifests', import.meta.url));
const APP_ID = '11111111-2222-3333-4444-555555555555';
const TEAMS = {
  PUBLIC_URL: 'https://ops.example.com',
  MICROSOFT_APP_ID: APP_ID,
  MICROSOFT_APP_PASSWORD: 'a secret of the tests',
  MICROSOFT_APP_TENANT_ID: '66666666-7777-8888-9999-000000000000',
};
const SLACK_FILES = ['slack/manifest.json'];
const QBUSINESS_FILES = ['qbusiness/openapi.json', 'qbusiness/plugin.yaml'];
const IAM_FILES = ['iam/read-role.json', 'iam/write-role.json'];
const TEAMS_FILES = ['teams/color.png', 'teams/manifest.json', 'teams/opsagent-teams.zip', 'teams/outline.png'];

describe('opsagent manifests', () => {
  let folder: string;
  let said: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsagent-manifests-'));
    said = [];
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const make = (env: Record<string, string>, socketMode = false) =>
    manifests(loadConfig(env), { out: folder, socketMode, example: false }, (line) => said.push(line));

  it('writes both platforms’ files, names each and says the next step of each [C10]', () => {
    make(TEAMS);

    expect(filesIn(folder)).to.have.members([...SLACK_FILES, ...IAM_FILES, ...TEAMS_FILES]);
    expect(said).to.include.members(filesIn(folder).map((path) => join(folder, path)));
    expect(said.join('\n'))
      .to.match(/^Slack: .*From a manifest/m)
      .and.match(/^Teams: .*Upload an app/m);
  });

  it('packs for Teams exactly the manifest and the two icons, the same bytes each time [C10]', () => {
    make(TEAMS);
    const first = readFileSync(join(folder, 'teams/opsagent-teams.zip'));
    make(TEAMS);
    const second = readFileSync(join(folder, 'teams/opsagent-teams.zip'));

    const packed = unzipSync(first);
    expect(first.equals(second)).to.equal(true);
    expect(Object.keys(packed)).to.have.members(['manifest.json', 'color.png', 'outline.png']);
    for (const [name, content] of Object.entries(packed))
      expect(readFileSync(join(folder, 'teams', name)).equals(content), name).to.equal(true);
  });

  it('leaves the Teams package out without MICROSOFT_APP_ID, and says so [C10]', () => {
    make({ PUBLIC_URL: TEAMS.PUBLIC_URL });

    expect(filesIn(folder)).to.have.members([...SLACK_FILES, ...IAM_FILES]);
    expect(said.join('\n')).to.match(/^Teams: left out, because MICROSOFT_APP_ID is not set/m);
  });

  it('writes the document and the template of Amazon Q for one’s own address and provider [Q2]', () => {
    make({ PUBLIC_URL: TEAMS.PUBLIC_URL, OIDC_ISSUER: 'https://id.example.com/', OIDC_AUDIENCE: 'opsagent' });
    const document = JSON.parse(readFileSync(join(folder, 'qbusiness/openapi.json'), 'utf8'));
    const template = readFileSync(join(folder, 'qbusiness/plugin.yaml'), 'utf8');

    const broken = openApiRules.flatMap(({ name, check }) => check(document).map((found) => `${name}: ${found}`));
    expect(filesIn(folder)).to.include.members(QBUSINESS_FILES);
    expect(broken).to.deep.equal([]);
    expect(document.servers).to.deep.equal([{ url: TEAMS.PUBLIC_URL }]);
    expect(Object.keys(document.components.securitySchemes)).to.deep.equal(['oauth']);
    expect(template).to.include(`Default: ${TEAMS.PUBLIC_URL}`).and.to.include('Default: https://id.example.com/token');
    expect(said.join('\n')).to.match(/^Amazon Q: .*qbusiness has its document/m);
  });

  it('leaves Amazon Q out while nobody can sign in, and says so [Q2]', () => {
    make({ PUBLIC_URL: TEAMS.PUBLIC_URL });

    expect(filesIn(folder)).not.to.include.members(QBUSINESS_FILES);
    expect(said.join('\n')).to.match(/^Amazon Q: left out, because OIDC_ISSUER is not set/m);
  });

  it('makes a template of a plugin, its secret and a role for Amazon Q alone [Q2]', () => {
    const tags = ['!Ref', '!Sub', '!GetAtt'].map((tag) => ({ tag, resolve: (text: string) => `${tag} ${text}` }));

    const { Resources } = parse(readFileSync(join(COMMITTED, 'qbusiness/plugin.yaml'), 'utf8'), { customTags: tags });

    const { Plugin, Role, Secret } = Resources;
    const [trust] = Role.Properties.AssumeRolePolicyDocument.Statement;
    expect(Object.values<{ Type: string }>(Resources).map(({ Type }) => Type)).to.deep.equal([
      ...['AWS::SecretsManager::Secret', 'AWS::IAM::Role', 'AWS::QBusiness::Plugin'],
    ]);
    expect(trust.Principal).to.deep.equal({ Service: 'qbusiness.amazonaws.com' });
    expect(Object.keys(trust.Condition)).to.deep.equal(['StringEquals', 'ArnLike']);
    expect(Plugin.Properties.AuthConfiguration.OAuth2ClientCredentialConfiguration).to.have.all.keys(
      ...['AuthorizationUrl', 'TokenUrl', 'SecretArn', 'RoleArn'],
    );
    expect(Plugin.Properties.DisplayName).to.match(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}$/);
    expect(Secret.Properties.SecretString).to.match(/"client_id".*"client_secret".*"redirect_uri".*\/oauth\/callback"/);
  });

  it('needs no PUBLIC_URL for Slack in Socket Mode, asked for or configured [C10]', () => {
    const configured = { SLACK_APP_TOKEN: 'xapp-1-A0', SLACK_BOT_TOKEN: 'xoxb-1' };

    make({}, true);
    const asked = readFileSync(join(folder, 'slack/manifest.json'), 'utf8');
    make(configured);

    expect(JSON.parse(asked).settings.socket_mode_enabled).to.equal(true);
    expect(readFileSync(join(folder, 'slack/manifest.json'), 'utf8')).to.equal(asked);
  });

  it('writes nothing at all when an address is missing [C10]', () => {
    const { PUBLIC_URL: _, ...withoutAddress } = TEAMS;

    expect(() => make(withoutAddress, true)).to.throw(/^PUBLIC_URL is not set: it is where Teams/);
    expect(() => make({})).to.throw(/^PUBLIC_URL is not set: it is where Slack/);
    expect(filesIn(folder)).to.deep.equal([]);
  });

  it('keeps the committed example fresh [C10]', () => {
    const files = exampleFiles(loadConfig({}).version);

    const stale = Object.entries(files).filter(([path, content]) => !isSame(join(COMMITTED, path), content));
    const extra = filesIn(COMMITTED).filter((path) => !(path in files));
    const wrong = [...stale.map(([path]) => path), ...extra];

    if (wrong.length > 0)
      expect.fail(
        `manifests/ is not what the generators make now: ${wrong.join(', ')}\n` +
          'why: people read the example instead of running the command\n' +
          'fix: npm run manifests -- --example, read the difference, and remove what is no longer made',
      );
  });
});

describe('npx opsagent manifests', function () {
  this.timeout(30_000);
  let house: Installation;

  beforeEach(() => {
    house = install();
  });

  afterEach(() => house.remove());

  it('writes below data/manifests of the folder it is started in [C10]', async () => {
    const { code, stdout } = await house.run(['manifests'], { PUBLIC_URL: TEAMS.PUBLIC_URL });

    expect(code).to.equal(0);
    expect(stdout).to.include('data/manifests/slack/manifest.json');
    expect(existsSync(house.path('data/manifests/slack/manifest.json'))).to.equal(true);
  });

  it('ends with exit code 2, the key and the fix when a key is missing [C10, O3]', async () => {
    const { code, stderr, stdout } = await house.run(['manifests']);

    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/PUBLIC_URL is not set[\s\S]*--socket-mode/);
  });

  it('ends with exit code 2 and the path when the folder cannot be written to [C10]', async () => {
    const { code, stderr } = await house.run(['manifests', '--socket-mode', '--out', '/dev/null/manifests']);

    expect(code).to.equal(2);
    expect(stderr).to.match(/\/dev\/null\/manifests\/slack\/manifest\.json cannot be written: ENOTDIR[\s\S]*--out/);
  });
});

/** Paths of the files below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
}

function isSame(path: string, content: Uint8Array): boolean {
  return existsSync(path) && readFileSync(path).equals(content);
}
