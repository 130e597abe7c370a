import { tamperCampaign } from './campaign.ts';

/** A campaign in a process of its own: `node program.ts <each> <seed> [many chains]`; the tallies as one line of JSON. */
const [each = '10', seed = '1', of = ''] = process.argv.slice(2);
process.stdout.write(
  `${JSON.stringify(await tamperCampaign(Number(each), Number(seed), of === 'many chains' ? of : 'one chain'))}\n`,
);
