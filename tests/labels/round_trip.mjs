// What we print is what a reader sees: random identities in the odd characters of CSET 82 go
// through lotgate's encoder, the renderer and the reader, and must come back byte for byte; what
// the reader gives is decoded again, and must be the elements that were meant.
//   node round_trip.mjs PATH/lotgate_label_samples PATH/lotgate-decode-dev [COUNT] [SEED] [--control]
// --control prints every label without one separator it needs: all of them must be found wrong.
import { execFileSync } from 'node:child_process';
import { printable, symbolsIn } from './reader.mjs';

const given = process.argv.slice(2);
const control = given.includes('--control');
const [samples, decoder, count = '1000', seed = '1'] = given.filter(word => !word.startsWith('--'));
if (!decoder) {
  console.error('usage: node round_trip.mjs PATH/lotgate_label_samples PATH/lotgate-decode-dev'
    + ' [COUNT] [SEED] [--control]');
  process.exit(2);
}
const size = { width: 101.6, height: 76.2, dotsPerMillimetre: 8 };
const lines = execFileSync(samples, [count, seed], { maxBuffer: 1 << 28 }).toString().trim();
const symbologies = [']d2', ']C1'];

// The separator between lot and serial: @1 behind the first one in ^BX, >8 likewise in ^BC.
function withoutSeparator(zpl) {
  const spoilt = zpl.replace(/(\^FD@1.*)@1/, '$1').replace(/(\^FD>;>8.*)>8/, '$1');
  if (spoilt.length !== zpl.length - 4) throw new Error(`no separators in ${zpl}`);
  return spoilt;
}

const failures = [];
const read = [];
for (const [index, line] of lines.split('\n').entries()) {
  const wanted = JSON.parse(line);
  const symbols = await symbolsIn(control ? withoutSeparator(wanted.zpl) : wanted.zpl, size);
  for (const symbology of symbologies) {
    const found = symbols.filter(symbol => symbol.symbology === symbology);
    const bytes = found.length === 1 ? Buffer.from(found[0].bytes).toString('latin1') : null;
    read.push({ index, symbology, bytes, elements: wanted.elements[symbology] });
    if (bytes === wanted[symbology]) continue;
    failures.push(`label ${index} ${symbology}: wanted ${printable(Buffer.from(wanted[symbology]))}`
      + `, got ${bytes === null ? `${found.length} symbols`
        : printable(Buffer.from(bytes, 'latin1'))}`);
  }
}

const scans = read.map(({ symbology, bytes }) =>
  JSON.stringify({ input: bytes ?? '', aim: symbology, form: 'scan' })).join('\n');
const answers = execFileSync(decoder, ['--jsonl'], { input: scans + '\n', maxBuffer: 1 << 28 })
  .toString().trim().split('\n').map(answer => JSON.parse(answer));
let meantOtherwise = 0;
for (const [at, { index, symbology, elements }] of read.entries()) {
  const said = JSON.stringify(answers[at].elements);
  if (answers[at].ok && said === JSON.stringify(elements)) continue;
  meantOtherwise += 1;
  failures.push(`label ${index} ${symbology}: meant ${JSON.stringify(elements)}, decoded ${said}`);
}

if (!control) for (const failure of failures.slice(0, 40)) console.error(failure);
const wrong = failures.length - meantOtherwise;
console.log(`${read.length} symbols on ${count} labels (seed ${seed}): ${wrong} read differently, `
  + `${meantOtherwise} decoded to other elements`);
const all = read.length > 0 && wrong === read.length && meantOtherwise === read.length;
process.exit((control ? all : failures.length === 0) ? 0 : 1);
