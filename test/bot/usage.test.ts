import { expect } from 'chai';
import { createUsageLedger } from '../../bot/llm/usage.ts';
import { createUnderstanding } from '../../bot/understand/understand.ts';
import type { TableView } from '../../cards/view.ts';
import { catalog } from '../../tools/catalog.ts';
import { NOON } from '../approvals/house.ts';
import { type BotHouse, createBotHouse } from './bot-house.ts';
import { views } from './recording-channel.ts';

const DAY_MS = 86_400_000;
const understand = createUnderstanding({ catalog });

const aTurn = (costUsd: number) => ({
  calls: 3,
  tokens: { input: 1000, cacheRead: 10_000, cacheWrite: 2000, output: 500 },
  costUsd,
});

async function used(settings: object = {}): Promise<BotHouse> {
  const house = await createBotHouse({ settings });
  const ledger = createUsageLedger(house.store);
  await ledger.add('alice@example.com', NOON, aTurn(0.0123));
  await ledger.add('alice@example.com', NOON, aTurn(0.5));
  await ledger.add('bob@example.com', NOON - 6 * DAY_MS, aTurn(0.25));
  await ledger.add('bob@example.com', NOON - 7 * DAY_MS, aTurn(9));
  return house;
}

async function shownTo(house: BotHouse, who: string): Promise<TableView> {
  await house.say(who, 'usage');
  const view = house.web.whispers.at(-1)?.view;
  if (view?.kind !== 'table') throw new Error('no table');
  return view;
}

const ALICES_ROW = ['2026-11-20', 'alice@example.com', '2', '6', '26,000', '1,000', '$0.5123'];
const BOBS_ROW = ['2026-11-14', 'bob@example.com', '1', '3', '13,000', '500', '$0.2500'];

describe('usage', () => {
  it('shows admins and ops-leads who used the model in the last seven days, newest first [L6]', async () => {
    const house = await used();
    const [opsLead, admin] = [await shownTo(house, 'bob'), await shownTo(house, 'erin')];

    for (const { title, rows, columns } of [opsLead, admin]) {
      expect(title).to.equal('Model usage in the last 7 days');
      expect(columns).to.deep.equal(['Day', 'Person', 'Turns', 'Calls', 'Tokens in', 'Tokens out', 'Cost']);
      expect(rows).to.deep.equal([ALICES_ROW, BOBS_ROW]);
    }
  });

  it('shows everybody else their own part only [L6, G2]', async () => {
    const house = await used();
    const [engineer, senior, viewer] = [
      await shownTo(house, 'alice'),
      await shownTo(house, 'dave'),
      await shownTo(house, 'carol'),
    ];

    expect(engineer.rows).to.deep.equal([ALICES_ROW]);
    expect(engineer.title).to.include('Your');
    expect(JSON.stringify([engineer, senior, viewer])).to.not.include('bob@');
    for (const { rows, empty } of [senior, viewer]) {
      expect(rows).to.deep.equal([]);
      expect(empty).to.equal('You have not used the language model in the last 7 days.');
    }
  });

  it('tells the sum and the caps that hold now [L6]', async () => {
    const house = await used({ model: { usd_per_turn: 0.5, steps_per_turn: 5 } });
    const { note } = await shownTo(house, 'bob');

    expect(note).to.include('Together $0.7623').and.include('5 steps (16 in an investigation)');
    expect(note).to.include('150,000 tokens and $0.5;').and.include('2,000,000 tokens and $10.');
  });

  it('is for the eyes of whoever asked: nothing is posted where others read [L6]', async () => {
    const house = await used();
    const { outcome } = await house.say('bob', 'usage');

    expect(outcome).to.equal('answer');
    expect(views(house.web)).to.deep.equal([]);
    expect(house.web.whispers.map(({ userId }) => userId)).to.deep.equal(['bob@example.com']);
  });

  it('is asked for in these words, and help lists it [L6, L4]', async () => {
    for (const text of [
      'usage',
      'ops usage',
      '/ops usage',
      'Usage?',
      'model usage',
      'what did the model cost?',
      'cost of the model',
      'OpsAgent, please show usage',
    ])
      expect(understand(text, { now: NOON }), text).to.deep.equal({ kind: 'usage' });
    expect(understand('help usage', { now: NOON })).to.deep.equal({ kind: 'help', topic: 'usage' });
    const house = await createBotHouse();
    await house.say('carol', 'help usage');
    expect(JSON.stringify(views(house.web))).to.include('what it cost');
  });
});
