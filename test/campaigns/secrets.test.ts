import { expect } from 'chai';
import { ORIGINS } from './secrets/origins.ts';
import { countPlanted, playSecrets, type SecretFigures } from './secrets.ts';

describe('secrets that come in anywhere', function () {
  this.timeout(120_000);
  let figures: SecretFigures;

  before(async () => {
    figures = await playSecrets({ seed: 2026, houses: 5 });
  });

  it('come in at every origin, and what stands beside them goes to every place where people and machines read [A5]', () => {
    expect([...figures.planted.keys()]).to.have.members(Object.keys(ORIGINS));
    expect(countPlanted(figures)).to.be.at.least(150);
    // Labels of metrics and errors of the configuration quote nobody.
    expect([...figures.reached.keys()]).to.have.members([
      ...['Adaptive Cards', 'Block Kit', 'cards as text', 'logs, progress and answers', 'audit rows'],
      ...['copy of the record', 'export', 'rows of the store', 'requests to the model', 'answers of REST and MCP'],
    ]);
  });

  it('go nowhere: no card, log, record, copy, export, request to the model, metric, error or answer of REST and MCP has one [A5, Q1, Q5]', () => {
    expect(figures.leaks).to.deep.equal([]);
  });

  for (const [sabotage, origins] of [
    ['Buffers are not redacted', ['log: a Buffer', 'log: a Buffer deep down', 'log: a Buffer as JSON']],
    ['facts are logged without their names', ['log: a name']],
  ] as const) {
    it(`are found in the log when ${sabotage} [A5]`, async () => {
      const spoiled = await playSecrets({ seed: 2026, houses: 1, sabotage });

      const found = spoiled.leaks.map((leak) => / from (.*) in /.exec(leak)?.[1]);
      expect(found).to.include.members([...origins]);
      expect(spoiled.leaks.every((leak) => leak.endsWith('in logs, progress and answers'))).to.equal(true);
    });
  }
});
