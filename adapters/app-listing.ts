import type { Tool } from '../tools/tool.ts';

/** What Slack and Teams show about the app before anybody has talked to it. */
export const listing = {
  name: 'OpsAgent',
  /** At most 80 characters (Teams). */
  tagline: 'An operations colleague for people who run AWS',
  /** 175 characters at least, 300 at most (Slack). */
  about:
    'Ask about EC2, ECS, load balancers, alarms, metrics and CloudTrail in your own words. Reads answer at once. Every ' +
    'change becomes a card that people approve or reject, and runs once, exactly as it was approved.',
  /** The blue of the console. */
  accent: '#0F6CBD',
} as const;

/** What a manifest says of a tool. */
export type Offered = Pick<Tool, 'title' | 'summary' | 'command' | 'examples'>;

/** Commands that are whole by themselves and so work in every account; the ids of other examples are somebody else's. */
export function starters<Command extends Offered>(commands: readonly Command[]): Command[] {
  return commands.filter(({ command, examples }) => examples[0] === command).slice(0, 4);
}
