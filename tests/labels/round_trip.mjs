// What we print is what a reader sees: random identities in the odd characters of CSET 82 go
// through lotgate's encoder, the renderer and the reader, and must come back byte for byte.
//   node round_trip.mjs PATH/lotgate_label_samples [COUNT] [SEED]
import { execFileSync } from 'node:child_process';
import { printable, symbolsIn } from './reader.mjs';

const [program, count = '1000', seed = '1'] = process.argv.slice(2);
if (!program) {
  console.error('usage: node round_trip.mjs PATH/lotgate_label_samples [COUNT] [SEED]');
  process.exit(2);
}
const size = { width: 101.6, height: 76.2, dotsPerMillimetre: 8 };
const lines = execFileSync(program, [count, seed], { maxBuffer: 1 << 28 }).toString().trim();

let wrong = 0;
let symbols = 0;
for (const [index, line] of lines.split('\n').entries()) {
  const wanted = JSON.parse(line);
  const read = await symbolsIn(wanted.zpl, size);
  for (const symbology of [']d2', ']C1']) {
    symbols += 1;
    const found = read.filter(symbol => symbol.symbology === symbology);
    const bytes = found.length === 1 ? Buffer.from(found[0].bytes).toString('latin1') : null;
    if (bytes === wanted[symbology]) continue;
    wrong += 1;
    console.error(`label ${index} ${symbology}: wanted ${printable(Buffer.from(wanted[symbology]))}`
      + `, got ${bytes === null ? `${found.length} symbols` : printable(Buffer.from(bytes, 'latin1'))}`);
  }
}
console.log(`${symbols} symbols on ${count} labels (seed ${seed}), ${wrong} read differently`);
process.exit(wrong === 0 ? 0 : 1);
