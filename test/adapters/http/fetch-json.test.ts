import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { fetchJson } from '../../../adapters/http/fetch-json.ts';

describe('a JSON document of another server', () => {
  let server: Server;
  let asked: string[];

  const serve = async (answer: RequestListener): Promise<string> => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      answer(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/document`;
  };
  const failureOf = (url: string): Promise<Error> => fetchJson(url).then(() => new Error('it was taken'), Error);

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is read where it is asked for [Q3]', async () => {
    const url = await serve((_request, response) => response.end('{"keys": []}'));

    expect(await fetchJson(url)).to.deep.equal({ keys: [] });
  });

  it('is not looked for anywhere else, whatever the server says [Q3, T8]', async () => {
    const url = await serve(({ url: path }, response) => {
      if (path === '/document') response.writeHead(302, { location: '/elsewhere' }).end();
      else response.end('{"keys": []}');
    });

    expect((await failureOf(url)).message).not.to.include('it was taken');
    expect(asked).to.deep.equal(['/document']);
  });

  it('is read no further than 256 KB, also where nothing says how long it is [Q3]', async () => {
    let sent = 0;
    const url = await serve((_request, response) => {
      response.write('{"keys": [');
      const more = () => {
        while (!response.destroyed && sent < 64e6) {
          sent += 65_536;
          if (!response.write(' '.repeat(65_536))) return response.once('drain', more);
        }
        return response.end(']}');
      };
      more();
    });

    expect((await failureOf(url)).message).to.include('more than 256 KB');
    expect(sent).to.be.below(32e6);
  });

  it('is nothing when the server says that something is wrong, or sends no JSON [Q3]', async () => {
    const url = await serve(({ url: path }, response) =>
      path === '/document' ? response.writeHead(500).end('{}') : response.end('<html>'),
    );

    expect((await failureOf(url)).message).to.include('answered 500');
    expect((await failureOf(`${url}/html`)).message).to.include('JSON');
  });
});
