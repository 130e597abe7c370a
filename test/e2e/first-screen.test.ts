import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { childEnv, install } from './opsagent.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(`${ROOT}/README.md`, 'utf8');

/** The checkout that runs this was installed with the first half of each command; `.ci/run` does both on a clean clone. */
describe("the README's first screen", function () {
  this.timeout(60_000);

  it('is a sentence, a conversation and two commands, in thirty lines [O1]', () => {
    const first = readme.split('\n').slice(0, 30);
    const blocks = first.join('\n').match(/```\n[\s\S]*?\n```/g) ?? [];
    const commands = (blocks[1] ?? '').split('\n').filter((line) => line.startsWith('npm'));

    expect(first[2]).to.match(/^An operations colleague/);
    expect(blocks[0]).to.match(/alice[\s\S]*bob/);
    expect(commands.map((line) => line.split('#')[0]?.trim())).to.deep.equal([
      'npm ci && npm start',
      'npm ci && npm test',
    ]);
  });

  it('names a start that prints its address, three things to try, and answers the first of them [O1]', async () => {
    const home = install();
    const server = spawn('npm', ['start', '--silent'], {
      cwd: ROOT,
      env: childEnv({ ...home.env, EXECUTION_MODE: 'LOCAL_MOCK' }),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    try {
      const printed = await untilStop(server.stdout);
      const [address] = /http:\/\/\S+/.exec(printed) ?? [];
      const tries = printed
        .split('\n')
        .filter((line) => line.startsWith('  '))
        .map((line) => line.trim());

      const answers = [];
      for (const text of tries) answers.push(await say(String(address), text));

      expect(tries).to.have.length(3);
      expect(answers).to.deep.equal(['done', 'pending', 'done']);
      expect((await fetch(String(address))).status).to.equal(200);
    } finally {
      // npm runs node in a shell: the whole group is asked to stop, as Ctrl+C does.
      process.kill(-(server.pid ?? 0), 'SIGTERM');
      await once(server, 'exit');
      home.remove();
    }
  });
});

async function untilStop(stdout: NodeJS.ReadableStream): Promise<string> {
  let printed = '';
  for await (const chunk of stdout) {
    printed += chunk;
    if (printed.includes('Ctrl+C')) return printed;
  }
  throw new Error(`npm start ended early: ${printed}`);
}

async function say(address: string, text: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'x-opsagent-person': 'alice@example.com' };
  const body = JSON.stringify({ id: crypto.randomUUID(), conversation: 'me', text });
  const answer = await fetch(`${address}/api/turns`, { method: 'POST', headers, body });
  return ((await answer.json()) as { outcome?: unknown }).outcome;
}
