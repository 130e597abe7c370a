import { createServer } from 'node:http';
import botbuilder from 'botbuilder';

/** botbuilder as its documentation starts it, an echo for everybody, on node:http. */
const adapter = new botbuilder.CloudAdapter(new botbuilder.ConfigurationBotFrameworkAuthentication({}));
const echo = async (context) => {
  await context.sendActivity(`echo ${context.activity.text}`);
};

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const told = {
    socket: response.socket,
    header() {},
    status(code) {
      response.statusCode = code;
      return told;
    },
    send: () => told,
    end: () => response.end(),
  };
  await adapter.process(Object.assign(request, { body: JSON.parse(Buffer.concat(chunks)) }), told, echo);
}).listen(Number(process.env.PORT), '127.0.0.1');
