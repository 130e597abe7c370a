import { inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { colorIcon, outlineIcon } from '../../../adapters/teams/icons.ts';

const ACCENT = [0x0f, 0x6c, 0xbd, 255];
const WHITE = [255, 255, 255, 255];

describe('the icons of the Teams package', () => {
  it('are 192 pixels of accent colour to the edges, with a white sign in the middle half [C10]', () => {
    const { width, height, pixels } = decode(colorIcon());

    const isGround = (pixel: number[]) => pixel.join() === ACCENT.join();
    const sign = pixels.flatMap((pixel, at) => (isGround(pixel) ? [] : [{ x: at % width, y: Math.floor(at / width) }]));
    expect({ width, height }).to.deep.equal({ width: 192, height: 192 });
    expect(pixels.every(([, , , alpha]) => alpha === 255)).to.equal(true);
    expect(pixels.filter((pixel) => pixel.join() === WHITE.join())).to.have.length.above(1000);
    for (const { x, y } of sign) expect(Math.min(x, y, 191 - x, 191 - y)).to.be.at.least(47);
  });

  it('are 32 pixels of nothing but white on nothing, as wide as there is room [C10]', () => {
    const { width, height, pixels } = decode(outlineIcon());

    const columns = pixels.flatMap(([, , , alpha = 0], at) => (alpha > 0 ? [at % width] : []));
    expect({ width, height }).to.deep.equal({ width: 32, height: 32 });
    expect(pixels.every(([red, green, blue]) => red === 255 && green === 255 && blue === 255)).to.equal(true);
    expect(pixels[0]?.[3]).to.equal(0);
    expect([Math.min(...columns), Math.max(...columns)]).to.deep.equal([0, 31]);
  });
});

/** Reads what `encodePng` writes, by Node's own zlib: eight bits, four channels, no filter. */
function decode(png: Buffer): { width: number; height: number; pixels: number[][] } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = png.indexOf('IDAT');
  const data = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const pixels = Array.from({ length: width * height }, (_, pixel) => {
    const start = Math.floor(pixel / width) * (width * 4 + 1) + 1 + (pixel % width) * 4;
    return [...data.subarray(start, start + 4)];
  });
  return { width, height, pixels };
}
