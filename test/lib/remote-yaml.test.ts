import { expect } from 'chai';
import { joinYaml } from '../../lib/remote-yaml.ts';

describe('parameters below one path', () => {
  const parameter = (name: string, value: string, type: 'String' | 'StringList' = 'String') => ({ name, value, type });

  it('are put together, each one whole YAML with entries of its own [G2]', () => {
    expect(
      joinYaml([parameter('/p/a', 'x: 1'), parameter('/p/b', '# nothing'), parameter('/p/c', 'y: {z: 2}')]),
    ).to.deep.equal({
      x: 1,
      y: { z: 2 },
    });
    expect(joinYaml([parameter('/p/a', '# nobody yet')])).to.equal(null);
  });

  it('are refused, with the name of the parameter, when they contradict each other or are no mapping [G2]', () => {
    const wrong = [
      [parameter('/p/a', 'x: 1'), parameter('/p/b', 'x: 1')],
      [parameter('/p/b', 'just words')],
      [parameter('/p/b', '[1, 2]')],
      [parameter('/p/b', 'x: 1\nx: 2')],
      [parameter('/p/b', 'a,b', 'StringList')],
    ];
    for (const parameters of wrong) expect(() => joinYaml(parameters), parameters[0]?.value).to.throw(/^\/p\/b/);
  });
});
