import { crc32 } from 'node:zlib';
import { zlibSync } from 'fflate';

export interface Pixel {
  red: number;
  green: number;
  blue: number;
  /** 0 is nothing, 255 hides all. */
  alpha: number;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BITS = 8;
const RED_GREEN_BLUE_ALPHA = 6;

/**
 * A square PNG of `side` pixels. The same picture gives the same bytes on every machine: fflate compresses alike
 * everywhere, Node's zlib does not.
 *
 * @see https://www.w3.org/TR/png-3/
 */
export function encodePng(side: number, pixelAt: (x: number, y: number) => Pixel): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([BITS, RED_GREEN_BLUE_ALPHA], 8);
  const rows = Array.from({ length: side }, (_, y) => row(side, (x) => pixelAt(x, y)));
  const data = zlibSync(Buffer.concat(rows), { level: 9 });
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array())]);
}

/** Unfiltered: a zero, then four bytes a pixel. */
function row(side: number, pixelAt: (x: number) => Pixel): Buffer {
  const pixels = Array.from({ length: side }, (_, x) => pixelAt(x));
  return Buffer.from([0, ...pixels.flatMap(({ red, green, blue, alpha }) => [red, green, blue, alpha])]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
