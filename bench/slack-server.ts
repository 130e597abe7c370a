import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { App } from '@slack/bolt';
import { slack, slackTokens } from '../main/chat-channels.ts';
import { type BenchHouse, openBenchHouse, toolsOf } from './bench-house.ts';
import { SLACK_SECRET } from './calls.ts';
import { answering } from './rounds.ts';

/** `node bench/slack-server.ts <bolt|bolt-posts|house> <port of the stub> <folder> <tools> <how long AWS takes, ms> <port of a model>` */
const [kind, stub = '', folder = '', tools = '15', awsMs = '0', model] = process.argv.slice(2);

const CARD = {
  text: 'Reboot web-00001?',
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: `*Reboot web-00001?*\n${'One line of a card. '.repeat(60)}` } },
  ],
};

/** The peer: Bolt as its documentation starts it, with its own receiver, and a command that acks, and then posts so many cards. */
async function bolt(cards: number): Promise<BenchHouse> {
  const bot = { botToken: 'xoxb-bench', botId: 'B0BENCHBOT', botUserId: 'U0BENCHBOT' };
  const clientOptions = { slackApiUrl: `http://127.0.0.1:${stub}/api/` };
  const app = new App({ signingSecret: SLACK_SECRET, authorize: async () => bot, clientOptions });
  const posting = new Set<Promise<unknown>>();
  app.command('/ops', async ({ ack, client }) => {
    await ack();
    for (let card = 0; card < cards; card += 1) {
      const post = client.chat.postMessage({ channel: `C0BENCH0${card}`, ...CARD });
      posting.add(post);
      await post.finally(() => posting.delete(post));
    }
  });
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    underWay: () => posting.size,
    async settled() {
      while (posting.size > 0) await Promise.allSettled(posting);
    },
    pending: async () => 0,
    close: async () => void (await app.stop()),
  };
}

const house = () =>
  openBenchHouse({
    folder,
    route: 'slack:T0BENCH01/C0BENCH99',
    awsMs: Number(awsMs),
    tools: toolsOf(Number(tools)),
    settings: {
      SLACK_SIGNING_SECRET: SLACK_SECRET,
      SLACK_BOT_TOKEN: `xoxb-${randomUUID()}`,
      SLACK_API_URL: `http://127.0.0.1:${stub}/api/`,
      ...(model !== undefined && {
        LLM_PROVIDER: 'anthropic',
        LLM_MODEL: 'claude-sonnet-5-5',
        ANTHROPIC_API_KEY: 'sk-ant-of-the-bench',
        ANTHROPIC_BASE_URL: `http://127.0.0.1:${model}`,
      }),
    },
    channelOf(opened) {
      const tokens = slackTokens(opened.config);
      if (!tokens) throw new Error('Slack is not configured');
      return slack(opened, tokens);
    },
  });

/** What is left is held by somebody. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

const CARDS: Record<string, number> = { bolt: 0, 'bolt-posts': 2 };
const cards = CARDS[kind ?? ''];
const running = await (cards === undefined ? house() : bolt(cards));

answering(
  { port: running.port },
  async ({ settle, pending, heap }: { settle?: boolean; pending?: boolean; heap?: boolean }) => {
    if (settle) await running.settled();
    if (heap) collectGarbage();
    const { user, system } = process.cpuUsage();
    return {
      cpuUs: user + system,
      rssMb: process.memoryUsage.rss() / 2 ** 20,
      heapKb: process.memoryUsage().heapUsed / 2 ** 10,
      underWay: running.underWay(),
      pending: pending ? await running.pending() : 0,
    };
  },
  running.close,
);
