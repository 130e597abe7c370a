import { expect } from 'chai';
import { helpView } from '../../bot/help.ts';
import { createUnderstanding } from '../../bot/understand/understand.ts';
import { catalog } from '../../tools/catalog.ts';
import { NOON } from '../approvals/house.ts';
import { createBotHouse } from './bot-house.ts';
import { views } from './recording-channel.ts';

const understand = createUnderstanding({ catalog });
const everything = { tools: catalog, mayPause: true };

describe('help', () => {
  const effectsFor = async (who: string) => {
    const house = await createBotHouse();
    await house.say(who, 'help');
    const [view] = views(house.web);
    if (view?.kind !== 'help') throw new Error('no help');
    return view.commands.map(({ effect }) => effect);
  };

  it('shows a person only what their role may do [G2, G15]', async () => {
    const viewer = await effectsFor('carol');
    const engineer = await effectsFor('alice');

    expect(viewer).to.include.members(['read', 'approval']).and.not.include('write').and.not.include('workflow');
    expect(engineer).to.include.members(['read', 'workflow', 'write', 'approval']);
    expect(engineer).to.have.length(catalog.length + 7);
  });

  it('does not tell a viewer about a command they may not use, even by its name [G2]', async () => {
    const house = await createBotHouse();
    await house.say('carol', 'help reboot');
    const [view] = views(house.web);

    expect(JSON.stringify(view)).to.not.include('ec2 reboot');
  });

  it('has examples that work when they are pasted [L4]', () => {
    for (const { example, effect } of helpView(everything, undefined).commands) {
      const { kind } = understand(example, { now: NOON });
      expect(['call', 'decide', 'approvals', 'show', 'details', 'pause', 'usage'], `${example} (${effect})`).to.include(
        kind,
      );
    }
  });

  it('shows one tool in full when it is named, by each of its names [L4]', () => {
    for (const tool of catalog) {
      for (const topic of [tool.name, tool.command, tool.command.toUpperCase(), ` ${tool.name} `]) {
        const view = helpView(everything, topic);
        expect(view.title, topic).to.equal(tool.title);
        expect(view.commands.every(({ usage }) => usage.startsWith(tool.command))).to.equal(true);
      }
    }
  });

  it('writes the places of a phrase as commands have them, and ends each sentence [L4]', () => {
    const { note } = helpView(everything, 'report');

    expect(note).to.equal(
      'Or: report operations 24h.\nOr: report decisions 30d.\n' +
        'In your own words: <report> report · <report> report for <time_window> · report on <report>.',
    );
  });

  it('says so when there is no such thing, and shows everything, without echoing it at length [L4]', () => {
    const view = helpView(everything, `${'x'.repeat(500)}`);

    expect(view.title).to.have.length.below(80);
    expect(view.commands).to.have.length(catalog.length + 8);
  });
});
