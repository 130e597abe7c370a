import type { HelpView } from '../cards/view.ts';
import { cleanText } from '../lib/clean-text.ts';
import type { Tool } from '../tools/tool.ts';

const DECIDING: HelpView['commands'] = [
  { usage: 'approvals', summary: 'What is waiting for a decision', example: 'approvals', effect: 'read' },
  {
    usage: 'approve <id>',
    summary: 'Say yes to a change that is waiting',
    example: 'approve chg-0123456789ab',
    effect: 'approval',
  },
  { usage: 'show <id>', summary: 'The card of one change', example: 'show chg-0123456789ab', effect: 'read' },
  {
    usage: 'details <id>',
    summary: 'Its plan, its votes and every step on record',
    example: 'details chg-0123456789ab',
    effect: 'read',
  },
  {
    usage: 'reject <id> because <reason>',
    summary: 'Say no, and why',
    example: 'reject chg-0123456789ab because we deploy at noon',
    effect: 'approval',
  },
  {
    usage: 'cancel <id>',
    summary: 'Take your own request back',
    example: 'cancel chg-0123456789ab',
    effect: 'approval',
  },
];

const USAGE: HelpView['commands'][number] = {
  usage: 'usage',
  summary: 'What the language model was used for in the last days, and what it cost',
  example: 'usage',
  effect: 'read',
};

const PAUSING: HelpView['commands'] = [
  {
    usage: 'pause changes because <reason>',
    summary: 'Nothing is approved or executed until somebody types: resume changes',
    example: 'pause changes because of the release',
    effect: 'approval',
  },
];

interface Allowed {
  tools: readonly Tool[];
  mayPause: boolean;
}

/** What this person may do, with examples that work when pasted; one tool in full when it is named. */
export function helpView({ tools, mayPause }: Allowed, topic: string | undefined): HelpView {
  const deciding = [...DECIDING, ...(mayPause ? PAUSING : []), USAGE];
  const decision = deciding.filter(({ usage }) => topic && usage.split(' ')[0] === topic.trim().toLowerCase());
  if (topic && decision.length > 0)
    return { kind: 'help', title: `Help: ${topic.trim().toLowerCase()}`, body: '', commands: decision };
  const named = topic ? tools.filter((tool) => isAbout(tool, topic)) : [];
  const [only] = named;
  if (only && named.length === 1) return oneTool(only);
  const shown = named.length > 0 ? named : tools;
  const unknown = topic !== undefined && named.length === 0;
  return {
    kind: 'help',
    title: unknown ? `No help on “${cleanText(topic, 40)}”` : 'What I can do for you',
    body: 'Say it in your own words or paste a command. Reads answer at once; a change waits for approval.',
    commands: [...shown.map(commandOf), ...(named.length > 0 ? [] : deciding)],
    note: 'help <command> shows one in full, for example: help reboot',
  };
}

function isAbout(tool: Tool, topic: string): boolean {
  const wanted = topic.trim().toLowerCase();
  return [tool.name, tool.command, ...tool.aliases, ...tool.command.split(' ')].some(
    (word) => word.toLowerCase() === wanted,
  );
}

function commandOf(tool: Tool): HelpView['commands'][number] {
  return {
    usage: usageOf(tool),
    summary: tool.summary,
    example: tool.examples[0] ?? tool.command,
    effect: tool.effect,
  };
}

function oneTool(tool: Tool): HelpView {
  const fields = Object.entries(tool.input.shape).map(
    ([name, schema]) => `${name}${schema.safeParse(undefined).success ? '' : ' (needed)'}: ${schema.description ?? ''}`,
  );
  const [, ...more] = tool.examples;
  return {
    kind: 'help',
    title: tool.title,
    body: fields.join('\n'),
    commands: [commandOf(tool)],
    note: [
      ...more.slice(0, 2).map((example) => `Or: ${example}.`),
      `In your own words: ${tool.phrases.slice(0, 3).map(readable).join(' · ')}.`,
    ].join('\n'),
  };
}

/** '{report} report for {time_window}' → '<report> report for <time_window>', as commands are written. */
const readable = (phrase: string): string => phrase.replaceAll(/\{(\w+)\}/g, '<$1>');

/** 'ec2 reboot <instance_id> [reason=…]' */
function usageOf({ command, input }: Tool): string {
  const parts = Object.entries(input.shape).map(([name, schema]) =>
    schema.safeParse(undefined).success ? `[${name}=…]` : `<${name}>`,
  );
  return [command, ...parts].join(' ');
}
