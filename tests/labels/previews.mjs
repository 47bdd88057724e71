// The pictures that the gateway draws of labels hold the symbols it would print: the SVG's boxes
// are filled into a picture, and an independent reader reads them.
//   node previews.mjs PATH/lotgate_preview_samples
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { readBarcodes, prepareZXingModule } from 'zxing-wasm/reader';
import { printable } from './reader.mjs';

const require = createRequire(import.meta.url);
const [program] = process.argv.slice(2);
if (!program) {
  console.error('usage: node previews.mjs PATH/lotgate_preview_samples');
  process.exit(2);
}

const wasm = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength);
await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });

/// The boxes of the SVG, each dot as two pixels. Texts are left away.
function picture(svg) {
  const [, width, height] = svg.match(/viewBox="0 0 (\d+) (\d+)"/).map(Number);
  const scale = 2;
  const image = { width: width * scale, height: height * scale, colorSpace: 'srgb' };
  image.data = new Uint8ClampedArray(image.width * image.height * 4).fill(255);
  for (const [, x, y, w, h] of svg.matchAll(
    /<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"\/>/g)) {
    for (let row = y * scale; row < (+y + +h) * scale && row < image.height; row += 1) {
      for (let column = x * scale; column < (+x + +w) * scale && column < image.width; column += 1) {
        image.data.fill(0, (row * image.width + column) * 4, (row * image.width + column) * 4 + 3);
      }
    }
  }
  return image;
}

let wrong = 0;
let symbols = 0;
for (const line of execFileSync(program, { maxBuffer: 1 << 28 }).toString().trim().split('\n')) {
  const wanted = JSON.parse(line);
  const read = await readBarcodes(picture(wanted.svg), { tryHarder: true, maxNumberOfSymbols: 8 });
  for (const symbology of [']d2', ']C1'].filter(id => wanted[id] !== undefined)) {
    symbols += 1;
    const found = read.filter(one => one.symbologyIdentifier === symbology);
    const bytes = found.length === 1 ? Buffer.from(found[0].bytes).toString('latin1') : null;
    if (bytes === wanted[symbology]) continue;
    wrong += 1;
    console.error(`${wanted.name} ${symbology}: wanted ${printable(Buffer.from(wanted[symbology]))}`
      + `, got ${bytes === null ? `${found.length} symbols` : printable(Buffer.from(bytes, 'latin1'))}`);
  }
  if (wanted.not_shown !== 0) {
    wrong += 1;
    console.error(`${wanted.name}: ${wanted.not_shown} commands are not drawn`);
  }
}
console.log(`${symbols} symbols on previews, ${wrong} read differently`);
process.exit(wrong === 0 && symbols > 0 ? 0 : 1);
