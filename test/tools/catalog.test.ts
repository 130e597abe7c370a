import { expect } from 'chai';
import { z } from 'zod';
import { catalog, toolByName } from '../../tools/catalog.ts';

const REQUIRED = {
  get_ec2_status: 'read',
  get_cloudwatch_metrics: 'read',
  describe_alb_target_health: 'read',
  search_cloudtrail_events: 'read',
  reboot_ec2: 'write',
  scale_ecs_service: 'write',
  create_incident_record: 'workflow',
  post_summary_to_channel: 'workflow',
  list_ec2_instances: 'read',
  list_ecs_services: 'read',
  get_ecs_service_status: 'read',
  list_alarms: 'read',
  list_load_balancers: 'read',
  get_incident: 'read',
  list_incidents: 'read',
  get_report: 'read',
};

describe('the catalog', () => {
  it('has the tools that are asked for, each once [T9]', () => {
    const found = Object.fromEntries(catalog.map(({ name, effect }) => [name, effect]));

    expect(found).to.deep.equal(REQUIRED);
    expect(toolByName.size).to.equal(catalog.length);
  });

  it('has no command or alias that means two tools [L4]', () => {
    const words = catalog.flatMap(({ command, aliases }) => [command, ...aliases]);

    expect(words.length).to.equal(new Set(words).size);
    for (const word of words) expect(word).to.match(/^[a-z0-9]+( [a-z0-9]+)?$/);
  });

  it('names at most 20 operations with at most 10 flat parameters, for the façades', () => {
    expect(catalog.length).to.be.at.most(20);
    for (const { name, input } of catalog) {
      const { properties = {} } = z.toJSONSchema(input, { io: 'input' });
      expect(Object.keys(properties).length, name).to.be.at.most(10);
      for (const property of Object.values(properties)) {
        expect(property, name).to.have.property('type').that.is.oneOf(['string', 'integer']);
      }
    }
  });

  for (const tool of catalog) {
    const fields = Object.entries<z.ZodType>(tool.input.shape);

    it(`explains ${tool.name} and each of its fields [L4]`, () => {
      expect(tool.title).to.match(/^[A-Z]/);
      expect(tool.summary).to.match(/^[A-Z].*\.$/);
      for (const [key, field] of fields) {
        expect(field.description, key).to.be.a('string').with.length.above(5);
        expect(field.meta()?.param, key).to.be.a('string');
      }
    });

    it(`offers 5 to 12 ways to say ${tool.name}, with its own fields only [L4]`, () => {
      const keys = fields.map(([key]) => key);

      expect(tool.phrases).to.have.length.within(5, 12);
      expect(new Set(tool.phrases).size).to.equal(tool.phrases.length);
      for (const phrase of tool.phrases) {
        for (const [, field] of phrase.matchAll(/\{(\w+)\}/g)) expect(keys, phrase).to.include(field);
      }
    });

    it(`shows examples of ${tool.name} that begin with its command [L4]`, () => {
      expect(tool.examples).to.have.length.within(1, 4);
      for (const example of tool.examples)
        expect(`${example} `).to.satisfy((text: string) => text.startsWith(`${tool.command} `));
    });

    it(`refuses unknown fields of ${tool.name} and names the known ones [T11]`, () => {
      const parsed = tool.input.safeParse({ __nonsense: 1 });

      const unknown = parsed.error?.issues.find(({ code }) => code === 'unrecognized_keys');
      expect(unknown?.message).to.match(/^__nonsense: not known here; it takes /);
    });

    it(`bounds every text of ${tool.name} [T11]`, () => {
      for (const [key, field] of fields) expect(z.safeParse(field, 'x'.repeat(60_000)).success, key).to.equal(false);
    });

    it(`asks only IAM actions in ${tool.name} that fit its effect [T11]`, () => {
      const changing = tool.iam.filter((action) => !/:(Describe|List|Get|Lookup)/.test(action));

      expect(changing.length > 0).to.equal(tool.effect === 'write');
      for (const action of tool.iam) expect(action).to.match(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
    });
  }

  it('plans, verifies and can be recovered wherever it changes AWS [G12]', () => {
    for (const tool of catalog) {
      if (tool.effect !== 'write') continue;
      expect(tool.plan, tool.name).to.be.a('function');
      expect(tool.verify, tool.name).to.be.a('function');
      expect(tool.verifyWithinMs, tool.name).to.be.within(60_000, 3_600_000);
      expect(tool.recovery, tool.name).to.be.oneOf(['convergent', 'pulse']);
    }
  });

  it('takes a Region wherever it reads or changes AWS [T11]', () => {
    for (const { name, iam, input } of catalog) expect('region' in input.shape, name).to.equal(iam.length > 0);
  });
});
