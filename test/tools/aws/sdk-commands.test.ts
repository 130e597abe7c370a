import { expect } from 'chai';
import { OPERATIONS, type Service } from '../../../tools/aws/apis.ts';

const services = Object.keys(OPERATIONS) as Service[];

describe('the commands of the AWS SDK', () => {
  for (const service of services) {
    it(`of ${service} stand each under its own name, so that a change never goes as a read [T9, G8]`, async () => {
      const { commands } = await import(`../../../tools/aws/sdk/${service}.ts`);

      const names = Object.entries<{ name: string }>(commands).map(([name, Command]) => [name, Command.name]);

      expect(names.map(([name]) => name)).to.include.members(Object.keys(OPERATIONS[service]));
      for (const [name = '', className] of names) expect(className).to.match(new RegExp(`^${name}command$`, 'i'));
    });
  }
});
