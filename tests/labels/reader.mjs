// ZPL in, decoded symbols out: rendered by zpl-renderer-js, read by zxing-wasm. Works offline:
// the reader's wasm is taken from node_modules, never from a network.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { readBarcodes, prepareZXingModule } from 'zxing-wasm/reader';

const require = createRequire(import.meta.url);

async function prepared() {
  const { ready } = require('zpl-renderer-js');
  const { api } = await ready;
  const wasm = readFileSync(require.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength);
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  return api;
}

let renderer;

// The label's size in millimetres and its dots per millimetre: 8 is 203 dpi.
const fourBySix = { width: 101.6, height: 152.4, dotsPerMillimetre: 8 };

/// Every symbol on every label of `zpl`: {symbology: "]d2", bytes: Uint8Array}.
export async function symbolsIn(zpl, size = fourBySix) {
  renderer ??= await prepared();
  const pictures = await renderer.zplToBase64MultipleAsync(
    zpl, size.width, size.height, size.dotsPerMillimetre);
  const symbols = [];
  for (const [label, picture] of pictures.entries()) {
    const png = new Blob([Buffer.from(picture, 'base64')], { type: 'image/png' });
    const results = await readBarcodes(png, { tryHarder: true, maxNumberOfSymbols: 32 });
    for (const result of results) {
      symbols.push({ label, symbology: result.symbologyIdentifier, bytes: result.bytes });
    }
  }
  return symbols;
}

/// Bytes as text with \x1d and the like, so that a line stays a line.
export function printable(bytes) {
  return Array.from(bytes, byte => byte >= 0x20 && byte < 0x7f
    ? String.fromCharCode(byte)
    : '\\x' + byte.toString(16).padStart(2, '0')).join('');
}
