import { App } from '@slack/bolt';

/** Bolt as its documentation starts it: one command that acks. */
const { PORT, SECRET } = process.env;

const bot = { botToken: 'xoxb-bench', botId: 'B0BENCHBOT', botUserId: 'U0BENCHBOT' };
const app = new App({ signingSecret: SECRET, authorize: async () => bot, logLevel: 'error' });
app.command('/ops', async ({ ack }) => {
  await ack();
});
await app.start({ port: Number(PORT), host: '127.0.0.1' });
