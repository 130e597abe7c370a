import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { OpsError } from '../../../lib/errors.ts';
import { aMessage, anApproval } from '../views.ts';
import { answered, startTerminal } from './terminal-harness.ts';

const place = { channel: 'terminal-test', id: 'terminal' };

describe('the terminal in a pipe', () => {
  it('answers each line in turn and leaves after the last answer [C4]', async () => {
    const house = await startTerminal({
      onTurn: async (turn, terminal) => {
        await setImmediate();
        await terminal.post(turn.conversation, aMessage(`answer to ${turn.text}`));
        return answered;
      },
    });

    house.type('list ec2 instances');
    house.type('');
    house.type('/ops help');
    house.end();
    await house.terminal.left;

    expect(house.turns.map(({ text }) => text)).to.deep.equal(['list ec2 instances', '/ops help']);
    expect(house.printed()).to.match(/answer to list ec2 instances[\s\S]*answer to \/ops help/);
    await house.close();
  });

  it('says who speaks and where, under ids of this process', async () => {
    const house = await startTerminal();

    house.type('help');
    house.type('help');
    house.end();
    await house.terminal.left;

    expect(house.turns[0]).to.deep.include({
      origin: 'message',
      speaker: { channel: 'terminal-test', userId: 'alice@example.com', auth: 'local-switch' },
      conversation: place,
    });
    expect(new Set(house.turns.map(({ id }) => id)).size).to.equal(2);
    await house.close();
  });

  it('prints answers alone: no prompt, no progress, no escape codes [C4]', async () => {
    const house = await startTerminal({
      color: true,
      onTurn: async (turn, terminal) => {
        terminal.progress(turn.conversation, 'reading…');
        await terminal.post(turn.conversation, { ...aMessage('fine'), status: 'good' });
        return answered;
      },
    });

    house.type('help');
    house.end();
    await house.terminal.left;

    expect(house.printed()).not.to.match(/\u001b|LOCAL_MOCK>|reading/);
    expect(house.printed()).to.contain('fine');
    await house.close();
  });

  it('says what broke and what to do, and takes the next line', async () => {
    const house = await startTerminal({
      onTurn: async () => {
        throw new OpsError('store_unavailable', 'The store is locked.', { hint: 'Try again in a moment.' });
      },
    });

    house.type('one');
    house.type('two');
    house.end();
    await house.terminal.left;

    expect(house.turns).to.have.length(2);
    expect(house.printed()).to.contain('The store is locked.\nTry again in a moment.');
    await house.close();
  });

  it('speaks as the shell’s user outside of LOCAL_MOCK and refuses to switch [C4]', async () => {
    const house = await startTerminal({ mode: 'DRY_RUN' });

    house.type('/as bob@example.com');
    house.type('help');
    house.end();
    await house.terminal.left;

    expect(house.turns[0]?.speaker).to.deep.equal({
      channel: 'terminal-test',
      userId: 'alice@example.com',
      auth: 'shell',
    });
    expect(house.printed()).to.contain('LOCAL_MOCK only').and.contain('DRY_RUN');
    await house.close();
  });

  it('holds a whisper until its person is at the screen', async () => {
    const house = await startTerminal();
    await house.terminal.whisper(place, 'bob@example.com', aMessage('for Bob alone'));
    const before = house.printed();

    house.type('/as bob@example.com');
    await house.prints('for Bob alone');

    expect(before).not.to.contain('for Bob alone');
    await house.close();
  });

  it('finishes the answer under way when it is stopped [O5]', async () => {
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const house = await startTerminal({
      onTurn: async (turn, terminal) => {
        started.resolve();
        await finish.promise;
        await terminal.post(turn.conversation, aMessage('late but whole'));
        return answered;
      },
    });
    house.type('slow');
    await started.promise;

    const stopped = house.terminal.stop();
    finish.resolve();
    await stopped;

    expect(house.printed()).to.contain('late but whole');
    await house.close();
  });

  it('lets no hostile text reach the terminal as more than text [C4]', async () => {
    const hostile = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\r\b';
    const house = await startTerminal({ people: () => [{ id: `x${hostile}@example.com`, name: hostile }] });

    await house.terminal.post(place, { ...aMessage(hostile), title: hostile, note: hostile });
    await house.terminal.update(
      { channel: 'terminal-test', conversation: 'terminal', message: 'm' },
      anApproval({ action: hostile, outcome: [hostile] }),
    );
    for (const line of ['/who', `/as ${hostile}`, '/as nobody']) house.type(line);
    house.end();
    await house.terminal.left;

    expect(house.printed()).to.contain('evil');
    expect(house.printed()).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    await house.close();
  });
});

describe('the terminal with a person at it', () => {
  it('prompts with person and mode, and with the new person after a switch [C4]', async () => {
    const house = await startTerminal({ tty: true });
    await house.prints('alice LOCAL_MOCK> ');

    house.type('/as robert');
    await house.prints('bob LOCAL_MOCK> ');
    house.type('help');
    house.type('/quit');
    await house.terminal.left;

    expect(house.turns[0]?.speaker.userId).to.equal('bob@example.org');
    await house.close();
  });

  it('wipes the progress line before the answer [C4, C6]', async () => {
    const house = await startTerminal({ tty: true });

    house.terminal.progress(place, 'reading CloudWatch…\nand more');
    await house.terminal.post(place, aMessage('found'));
    await house.prints('found');

    const printed = house.printed();
    expect(printed).to.contain('reading CloudWatch… and more\r\u001b[2K');
    expect(printed.indexOf('found')).to.be.greaterThan(printed.indexOf('reading'));
    await house.close();
  });

  it('gives back the line being typed after an answer that came in between', async () => {
    const house = await startTerminal({ tty: true });
    house.keys('list ec2 inst');
    await house.prints('inst');

    await house.terminal.update(
      { channel: 'terminal-test', conversation: 'terminal', message: 'm' },
      anApproval({ state: 'succeeded', outcome: ['Rebooted.'] }),
    );
    house.type('ances');
    await house.prints('ances');
    house.type('/quit');
    await house.terminal.left;

    expect(house.turns[0]?.text).to.equal('list ec2 instances');
    expect(house.printed()).to.match(/update: .*web-1[\s\S]*Rebooted\.[\s\S]*> list ec2 inst/);
    await house.close();
  });

  it('uses colour on a terminal that has it, and none when asked for none [C4]', async () => {
    const view = { ...aMessage('fine'), status: 'good' as const };
    const printed: string[] = [];
    for (const color of [true, false]) {
      const house = await startTerminal({ tty: true, color });
      await house.terminal.post(place, view);
      printed.push(house.printed());
      await house.close();
    }

    expect(printed[0]).to.match(/\u001b\[[\d;]+m/);
    expect(printed[1]).not.to.match(/\u001b\[[\d;]*m/);
  });

  it('prints readable lines on a terminal that does not know its width', async () => {
    const house = await startTerminal({ tty: true, columns: 0 });

    house.terminal.progress(place, 'reading CloudWatch…');
    await house.terminal.post(place, aMessage('two instances are running in eu-west-1'));

    expect(house.printed()).to.contain('reading CloudWatch…').and.contain('two instances are running in eu-west-1');
    await house.close();
  });

  it('empties the line on Ctrl+C and leaves on the second [C4]', async () => {
    const house = await startTerminal({ tty: true });

    house.keys('reboot everything\u0003');
    await house.prints('Press Ctrl+C again to leave.');
    house.keys('help\u0003');
    await setImmediate();
    house.type('list');
    await setImmediate();
    house.keys('\u0003\u0003');
    await house.terminal.left;

    expect(house.turns.map(({ text }) => text)).to.deep.equal(['list']);
    await house.close();
  });
});
