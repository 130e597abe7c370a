import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Inside a network of its own: DynamoDB Local, and the way to it by the socket at the given path. Ends with its standard input. */
const [socket = ''] = process.argv.slice(2);
const PORT = 8000;
const flags = ['-Xmx512m', '-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar', '-inMemory'];
const java = spawn('java', [...flags, '-port', String(PORT)], {
  cwd: join(import.meta.dirname, 'dynamodb-local'),
  stdio: ['ignore', 'ignore', 'inherit'],
});
java.once('exit', (code) => process.exit(code ?? 1));
process.stdin.resume().once('end', () => java.kill());

const answers = () =>
  new Promise<boolean>((resolve) => {
    const attempt = connect(PORT, '127.0.0.1');
    attempt.once('connect', () => resolve(attempt.destroy().destroyed));
    attempt.once('error', () => resolve(false));
  });
while (!(await answers())) await pause(100);

createServer((client) => {
  const behind = connect(PORT, '127.0.0.1');
  for (const [one, other] of [
    [client, behind],
    [behind, client],
  ] as const)
    one.on('error', () => other.destroy()).pipe(other);
}).listen(socket);
