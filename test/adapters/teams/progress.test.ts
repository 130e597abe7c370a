import { expect } from 'chai';
import type { TurnResult } from '../../../bot/turn.ts';
import type { JsonObject } from '../../../lib/json.ts';
import { aMessage, anApproval } from '../views.ts';
import { executed, said } from './activities.ts';
import type { ConversationAtTeams } from './connector.ts';
import { teamsPeople, teamsPerson } from './people.ts';
import { type Settings, startTeams, type TeamsHouse } from './teams-house.ts';

const alice = teamsPerson('alice@example.com');
const done: TurnResult = { outcome: 'answer', correlationId: 'c-1', text: 'done' };

describe('progress in Teams', () => {
  let house: TeamsHouse;
  let personal: ConversationAtTeams;
  let group: ConversationAtTeams;
  let time: number;
  /** What the person sees while the work goes on. */
  let shown: (string | undefined)[];

  async function open(settings: Settings): Promise<void> {
    time = Date.now();
    shown = [];
    const sleep = (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((_, reject) => signal?.addEventListener('abort', reject));
    house = await startTeams({ clock: { now: () => time, sleep }, ...settings });
    personal = house.connector.add('a:1-alice', 'personal', [alice]);
    group = house.connector.add('19:war-room@thread.v2', 'groupChat', teamsPeople);
  }
  afterEach(() => house.close());

  const moment = () => new Promise((resolve) => setTimeout(resolve, 30));
  const say = (chat: ConversationAtTeams) =>
    house.sends(said(alice, chat, house.connector.serviceUrl, 'why is web slow?'));
  const entities = (activity: JsonObject | undefined) => activity?.entities as JsonObject[] | undefined;

  /** Says these lines two seconds apart, then answers. */
  const working =
    (lines: readonly string[], apart = 2_000): Settings['onTurn'] =>
    async (turn, teams, heard) => {
      for (const line of lines) {
        teams.progress(turn.conversation, line);
        await moment();
        shown.push(personal.stream?.text);
        time += apart;
      }
      await teams.post(turn.conversation, aMessage('found it'));
      heard();
      return done;
    };

  it('is one line that changes in a personal conversation, and the answer takes its place [C6]', async () => {
    await open({ onTurn: working(['checking CloudWatch…', 'checking CloudTrail…']) });

    await say(personal);

    expect(shown).to.deep.equal(['checking CloudWatch…', 'checking CloudTrail…']);
    expect(personal.stream).to.equal(undefined);
    const [[id, activity] = []] = [...personal.activities];
    expect(personal.activities.size).to.equal(1);
    expect(entities(activity)).to.deep.equal([{ type: 'streaminfo', streamType: 'final', streamId: id }]);
    expect(JSON.stringify(activity)).to.contain('found it');
  });

  it('lets the answer that took its place be edited [G11]', async () => {
    let message: Awaited<ReturnType<TeamsHouse['teams']['post']>> | undefined;
    await open({
      async onTurn(turn, teams, heard) {
        teams.progress(turn.conversation, 'planning…');
        message = await teams.post(turn.conversation, anApproval());
        heard();
        return done;
      },
    });
    await say(personal);

    await house.teams.update(
      message ?? expect.fail('nothing was posted'),
      anApproval({ state: 'expired', actions: [] }),
    );

    expect([...personal.activities.keys()]).to.deep.equal([message?.message]);
    expect(JSON.stringify([...personal.activities.values()])).to.contain('Expired');
  });

  it('is somebody typing where others read, and leaves nothing behind [C6]', async () => {
    await open({ onTurn: working(['checking CloudWatch…', 'checking CloudTrail…']) });

    await say(group);

    expect(group.typing).to.equal(2);
    expect(group.activities.size).to.equal(1);
  });

  it('is said at most once in a second and a half [C6]', async () => {
    await open({ onTurn: working(['one', 'two', 'three', 'four'], 500) });

    await say(personal);

    expect(shown).to.deep.equal(['one', 'one', 'one', 'four']);
  });

  it('does not open a stream for a press, which no message answers [C6]', async () => {
    await open({
      async onTurn(turn, teams) {
        teams.progress(turn.conversation, 'executing…');
        await moment();
        return done;
      },
    });
    await house.sends(said(alice, personal, house.connector.serviceUrl, '')).catch(() => undefined);
    const data = { kind: 'decide', verdict: 'approve', approvalId: 'apr-1', digest: 'a'.repeat(64) };
    time += 2_000;

    await house.sends(
      executed(alice, personal, house.connector.serviceUrl, '1', {
        action: { type: 'Action.Execute', verb: 'decide', data },
      }),
    );

    expect(house.turns.at(-1)?.decision).to.include({ verdict: 'approve' });
    expect(personal.typing).to.equal(1);
  });

  it('gives way to a message of its own when Teams has ended the stream [C6]', async () => {
    await open({ onTurn: working(['a', 'b', 'c'], 50_000) });

    await say(personal);

    const [activity] = [...personal.activities.values()];
    expect(personal.activities.size).to.equal(1);
    expect(activity).not.to.have.property('entities');
  });

  it('gives way to a message of its own when Teams does not take the answer in its place [C6]', async () => {
    await open({
      async onTurn(turn, teams, heard) {
        teams.progress(turn.conversation, 'checking…');
        await moment();
        personal.stream = undefined;
        await teams.post(turn.conversation, aMessage('found it'));
        heard();
        return done;
      },
    });

    await say(personal);

    expect(personal.activities.size).to.equal(1);
  });

  it('is nothing to fail for when Teams is away or the place unknown [C6]', async () => {
    await open({
      async onTurn(turn, teams, heard) {
        house.connector.losesNext(1);
        teams.progress(turn.conversation, 'checking…');
        teams.progress({ channel: 'teams', id: 'nowhere' }, 'checking…');
        await moment();
        await teams.post(turn.conversation, aMessage('found it'));
        heard();
        return done;
      },
    });

    await say(personal);

    expect(personal.activities.size).to.equal(1);
  });

  it('is nothing before the channel is started', async () => {
    await open({ started: false });

    expect(() => house.teams.progress({ channel: 'teams', id: personal.id }, 'x')).not.to.throw();
    await moment();
  });
});
