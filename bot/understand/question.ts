import type { JsonObject } from '../../lib/json.ts';
import type { ParamKind } from '../../tools/params.ts';
import type { InputField } from './fields.ts';
import { formatCommand } from './format-command.ts';
import type { Suggestion, Understanding, UnderstoodBy } from './understanding.ts';
import type { Known, Vocabulary } from './vocabulary.ts';

export type Ask = Extract<Understanding, { kind: 'ask' }>;

const QUESTIONS: Partial<Record<ParamKind | 'other', string>> = {
  instance_id: 'Which instance? I need its id, like i-0a1b2c3d4e5f60718; a name alone is not enough.',
  alb_arn: 'Which load balancer? I need its ARN.',
  target_group_arn: 'Which target group? I need its ARN.',
  cluster: 'In which ECS cluster? Say it as cluster/service, like main/checkout.',
  service: 'Which ECS service? Say it as cluster/service, like main/checkout.',
  count: 'How many? I need the number itself, like 4.',
  time_window: 'For which time? Like 15m, 1h or "last 30 minutes".',
  severity: 'How severe is it: low, medium, high or critical?',
  text: 'What should it say? Put the text in "quotation marks".',
  channel: 'Which channel? Like #ops.',
  webhook: 'Which stored webhook?',
  incident_id: 'Which incident? Like INC-2026-000123.',
};

/** Where the ids of a kind are found. */
const FINDERS: Partial<Record<ParamKind | 'other', string>> = {
  instance_id: 'list_ec2_instances',
  cluster: 'list_ecs_services',
  service: 'list_ecs_services',
  alb_arn: 'list_load_balancers',
  target_group_arn: 'list_load_balancers',
  incident_id: 'list_incidents',
};

export interface Question {
  by: UnderstoodBy;
  known: JsonObject;
  missing: string;
  /** What was wrong, said before the question. */
  because?: string;
  /** Values the person may have meant for `missing`, each offered as a whole command. */
  options?: readonly (string | number)[];
}

/** Asks for one field: what is wrong with it, what it looks like, and commands that work when pasted. */
export function ask(vocabulary: Vocabulary, { tool, fields }: Known, question: Question): Ask {
  const { by, known, missing, because, options = [] } = question;
  const field = fields.find(({ key }) => key === missing);
  const kind = field?.kind ?? 'other';
  const plain = field ? (QUESTIONS[kind] ?? whichOf(field)) : 'Say it again without that.';
  const meant = (options.length > 0 ? options : choicesOf(field))
    .slice(0, 4)
    .map((option) => suggestion(tool.title, formatCommand(tool, { ...known, [missing]: option })));
  return {
    kind: 'ask',
    by,
    tool: tool.name,
    known,
    missing,
    question: [because && asSentence(because), options.length > 0 ? 'Which one do you mean?' : plain]
      .filter(Boolean)
      .join(' '),
    choices: [
      ...meant,
      ...(meant.length > 0 ? [] : findersOf(vocabulary, kind)),
      suggestion(`How to say it: ${tool.title}`, `help ${tool.command}`),
    ].slice(0, 4),
  };
}

/** Where nothing was meant, a few of what there is. */
const choicesOf = (field: InputField | undefined) => (field?.kind === 'choice' ? field.choices : []);

/** A field's own name, like `desired_count`, stays as it is written. */
function asSentence(text: string): string {
  return /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

function whichOf({ key, choices }: InputField): string {
  return choices.length > 0 ? `Which ${key}? One of ${choices.join(', ')}.` : `I need ${key}.`;
}

function findersOf(vocabulary: Vocabulary, kind: ParamKind | 'other'): Suggestion[] {
  const finder = vocabulary.byName(FINDERS[kind] ?? '');
  return finder ? [suggestion(`Find it: ${finder.tool.summary}`, finder.tool.command)] : [];
}

function suggestion(summary: string, text: string): Suggestion {
  return { text, summary };
}
