import { tamperCampaign } from './campaign.ts';

/** A campaign in a process of its own: `node program.ts <each> <seed>`; the tallies as one line of JSON. */
const [each = '10', seed = '1'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await tamperCampaign(Number(each), Number(seed)))}\n`);
