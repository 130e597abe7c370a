import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { known } from '../../tools/aws/simulated/known.ts';
import { ALICE, type AskLine, BOB, ERIN, type Installation, install, readAskLine } from './opsagent.ts';

const { sickInstance } = known;

describe('opsagent ask', function () {
  this.timeout(30_000);
  let house: Installation;

  beforeEach(() => {
    house = install();
  });

  afterEach(() => {
    house.remove();
  });

  const asked: { said: string; as: string; ends: Partial<AskLine>; text: RegExp }[] = [
    {
      said: `ec2 status ${sickInstance}`,
      as: ALICE,
      ends: { outcome: 'done', understood_by: 'grammar', tool: 'get_ec2_status' },
      text: /impaired/,
    },
    {
      said: `please reboot ${sickInstance}`,
      as: ALICE,
      ends: { outcome: 'pending', tool: 'reboot_ec2', input: { instance_id: sickInstance } },
      text: /Waiting for approval/,
    },
    {
      said: `reboot ${sickInstance}`,
      as: 'carol@example.com',
      ends: { outcome: 'denied', tool: 'reboot_ec2' },
      text: /You are viewer[\s\S]*Rule +proposals/,
    },
    { said: 'ec2 list', as: 'mallory@example.com', ends: { outcome: 'denied' }, text: /not on the allow-list/ },
    {
      said: 'ec2 status i-0ffffffffffffffff',
      as: ALICE,
      ends: { outcome: 'failed', tool: 'get_ec2_status' },
      text: /does not exist[\s\S]*InvalidInstanceID\.NotFound/,
    },
    { said: 'help', as: ALICE, ends: { outcome: 'answer' }, text: /What I can do/ },
    { said: 'frobnicate the flux', as: ALICE, ends: { outcome: 'menu' }, text: /did not understand/ },
    { said: '', as: ALICE, ends: { outcome: 'menu' }, text: /empty/ },
  ];
  for (const { said, as, ends, text } of asked) {
    it(`answers ${JSON.stringify(said)} of ${as} with one line of JSON, ${ends.outcome} [L4, A1]`, async () => {
      const line = await house.ask(said, { as });

      expect(line).to.deep.include(ends);
      expect(line.text).to.match(text).and.to.include(line.correlation_id);
      expect(line.correlation_id).to.match(/^[0-9a-f-]{36}$/);
    });
  }

  it('writes its logs to stderr, each line JSON, and nothing but the answer to stdout [A1]', async () => {
    const ended = await house.run(['ask', '--json', 'ec2 status i-0ffffffffffffffff'], { LOG_LEVEL: 'debug' });

    const { correlation_id: id } = readAskLine(ended);
    const logged = ended.stderr.split('\n').filter(Boolean);
    expect(logged.length).to.be.above(0);
    for (const line of logged) expect(() => JSON.parse(line)).to.not.throw();
    expect(ended.stderr).to.include(id);
  });

  it('goes from proposal to a verified change in processes that share nothing but the store [T5, G5, G12, O5]', async () => {
    const { approval_id: id, approval_token: token, text } = await house.ask(`reboot ${sickInstance}`);
    const waiting = await house.ask('approvals', { as: BOB });
    const done = await house.ask(`approve token:${token}`, { as: BOB });
    const again = await house.ask(`approve token:${token}`, { as: ERIN });
    const shown = await house.ask(`show ${id}`);

    expect(token).to.match(/^approve-[\w-]{43}$/);
    expect(text).to.include(id).and.include(token);
    expect(waiting.text).to.include(id).and.not.include(token);
    expect(done).to.include({ outcome: 'done', approval_id: id });
    expect(again.outcome).to.equal('denied');
    expect(again.text).to.match(/already decided: approved by Bob/i);
    expect(shown.text).to.match(/system check ok, instance check ok/);
  });

  it('keeps the token out of the store, its copy and the logs [G5, A5]', async () => {
    const asked = await house.run(['ask', '--json', `reboot ${sickInstance}`], { LOG_LEVEL: 'debug' });
    const token = readAskLine(asked).approval_token ?? '';
    const approved = await house.run(['ask', '--json', '--as', BOB, `approve token:${token}`], { LOG_LEVEL: 'debug' });

    const kept =
      readFileSync(house.path('data/ops.db'), 'latin1') + readFileSync(house.path('data/ops.db.audit.jsonl'), 'utf8');
    expect(token).to.have.length(51);
    expect(kept).to.include('approval_granted').and.not.include(token);
    expect(asked.stderr + approved.stderr).to.not.include(token);
  });

  it('refuses a message of 50,000 characters without working through it [L4]', async () => {
    const line = await house.ask('reboot '.repeat(7143));

    expect(line.outcome).to.equal('menu');
    expect(line.text)
      .to.match(/too long/)
      .and.to.have.length.below(2_000);
  });

  it('lets no control or direction-changing character through to the answer [A5, L4]', async () => {
    const line = await house.ask(`ec2 status \u202e${sickInstance}\u0007\u001b[31m because \u2066x`);

    expect(line.text).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });
});

describe('opsagent audit verify', function () {
  this.timeout(30_000);
  let house: Installation;

  beforeEach(async () => {
    house = install();
    await house.ask(`ec2 status ${sickInstance}`);
    await house.ask(`reboot ${sickInstance}`);
  });

  afterEach(() => {
    house.remove();
  });

  it('ends with 0 on a whole chain, in words and as JSON [A2]', async () => {
    const words = await house.run(['audit', 'verify']);
    const json = await house.run(['audit', 'verify', '--json']);

    expect(words).to.include({ code: 0 });
    expect(words.stdout).to.match(/^The audit chain is whole: [4-9] records/);
    expect(JSON.parse(json.stdout)).to.include({ ok: true, broken_copy_lines: 0 });
  });

  it('names the record that was changed, and ends with 1 [A2]', async () => {
    const db = new Database(house.path('data/ops.db'));
    db.exec(
      `UPDATE records SET body = replace(body, 'alice@', 'mallo@') WHERE kind = 'audit' AND body LIKE '%"seq":3,%'`,
    );
    db.close();

    const { code, stdout } = await house.run(['audit', 'verify']);

    expect({ code, stdout }).to.deep.include({ code: 1 });
    expect(stdout).to.match(/broken at record 3: its content is not what was written/);
  });

  it('notices a record taken from the end, because the copy still has it [A2]', async () => {
    const copy = house.path('data/ops.db.audit.jsonl');
    const lines = readFileSync(copy, 'utf8').trimEnd().split('\n');
    const last = JSON.parse(lines.at(-1) ?? '{}');
    writeFileSync(copy, `${[...lines, JSON.stringify({ ...last, seq: last.seq + 1 })].join('\n')}\n`);

    const { code, stdout } = await house.run(['audit', 'verify']);

    expect(code).to.equal(1);
    expect(stdout).to.include(`broken at record ${last.seq + 1}: the copy holds records that the store has lost`);
  });
});
