import { request } from 'node:http';

/** Over a connection of its own each time, as a load balancer's. A text instead of the status says what went wrong. */
export function askHealth(port: number): Promise<{ status: number | string; ms: number }> {
  const began = performance.now();
  return new Promise((resolve) => {
    const done = (status: number | string) => resolve({ status, ms: performance.now() - began });
    const asked = request({ host: '127.0.0.1', port, path: '/health', agent: false, timeout: 5_000 }, (response) => {
      response.resume().on('end', () => done(response.statusCode ?? 0));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 5 s')));
    asked.on('error', ({ message }) => done(message));
    asked.end();
  });
}
