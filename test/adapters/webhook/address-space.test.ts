import { expect } from 'chai';
import { spaceOf } from '../../../adapters/http/address-space.ts';
import { HIDDEN_4, HIDDEN_6 } from '../../campaigns/ssrf/corpus.ts';

describe('the space of an address', () => {
  it('is public for what is handed out on the Internet', () => {
    const spaces = ['93.184.215.14', '8.8.8.8', '172.32.0.1', '2606:2800:21f:cb07::1', '2a05:d018::1'].map(spaceOf);

    expect([...new Set(spaces)]).to.deep.equal(['public']);
  });

  it('is somebody’s own in private networks, metadata excepted', () => {
    const spaces = ['10.0.0.1', '172.31.255.254', '192.168.1.1', 'fd12:3456::1', 'fd00:ec2::254'].map(spaceOf);

    expect(spaces).to.deep.equal(['own', 'own', 'own', 'own', 'never']);
  });

  it('is never public for this machine, its neighbours, wrapped addresses or what is no address', () => {
    const spaces = [...HIDDEN_4, ...HIDDEN_6, '', 'localhost', '127.1', '2130706433'].map(spaceOf);

    expect(spaces).not.to.include('public');
  });
});
