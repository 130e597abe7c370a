import { expect } from 'chai';
import { createLobby } from '../../bot/lobby.ts';
import { silentLog } from '../../lib/log.ts';
import { createSqliteStore } from '../../store/sqlite.ts';
import type { Store } from '../../store/store.ts';
import { catalog } from '../../tools/catalog.ts';
import { NOON, records, stored } from '../approvals/house.ts';
import { type BotHouse, createBotHouse } from '../bot/bot-house.ts';
import { investigator } from '../bot/llm/scripted-model.ts';
import { movableClock } from '../store/movable-clock.ts';
import type { ChannelHarness, Ground, OpenChannel } from './channel-contract.ts';

const alice = 'alice@example.com';
const bob = 'bob@example.com';
const carol = 'carol@example.com';
const dave = 'dave@example.com';

const REBOOT = 'ec2 reboot i-0bad5eed2c0ffee02 because it hangs';
const MINUTE = 60_000;

interface Scene {
  channel: ChannelHarness;
  house: BotHouse;
  /** What is due is said, and what is being looked at in AWS is seen. */
  settle(): Promise<void>;
  /** Alice asks for a reboot; its id. */
  asked(): Promise<string>;
  /** The adapter and the house end and start anew on the same store. */
  restart(): Promise<void>;
}

interface Stage {
  scene(): Scene;
}

/** What a change looks like through a door, with gate, rules, store and simulated AWS behind it (C5). */
export function changeContract(open: OpenChannel): void {
  let scene: Scene | undefined;
  const stage: Stage = {
    scene() {
      if (!scene) throw new Error('the scene is set within a test only');
      return scene;
    },
  };
  beforeEach(async () => {
    scene = await setScene(open);
  });
  afterEach(() => scene?.channel.close());

  decidedCases(stage);
  refusedCases(stage);
  deliveryCases(stage);
  showingCases(stage);
  modelCases(stage);
}

function modelCases(stage: Stage): void {
  it('shows the findings of an investigation, and a press on what they propose only proposes it [C5, L7]', async () => {
    const { channel, settle, house } = stage.scene();

    await channel.says(alice, 'why is checkout slow?');
    await settle();
    const found = await channel.sees(alice);
    await channel.presses(alice, 'Propose: ecs scale main checkout 6');
    await settle();

    expect(found).to.contain('Findings: why is checkout slow?').and.contain('checkout runs 2 of 4 tasks');
    expect(await channel.sees(alice))
      .to.contain('Waiting for approval')
      .and.contain('checkout');
    expect(house.aws.writes).to.have.length(0);
  });
}

function decidedCases(stage: Stage): void {
  it('brings a change from the sentence to the end, and tells whoever asked [C5, G11]', async () => {
    const id = await stage.scene().asked();
    const before = await stage.scene().channel.sees(bob);

    await stage.scene().channel.presses(bob, 'Approve');
    await stage.scene().settle();

    expect(before).to.contain('Waiting for approval').and.contain('web-2');
    for (const person of [alice, bob]) expect(await stage.scene().channel.sees(person)).to.contain('Done and verified');
    expect((await stored(stage.scene().house, id)).votes.map(({ person }) => person)).to.deep.equal([bob]);
    expect(stage.scene().house.aws.writes).to.have.length(1);
  });

  it('asks for the reason of a rejection and shows it to whoever asked [C5, G7]', async () => {
    const id = await stage.scene().asked();

    await stage.scene().channel.presses(bob, 'Reject', 'The batch runs on it until 04:00.');
    await stage.scene().settle();

    expect(await stage.scene().channel.sees(alice)).to.contain('The batch runs on it until 04:00.');
    expect((await stored(stage.scene().house, id)).state).to.equal('rejected');
    expect(stage.scene().house.aws.writes).to.have.length(0);
  });
}

function refusedCases(stage: Stage): void {
  it('tells whoever presses too late that it has expired, and does nothing [C5, G8]', async () => {
    const id = await stage.scene().asked();
    stage.scene().house.setNow(NOON + 15 * MINUTE + 1);

    await stage.scene().channel.presses(bob, 'Approve');
    await stage.scene().settle();

    expect(await stage.scene().channel.sees(bob)).to.match(/expired/i);
    expect((await stored(stage.scene().house, id)).state).to.equal('expired');
    expect(stage.scene().house.aws.writes).to.have.length(0);
  });

  it('counts one of two presses and tells the second person who was first [C5, G8]', async () => {
    await stage.scene().asked();
    await stage.scene().channel.presses(bob, 'Approve');

    await stage.scene().channel.presses(dave, 'Approve');
    await stage.scene().settle();

    expect(await stage.scene().channel.sees(dave)).to.match(/already decided: approved by Bob/);
    expect(stage.scene().house.aws.writes).to.have.length(1);
  });

  it('tells whoever may not decide why not, and nobody else [C5, C8]', async () => {
    const id = await stage.scene().asked();

    await stage.scene().channel.presses(carol, 'Approve');
    await stage.scene().settle();

    expect(await stage.scene().channel.sees(carol)).to.contain('Engineers may approve a medium-risk change.');
    if (stage.scene().channel.screen === 'own')
      expect(await stage.scene().channel.sees(alice)).not.to.contain('Engineers may approve a medium-risk change.');
    expect((await stored(stage.scene().house, id)).votes).to.deep.equal([]);
  });
}

function deliveryCases(stage: Stage): void {
  it('hears what arrives twice once [C5, G8]', async () => {
    await stage.scene().asked();
    await stage.scene().channel.replays();
    await stage.scene().settle();
    const proposals = (await records(stage.scene().house)).filter(({ type }) => type === 'approval_requested');

    await stage.scene().channel.presses(bob, 'Approve');
    await stage.scene().channel.replays();
    await stage.scene().settle();

    expect(proposals).to.have.length(1);
    expect((await records(stage.scene().house)).filter(({ type }) => type === 'request_received')).to.have.length(2);
    expect(stage.scene().house.aws.writes).to.have.length(1);
  });

  it('takes the press on a card that was posted before a restart [C5, O5]', async () => {
    const id = await stage.scene().asked();
    await stage.scene().restart();

    await stage.scene().channel.presses(bob, 'Approve');
    await stage.scene().settle();

    expect((await stored(stage.scene().house, id)).state).to.equal('succeeded');
    expect(await stage.scene().channel.sees(alice)).to.contain('Done and verified');
  });

  it('says later what the platform did not take at first [C5, G11]', async () => {
    await stage.scene().asked();
    stage.scene().channel.losesNext(3);

    await stage.scene().channel.presses(bob, 'Approve');
    for (let minutes = 0; minutes < 4; minutes += 1) {
      stage.scene().house.setNow(stage.scene().house.clock.now() + MINUTE);
      await stage.scene().settle();
    }

    expect(await stage.scene().channel.sees(alice)).to.contain('Done and verified');
    expect(stage.scene().house.aws.writes).to.have.length(1);
  });
}

function showingCases(stage: Stage): void {
  it('edits both of two cards of one change [C5, G11]', async () => {
    const id = await stage.scene().asked();
    await stage.scene().channel.says(bob, `show ${id}`);

    await stage.scene().channel.presses(bob, 'Approve');
    await stage.scene().settle();

    const seen = await stage.scene().channel.sees(alice);
    expect(seen.split('Done and verified').length - 1).to.be.greaterThanOrEqual(2);
    if (stage.scene().channel.updates === 'in place') expect(seen).not.to.contain('Waiting for approval');
  });

  it('shows what people write as what it is [C5, A5]', async () => {
    await stage
      .scene()
      .channel.says(
        alice,
        'ec2 reboot i-0bad5eed2c0ffee02 reason="<!channel> <@U1> *x* [a](http://b.example) APPROVED by @cto"',
      );
    await stage.scene().settle();

    const seen = await stage.scene().channel.sees(bob);

    expect(seen).to.contain('APPROVED by @cto').and.contain('Waiting for approval');
  });
}

async function setScene(open: OpenChannel): Promise<Scene> {
  const clock = movableClock(NOON);
  const store = await createSqliteStore({ path: ':memory:', clock: clock.clock, log: silentLog });
  const doors: { house?: BotHouse } = {};
  const house = (): BotHouse => {
    if (!doors.house) throw new Error('the house is not there yet');
    return doors.house;
  };
  const channel = await open((turn, _channel, heard) => house().bot.handleTurn(turn, heard), ground(store, house));
  const build = async () => {
    doors.house = await createBotHouse({ store, clock, model: investigator() }, [channel.channel]);
    doors.house.parts.route = () => [channel.conversation];
  };
  await build();
  const settle = async () => {
    await house().gate.idle();
    await house().settle();
    await house().settle();
  };
  return {
    channel,
    get house() {
      return house();
    },
    settle,
    async asked() {
      await channel.says(alice, REBOOT);
      await settle();
      const { rows } = await house().desk.approvals({ state: 'pending', limit: 2 });
      if (rows.length !== 1 || !rows[0]) throw new Error(`${rows.length} changes are waiting instead of one`);
      return rows[0].id;
    },
    async restart() {
      await house().gate.stop();
      await channel.restart();
      await build();
    },
  };
}

function ground(store: Store, house: () => BotHouse): Ground {
  const lobby = () =>
    createLobby({
      ...{ desk: house().desk, gate: house().gate, catalog, identity: house().identity },
      health: async () => ({ status: 'good', words: 'Everything answers.' }),
    });
  return {
    store,
    lobby: {
      home: (speaker) => lobby().home(speaker),
      card: (speaker, id) => lobby().card(speaker, id),
      accountsOf: (channel, people) => lobby().accountsOf(channel, people),
      tools: (speaker) => lobby().tools(speaker),
    },
  };
}
