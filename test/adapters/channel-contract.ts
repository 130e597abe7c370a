import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { Channel, Lobby } from '../../bot/channel.ts';
import type { Conversation, Turn, TurnResult } from '../../bot/turn.ts';
import type { View } from '../../cards/view.ts';
import type { Store } from '../../store/store.ts';
import { changeContract } from './change-contract.ts';
import { aChart, aMessage, anApproval, aTable } from './views.ts';

/** One channel with two people at it, who share a conversation. */
export interface ChannelHarness {
  channel: Channel;
  conversation: Conversation;
  /** Resolves when the turn is done. */
  says(person: string, text: string): Promise<void>;
  /** All text that is before this person's eyes now, older things above newer. */
  sees(person: string): Promise<string>;
  /**
   * Presses the button with this label on the newest card that has it, and gives the reason it asks for. Where this person is
   * shown no such button (any more), the press is forged from one that was seen. Resolves when the turn is done.
   */
  presses(person: string, label: string, reason?: string): Promise<void>;
  /** The last thing that was said or pressed arrives once more, byte for byte. Resolves when it is dealt with. */
  replays(): Promise<void>;
  /** The platform takes none of the next n messages and edits. */
  losesNext(n: number): void;
  /** The adapter stops and starts anew on the same store, before the same eyes. */
  restart(): Promise<void>;
  /** What a drawn chart looks like here. */
  chart: RegExp;
  /** Whether people have a screen each, or sit at one. */
  screen: 'own' | 'shared';
  /** `in place`: an update takes the place of what was there. `below`: it is printed after it. */
  updates: 'in place' | 'below';
  close(): Promise<void>;
}

export type Answering = (turn: Turn, channel: Channel, heard?: () => void) => Promise<TurnResult>;

/** What a harness stands on, where a test needs to share it. */
export interface Ground {
  store: Store;
  lobby: Lobby;
}

export type OpenChannel = (answering: Answering, ground?: Ground) => Promise<ChannelHarness>;

export const answered: TurnResult = { outcome: 'answer', correlationId: 'c-1', text: 'done' };

const alice = 'alice@example.com';
const bob = 'bob@example.com';

/** What the cases share: the channel of the case, what it answers, and what it heard. */
interface Stage {
  house(): ChannelHarness;
  answering: Answering;
  answerWith(...views: View[]): void;
  turns: Turn[];
}

/** What every door has to do, whatever the platform behind it. */
export function channelContract(name: string, open: OpenChannel): void {
  describe(`the channel ${name}`, () => {
    const stage = setStage(open);

    describe('in conversation', () => conversationCases(stage));
    describe('with cards', () => cardCases(stage));
    describe('with changes and whispers', () => changeCases(stage));
    describe('with hostile and long text', () => textCases(stage));
    describe('with the whole house behind it', () => changeContract(open));
  });
}

function setStage(open: OpenChannel): Stage {
  let house: ChannelHarness | undefined;
  const stage: Stage = {
    house() {
      if (!house) throw new Error('the channel is open within a test only');
      return house;
    },
    answering: async () => answered,
    answerWith(...views) {
      stage.answering = async (turn, channel) => {
        for (const view of views) await channel.post(turn.conversation, view);
        return answered;
      };
    },
    turns: [],
  };
  beforeEach(async () => {
    stage.turns.length = 0;
    stage.answering = async () => answered;
    house = await open((turn, channel) => {
      stage.turns.push(turn);
      return stage.answering(turn, channel);
    });
  });
  afterEach(() => house?.close());
  return stage;
}

function conversationCases(stage: Stage): void {
  it('brings a sentence with its speaker and shows the answer', async () => {
    stage.answerWith(aMessage('two instances are running'));

    await stage.house().says(alice, 'list ec2 instances');

    expect(stage.turns.map(({ text, speaker }) => [text, speaker.userId])).to.deep.equal([
      ['list ec2 instances', alice],
    ]);
    expect(stage.turns[0]?.speaker.channel).to.equal(stage.house().channel.name);
    expect(stage.turns[0]?.conversation.channel).to.equal(stage.house().channel.name);
    expect(await stage.house().sees(alice)).to.contain('two instances are running');
  });

  it('leaves no progress line behind the answer [C6]', async () => {
    stage.answering = async (turn, channel) => {
      channel.progress(turn.conversation, 'checking CloudWatch…');
      channel.progress(turn.conversation, 'checking CloudTrail…');
      await channel.post(turn.conversation, aMessage('found it'));
      return answered;
    };

    await stage.house().says(alice, 'why is web slow?');

    const seen = await stage.house().sees(alice);
    expect(seen).to.contain('found it').and.not.contain('checking');
  });

  it('finishes the turn under way when it is stopped [O5]', async () => {
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    let posted = false;
    stage.answering = async (turn, channel) => {
      started.resolve();
      await finish.promise;
      await channel.post(turn.conversation, aMessage('late but whole'));
      posted = true;
      return answered;
    };
    const said = stage.house().says(alice, 'slow');
    await started.promise;

    const stopped = stage.house().channel.stop();
    await setImmediate();
    finish.resolve();
    await Promise.all([said, stopped]);

    expect(posted).to.equal(true);
  });
}

function cardCases(stage: Stage): void {
  it('shows a table with its columns, its cells and where it was read', async () => {
    stage.answerWith(aTable(3));

    await stage.house().says(alice, 'list ec2 instances');

    const seen = await stage.house().sees(alice);
    for (const text of ['Instance', 'State', 'i-0001', 'i-0003', 'eu-west-1']) expect(seen).to.contain(text);
  });

  it('draws a chart and says its unit [C7]', async () => {
    stage.answerWith(aChart());

    await stage.house().says(alice, 'cpu of web-1');

    const seen = await stage.house().sees(alice);
    expect(seen).to.match(stage.house().chart);
    expect(seen).to.contain('CPU of web-1').and.contain('%');
  });

  it('shows all that a decision needs on an approval card', async () => {
    const view = anApproval();
    stage.answerWith(view);

    await stage.house().says(alice, 'reboot web-1');

    const seen = await stage.house().sees(bob);
    for (const text of [view.action, view.requester, view.digestPrefix, view.impact.downtime, view.mayApprove]) {
      expect(seen).to.contain(text);
    }
    expect(seen.toLowerCase()).to.contain('medium').and.contain('approve');
  });
}

function changeCases(stage: Stage): void {
  it('shows the newest state of a card that was updated [G11]', async () => {
    const message = await stage.house().channel.post(stage.house().conversation, anApproval());

    await stage.house().channel.update(message, anApproval({ state: 'executing', actions: [] }));
    await stage
      .house()
      .channel.update(
        message,
        anApproval({ state: 'succeeded', actions: [], outcome: ['Running again since 10:02 UTC.'] }),
      );

    const seen = await stage.house().sees(alice);
    expect(seen).to.contain('Running again since 10:02 UTC.');
    if (stage.house().updates === 'in place') expect(seen.split('Reboot EC2 instance').length).to.equal(2);
    else expect(seen.lastIndexOf('update:')).to.be.lessThan(seen.indexOf('Running again since'));
  });

  it('whispers to its person only', async () => {
    await stage.house().channel.whisper(stage.house().conversation, bob, aMessage('you may not approve this'));

    const hers = await stage.house().sees(alice);
    const his = await stage.house().sees(bob);
    expect(hers).not.to.contain('you may not approve this');
    expect(his).to.contain('you may not approve this');
  });
}

function textCases(stage: Stage): void {
  it('shows hostile text as text', async () => {
    const hostile = '\u001b[2J\u001b]0;owned\u0007\u202eevil\u2066 <script>alert(1)</script> ${title} **bold**';
    stage.answerWith(
      { ...aMessage(hostile), title: hostile, note: hostile },
      { ...aTable(1), rows: [[hostile, hostile]] },
    );

    await stage.house().says(alice, 'help');

    const seen = await stage.house().sees(alice);
    expect(seen).to.contain('evil');
    expect(seen).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  for (const [what, view] of Object.entries({
    'long text': aMessage(`${'word '.repeat(20_000)}last`),
    'text of many lines': aMessage(`${'line\n'.repeat(5_000)}last`),
    'a table of many rows': { ...aTable(1_000), note: '' },
  })) {
    it(`shows the whole of ${what}, or says that it goes on [C6]`, async () => {
      stage.answerWith(view);

      await stage.house().says(alice, 'list');

      expect(await stage.house().sees(alice)).to.match(/\blast\b|i-1000|…|not shown/);
    });
  }
}
