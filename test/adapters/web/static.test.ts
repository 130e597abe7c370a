import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { startWeb, type WebHarness } from './web-harness.ts';

describe('web static files', () => {
  let house: WebHarness;
  let built: WebHarness;

  before(async () => {
    house = await startWeb();
    built = await startWeb();
    const root = built.staticDir;
    await mkdir(join(root, 'assets'));
    await writeFile(join(root, 'index.html'), '<!doctype html><title>OpsAgent</title>');
    await writeFile(join(root, 'assets', 'main-4f2a.js'), 'export {};');
    await writeFile(join(root, 'favicon.svg'), '<svg/>');
    await writeFile(join(root, '.env'), 'SECRET=1');
    await writeFile(`${root}-secret.txt`, 'outside');
    await symlink(`${root}-secret.txt`, join(root, 'linked.txt'));
  });
  after(async () => {
    await rm(`${built.staticDir}-secret.txt`);
    await house.close();
    await built.close();
  });

  it('says in one sentence how to build the console when it is not built [C3]', async () => {
    const answer = await house.send({ path: '/' });

    expect(answer.headers['content-type']).to.equal('text/plain; charset=utf-8');
    expect(answer.text).to.contain('npm run build');
  });

  it('serves the console with its content types [C3]', async () => {
    const paths = ['/', '/index.html', '/assets/main-4f2a.js', '/favicon.svg', '/?x=1'];

    const answers = await Promise.all(paths.map((path) => built.send({ path })));

    expect(answers.map(({ status }) => status)).to.deep.equal(paths.map(() => 200));
    expect(answers.map(({ headers }) => headers['content-type'])).to.deep.equal([
      'text/html; charset=utf-8',
      'text/html; charset=utf-8',
      'text/javascript; charset=utf-8',
      'image/svg+xml',
      'text/html; charset=utf-8',
    ]);
    expect(answers[0]?.text).to.contain('<title>OpsAgent</title>');
  });

  it('lets browsers keep hashed files for good and ask again for the rest', async () => {
    const hashed = await built.send({ path: '/assets/main-4f2a.js' });
    const page = await built.send({ path: '/' });
    const again = await built.send({ path: '/', headers: { 'if-none-match': String(page.headers.etag) } });

    expect(hashed.headers['cache-control']).to.equal('public, max-age=31536000, immutable');
    expect(page.headers['cache-control']).to.equal('no-cache');
    expect(again.status).to.equal(304);
    expect(again.text).to.equal('');
  });

  it('answers HEAD without a body and refuses to be written to', async () => {
    const head = await built.send({ method: 'HEAD', path: '/' });
    const put = await built.send({ method: 'PUT', path: '/index.html', body: '{}' });

    expect([head.status, head.text]).to.deep.equal([200, '']);
    expect(put.status).to.equal(405);
  });

  it('tells a program that there is no such path, and where all of them are [Q1]', async () => {
    const post = await built.send({ method: 'POST', path: '/operations/nothing', body: '{}' });

    expect(post.status).to.equal(404);
    expect(post.text).to.contain('"not_found"').and.contain('/openapi.json');
  });

  it('gives out nothing beyond its folder, however the path is written [C3]', async () => {
    const name = `${built.staticDir.split('/').at(-1)}-secret.txt`;
    const ways = [
      '../',
      '..%2f',
      '%2e%2e/',
      '%2e%2e%2f',
      '%252e%252e%252f',
      '..\\',
      '..%5c',
      '....//',
      '..;/',
      '%c0%ae%c0%ae/',
    ];
    const traversal = ways.flatMap((way) => [`/${way}${name}`, `/assets/${way}${way}${name}`]);
    const odd = [
      '/.env',
      '/%2eenv',
      '/linked.txt',
      '/assets',
      '/assets/',
      '/index.html%00.js',
      '/$HOME',
      '/~',
      '//etc/passwd',
    ];
    const absolute = [`/${encodeURIComponent(`${built.staticDir}-secret.txt`)}`, `//${built.staticDir}-secret.txt`];

    const answers = await Promise.all([...traversal, ...odd, ...absolute].map((path) => built.send({ path })));

    expect(answers.map(({ status }) => status).filter((status) => status !== 404 && status !== 400)).to.deep.equal([]);
    expect(answers.map(({ text }) => text).join())
      .not.to.contain('outside')
      .and.not.contain('SECRET');
  });

  it('refuses targets that are no path', async () => {
    const answers = await Promise.all(
      ['*', 'http://evil.example/', '/%zz', '/%ff'].map((path) => built.send({ path })),
    );

    expect(answers.map(({ status }) => status)).to.deep.equal([400, 400, 400, 400]);
  });
});
