import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';

/** The floor: a signature checked, and an answer. */
const { PORT, SECRET } = process.env;

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const hmac = createHmac('sha256', SECRET).update(`v0:${request.headers['x-slack-request-timestamp']}:`);
    const signed = `v0=${hmac.update(Buffer.concat(chunks)).digest('hex')}` === request.headers['x-slack-signature'];
    response.writeHead(signed ? 200 : 401).end();
  });
}).listen(Number(PORT), '127.0.0.1');
