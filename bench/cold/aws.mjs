import { readdirSync, readFileSync } from 'node:fs';

/** Beside a simulated estate: the clients that a live one would have made by now, out of the bundle. Kept, as the product keeps them. */
const SERVICES = ['ec2', 'ecs', 'cloudwatch', 'elbv2', 'cloudtrail', 'sts'];
const AFTER_MS = 1_000;
const BUNDLE = new URL('../../dist/', import.meta.url);

setTimeout(async () => {
  globalThis.benchClients = await Promise.all(SERVICES.map(createClient));
}, AFTER_MS);

const isSdk = (file) => readFileSync(new URL(file, BUNDLE), 'utf8').includes('export { Client, commands }');

async function createClient(service) {
  const [name, ...others] = readdirSync(BUNDLE).filter((file) => file.startsWith(`${service}-`) && isSdk(file));
  if (name === undefined || others.length > 0) throw new Error(`the bundle has not one file for ${service}`);
  const { Client } = await import(new URL(name, BUNDLE).href);
  return new Client({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:9' });
}
