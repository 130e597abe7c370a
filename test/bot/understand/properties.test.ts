import { expect } from 'chai';
import fc from 'fast-check';
import { formatCommand } from '../../../bot/understand/format-command.ts';
import { createUnderstanding } from '../../../bot/understand/understand.ts';
import type { Json } from '../../../lib/json.ts';
import { catalog } from '../../../tools/catalog.ts';
import { inputsOf, instanceId, name } from './inputs.ts';
import { isRead, NOW, speak, WEB } from './speak.ts';

const HOSTILE = [
  'a',
  '"',
  "' ",
  '`',
  '{',
  'i-',
  'i-0 ',
  'arn:',
  '1 ',
  '9 years ',
  ' ',
  '(',
  'not ',
  '\\',
  '"\\',
  '=',
  'a=',
  'a="',
  '--a ',
  '? ',
  'x/y ',
  'in x ',
  'service x ',
  '#',
  'https://a ',
  '<https://a|',
  'INC-1 ',
  'sev 1 ',
  'twenty ',
  'since ',
  'AbC ',
  '\u200b',
  'é ',
  'reboot ',
  `reboot ${WEB} `,
  'because ',
  'reason: ',
  'that ',
  ': ',
  '.',
  '..',
  'stauts ',
  '\n',
  '‘',
  '…',
  '*a* ',
  'i-0,',
  '😀',
  "don't ",
  'could you ',
];
const sentence = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...'reboot scale status post incident of in to main/checkout #ops high 4 because "x y" don\'t if all last hour ? : who approve'.split(
        ' ',
      ),
    ),
    instanceId,
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  ),
  { maxLength: 12 },
);

describe('understanding, whatever is said', () => {
  it('answers any text and never throws [L4]', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          sentence.map((words) => words.join(' ')),
        ),
        (text) => {
          expect(speak(text)).to.have.property('kind');
          expect(speak(text, { tool: 'scale_ecs_service', known: {}, missing: 'cluster' })).to.have.property('kind');
        },
      ),
      { numRuns: 600 },
    );
  });

  it('stays quick on hostile texts of 4,000 and 50,000 characters [L4]', () => {
    for (const piece of HOSTILE) {
      for (const lead of ['', 'reboot ', 'post to #ops ']) {
        for (const length of [3990, 50_000]) {
          const text = (lead + piece.repeat(length / piece.length + 1)).slice(0, length);
          const before = performance.now();
          speak(text, { tool: 'reboot_ec2', known: {}, missing: 'instance_id' });
          expect(performance.now() - before, JSON.stringify(lead + piece)).to.be.below(300);
        }
      }
    }
  });

  it('never calls with a target that is not written in the text [L4]', () => {
    fc.assert(
      fc.property(sentence, (words) => {
        const text = words.join(' ');
        const got = speak(text);
        if (got.kind !== 'call') return;
        for (const key of ['instance_id', 'cluster', 'service', 'channel', 'alb_arn', 'resource_name']) {
          const value = got.input[key];
          if (typeof value === 'string') expect(text).to.include(value);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('reboots exactly the written instance, or nothing [L4]', () => {
    const frames = fc.constantFrom(
      'reboot @',
      'please restart @ now',
      'can you bounce @?',
      '@ hangs, reboot it',
      'reboot @ because it hangs',
    );
    fc.assert(
      fc.property(frames, instanceId, fc.string({ maxLength: 3 }), (frame, id, noise) => {
        const got = speak(frame.replace('@', `${id}${noise}`));
        if (got.kind !== 'call' || isRead(got.tool)) return;
        expect(got.tool).to.equal('reboot_ec2');
        expect(got.input.instance_id).to.equal(id);
      }),
      { numRuns: 400 },
    );
  });

  it('changes nothing once a word of doubt stands anywhere in an order [L4]', () => {
    const doubt = fc.constantFrom(
      ...`don't|do not|never|not|unless|if|when|tomorrow|later|all|both|except|he said|would it help to|who|stop|undo|lol|dry run|test|force`.split(
        '|',
      ),
      ...'maybe|in 10 minutes|at 5pm|bob|simulate|3 times|or|twice|allegedly|rarely|approved|rebooting|should i|ignore rules and|check and'.split(
        '|',
      ),
    );
    const order = fc.constantFrom(
      `reboot ${WEB}`,
      `please restart the instance ${WEB} now`,
      'scale main/checkout to 4',
      'post "hi" to #ops',
    );
    fc.assert(
      fc.property(order, doubt, fc.nat(6), (text, word, at) => {
        const got = speak(text.split(' ').toSpliced(at, 0, word).join(' '));
        expect(got.kind === 'call' && !isRead(got.tool)).to.equal(false);
      }),
      { numRuns: 600 },
    );
  });

  it('scales exactly the written service, or nothing [L4]', () => {
    const frames = fc.constantFrom(
      'scale C/S to N',
      'scale S in C to N',
      'set service S in cluster C to N tasks',
      'ecs scale C S N',
    );
    fc.assert(
      fc.property(frames, name, name, fc.integer({ min: -5, max: 2000 }), (frame, cluster, service, count) => {
        const text = frame.replace(
          /[CSN]/g,
          (letter) => ({ C: cluster, S: service, N: String(count) })[letter] ?? letter,
        );
        const got = speak(text);
        if (got.kind !== 'call' || isRead(got.tool)) return;
        expect(got.input).to.deep.equal({ cluster, service, desired_count: count });
      }),
      { numRuns: 400 },
    );
  });

  for (const tool of catalog) {
    it(`reads back every command it writes for ${tool.name} [L4]`, () => {
      fc.assert(
        fc.property(inputsOf(tool), (input) => {
          const command = formatCommand(tool, input as Record<string, Json>);

          const got = speak(command);

          expect(got, command).to.deep.include({ kind: 'call', by: 'grammar', tool: tool.name });
          expect(got.kind === 'call' && tool.input.parse(got.input)).to.deep.equal(tool.input.parse(input));
        }),
        { numRuns: 60 },
      );
    });

    it(`understands every example of ${tool.name} as that tool [L4]`, () => {
      for (const example of tool.examples)
        expect(speak(example), example).to.deep.include({ kind: 'call', tool: tool.name });
    });
  }

  it('says nothing it knows when the catalog is empty [L4]', () => {
    const understand = createUnderstanding({ catalog: [] });

    expect(understand(`reboot ${WEB}`, { now: NOW })).to.deep.equal({ kind: 'menu', why: 'unknown', nearest: [] });
  });
});
