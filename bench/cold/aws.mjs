import { createClient } from '../../tools/aws/clients.ts';

/** Beside a simulated estate: the clients that a live one would have made by now. Kept, as the product keeps them. */
const SERVICES = ['ec2', 'ecs', 'cloudwatch', 'elbv2', 'cloudtrail', 'sts'];
const AFTER_MS = 1_000;
const settings = { region: 'eu-west-1', endpointUrl: 'http://127.0.0.1:9', access: 'read' };

setTimeout(async () => {
  globalThis.benchClients = await Promise.all(SERVICES.map((service) => createClient(service, settings)));
}, AFTER_MS);
