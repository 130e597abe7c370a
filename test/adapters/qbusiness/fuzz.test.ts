import { expect } from 'chai';
import { problem } from '../../../adapters/http/reply.ts';
import { openapiDocument } from '../../../adapters/qbusiness/openapi.ts';
import { catalog } from '../../../tools/catalog.ts';
import { fuzz } from './openapi-fuzz.ts';
import type { Doc } from './openapi-rules.ts';
import { openRest, serveDoors } from './rest-house.ts';

const RUNS = 12;
const document: Doc = openapiDocument({ serverUrl: 'http://localhost', version: '0', catalog });

describe('REST, fuzzed from its own document', function () {
  this.timeout(60_000);

  it('never breaks, and never answers what the document does not promise [Q2, Q4]', async () => {
    const rest = await openRest();

    const { requests, statuses, problems } = await fuzz(document, `http://127.0.0.1:${rest.port}`, { runs: RUNS });
    await rest.close();

    expect(problems).to.deep.equal([]);
    expect(requests).to.equal(2 * RUNS * (catalog.length + 4));
    expect(statuses[200]).to.be.above(RUNS);
    expect(statuses[400]).to.be.above(RUNS);
  });

  it('would be caught when it did: a 500, an undocumented 418, a body that is not as described [Q2]', async () => {
    const answers = [
      problem(500, { code: 'internal', message: 'x', hint: 'x' }),
      { status: 418, body: {} },
      { status: 200, body: { success: 'yes' } },
    ];
    let turn = 0;
    const server = await serveDoors([
      {
        ...{ method: 'GET', path: '/operations/list_alarms' },
        answer: async () => answers[turn++ % answers.length] ?? { status: 200, body: {} },
      },
    ]);
    const { paths } = document as { paths: Doc };
    const alone = { paths: { '/operations/list_alarms': paths['/operations/list_alarms'] } };

    const { problems } = await fuzz(alone, `http://127.0.0.1:${server.port()}`, { runs: 3 });
    await server.close();

    const said = problems.join('\n');
    expect(said)
      .to.match(/status 500/)
      .and.match(/undocumented status 418/);
    expect(said)
      .to.match(/success is not as described/)
      .and.match(/no correlation_id/);
  });
});
