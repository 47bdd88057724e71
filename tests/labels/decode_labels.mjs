// What a barcode reader sees on printed labels. One JSON line a symbol on standard output:
//   {"file": "a.zpl", "label": 0, "symbology": "]d2", "bytes": "0106…\x1d21…", "base64": "MDEw…"}
// `bytes` has control bytes as \xNN; `base64` is exact. A file without a symbol gives one line
// with "symbology": null. Exit 0 when all files could be rendered, 1 otherwise.
//   node decode_labels.mjs [--size=101.6x152.4] FILE.zpl|FOLDER …
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { printable, symbolsIn } from './reader.mjs';

const given = process.argv.slice(2);
const sizeFlag = given.find(argument => argument.startsWith('--size='));
const [width, height] = (sizeFlag ?? '--size=101.6x152.4').slice(7).split('x').map(Number);
const size = { width, height, dotsPerMillimetre: 8 };

const files = given.filter(argument => !argument.startsWith('--')).flatMap(path =>
  statSync(path).isDirectory()
    ? readdirSync(path).filter(name => name.endsWith('.zpl')).sort().map(name => join(path, name))
    : [path]);

if (files.length === 0) {
  console.error('usage: node decode_labels.mjs [--size=WxH] FILE.zpl|FOLDER …');
  process.exit(2);
}

let failed = false;
for (const file of files) {
  try {
    const symbols = await symbolsIn(readFileSync(file, 'utf8'), size);
    if (symbols.length === 0) {
      console.log(JSON.stringify({ file, label: null, symbology: null, bytes: '', base64: '' }));
    }
    for (const { label, symbology, bytes } of symbols) {
      const base64 = Buffer.from(bytes).toString('base64');
      console.log(JSON.stringify({ file, label, symbology, bytes: printable(bytes), base64 }));
    }
  } catch (error) {
    failed = true;
    console.error(`${file}: ${error.message ?? error}`);
  }
}
process.exit(failed ? 1 : 0);
