// The decoder beside an independent reading of the same standards (bwip-js, a port of BWIPP): many
// random inputs, right and wrong ones, and both must say the same of each. The same seed gives the
// same inputs.
//   node oracle.mjs PATH/lotgate-decode-dev [COUNT] [SEED] [--control]
// --control breaks every tenth answer of the decoder: the comparison must find that.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import bwipjs from 'bwip-js';

const given = process.argv.slice(2);
const control = given.includes('--control');
const [program, count = '4000', seed = '1'] = given.filter(word => !word.startsWith('--'));
if (!program) {
  console.error('usage: node oracle.mjs PATH/lotgate-decode-dev [COUNT] [SEED] [--control]');
  process.exit(2);
}

// ---- chance (xorshift: the same on every machine)
let state = (Number(seed) * 2654435761 + 88172645) >>> 0;
function chance(below) {
  state ^= (state << 13) >>> 0; state >>>= 0;
  state ^= state >>> 17;
  state ^= (state << 5) >>> 0; state >>>= 0;
  return state % below;
}
const pick = list => list[chance(list.length)];
const some = (alphabet, length) => Array.from({ length }, () => pick(alphabet)).join('');
const digits = length => some('0123456789', length);
const two = number => String(100 + number).slice(1);

// ---- our table of identifiers, as data for making inputs
const table = new URL('../../adapters/barcode/application_identifiers.csv', import.meta.url);
const identifiers = readFileSync(table, 'utf8').split('\n').slice(1)
  .filter(line => line && !line.startsWith('#') && !line.startsWith('first;'))
  .map(line => {
    const [first, last, end, link, components, needs, , key] = line.split(';');
    return { first, last: last || first, end, link, components, needs, key };
  });
const rowOf = ai => identifiers.find(row =>
  row.first.length === ai.length && row.first <= ai && ai <= row.last);

const check10 = text => {
  const sum = [...text].reverse().reduce((all, c, i) => all + Number(c) * (i % 2 ? 1 : 3), 0);
  return String((10 - sum % 10) % 10);
};
// '(' and ')' end values in BWIPP's brackets and are left out; '^' is no character of the set.
const cset82 = '!"%&\'*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const cset39 = '#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function component(text) {
  const optional = text.includes('?');
  if (optional && chance(2)) return '';
  const [word, ...checks] = text.replace('?', '').split(' ');
  const [, kind, low, high] = /^([a-z]+)(\d+)(?:-(\d+))?$/.exec(word);
  const least = Number(low);
  const length = high ? least + chance(Math.min(Number(high) - least, 24) + 1) : least;
  const has = check => checks.includes(check);
  const year = two(chance(100));
  const day = `${two(1 + chance(12))}${two((has('yymmd0') ? 0 : 1) + chance(31))}`;
  if (has('yymmd0') || has('yymmdd')) return year + day;
  if (has('yyyymmdd')) return `20${year}${day}`;
  if (has('hhmi')) return two(chance(25)) + two(chance(61));
  if (has('hh')) return two(chance(25));
  if (has('mi') || has('ss')) return two(chance(61));
  if (has('iso3166') || has('iso3166999')) return pick(['276', '840', '056', '999', '001', '826']);
  if (has('iso4217')) return pick(['978', '840', '710', '001', '999']);
  if (has('iso3166alpha2')) return pick(['DE', 'US', 'XX', 'GB', 'de']);
  if (has('yesno')) return pick(['0', '1', '2']);
  if (has('csum') && kind === 'digits') {
    const body = digits(length - 1);
    return body + (chance(20) ? check10(body) : digits(1));
  }
  const value = some({ digits: '0123456789', text: cset82, part: cset39, base: base64 }[kind], length);
  // Company prefixes begin with four digits.
  return has('gcppos1') && kind !== 'digits' && chance(20) ? digits(4) + value.slice(4) : value;
}

// `spoilt`: one in so many is changed, three times over.
function valueOf(ai, spoilt = 16) {
  let value = rowOf(ai).components.split(' + ').map(component).join('');
  if (chance(spoilt) === 0) value = value.slice(0, -1);
  if (chance(spoilt) === 0) value += pick([...cset82, ' ', '#', '$']);
  if (chance(spoilt) === 0 && value) {
    const at = chance(value.length);
    value = value.slice(0, at) + pick([...cset82]) + value.slice(at + 1);
  }
  return value;
}

function anyIdentifier() {
  const row = pick(identifiers);
  const spread = Number(row.last) - Number(row.first);
  return String(Number(row.first) + chance(spread + 1)).padStart(row.first.length, '0');
}

const gtin = () => { const body = digits(13); return body + check10(body); };

function bracketed() {
  const list = [];
  if (chance(4)) list.push(['01', chance(10) ? gtin() : digits(14)]);
  for (let i = chance(3) + 1; i > 0; --i) {
    const ai = anyIdentifier();
    list.push([ai, valueOf(ai)]);
    // Most of what is needed, so that the pairings are tried, too.
    const needs = rowOf(ai).needs.split('&').map(group => pick(group.trim().split('/')));
    for (const need of needs.flatMap(group => group.split('+'))) {
      if (!/^\d+$/.test(need) || need === '01' || chance(3) === 0) continue;
      list.push([need, valueOf(need)]);
    }
  }
  if (chance(15) === 0) list.push(pick(list));
  return list.map(([ai, value]) => `(${ai})${value}`).join('');
}

const escaped = text => [...text].map(c => /[A-Za-z0-9\-._~]/.test(c) || chance(400) === 0
  ? c : '%' + c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')).join('');

function link() {
  const row = pick(identifiers.filter(one => one.key.startsWith('key')));
  const path = [[row.first, row.first === '01' && chance(16) ? gtin() : valueOf(row.first, 40)]];
  const qualifiers = pick(row.key.replace(/^key */, '').split('|')).trim().split(' ').filter(Boolean);
  for (const ai of qualifiers) if (chance(2)) path.push([ai, valueOf(ai, 40)]);
  if (chance(10) === 0) path.splice(chance(path.length + 1), 0, ['10', 'A']);
  if (chance(10) === 0) path.reverse();
  const query = [];
  for (let i = chance(3); i > 0; --i) {
    const ai = chance(20) ? pick(['17', '15', '3103', '99', '7003', '8008', '8200', '30', '422'])
      : pick(['21', '10', '89']);
    query.push([ai, rowOf(ai) ? valueOf(ai, 40) : 'A']);
  }
  if (chance(12) === 0) query.push(['linkType', 'gs1:pip']);
  const stem = pick(['', '', '/shop', '/01/stem']);
  const scheme = chance(30) ? pick(['https://', 'HTTPS://', 'HTTP://', 'http://']) : 'Https://';
  return scheme + pick(['id.gs1.org', 'a.example', 'a.example:8080']) + stem
    + path.map(([ai, value]) => `/${ai}/${escaped(value)}`).join('')
    + (query.length ? '?' + query.map(([ai, value]) => `${ai}=${escaped(value)}`).join('&') : '')
    + (chance(20) ? pick(['', '#top']) : '/');
}

const alphabet43 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%';
function hibc() {
  const body = pick([
    () => pick('ABCXYZ') + some('0123456789ABCXYZ', 3 + 1 + chance(18)) + digits(1),
    () => pick('ABC') + digits(3) + some('ABC123', 1 + chance(8)) + digits(1)
      + pick(['/$', '/$+', '/$$7', '/$$3270131']) + some('0123456789ABCXYZ', 1 + chance(12)),
    () => pick(['$', '$+', '$$7', '$$3270131']) + some('0123456789ABCXYZ', 1 + chance(12)) + 'G'])();
  const sum = [...'+' + body].reduce((all, c) => all + alphabet43.indexOf(c), 0);
  return body + (chance(3) ? alphabet43[sum % 43] : pick(alphabet43));
}

// Only those that are the compressed form of their number: the others expand, too, but a writer
// would compress the result in another way.
function upce() {
  for (;;) {
    const body = digits(6);
    const [, , third, fourth, fifth, last] = body;
    const least = { 3: third > '2', 4: fourth !== '0' }[last] ?? (last < '3' || fifth !== '0');
    if (least) return pick('01') + body;
  }
}

// ---- what BWIPP says: 'ok', or the name of its error
function bwipp(bcid, text, options = {}) {
  try {
    return { said: 'ok', made: bwipjs.raw({ bcid, text, ...options })[0] };
  } catch (error) {
    const name = /^bwipp\.([A-Za-z0-9]+)/.exec(String(error.message ?? error));
    return { said: name ? name[1] : String(error) };
  }
}

const kinds = {
  bracketed: { make: bracketed, ask: text => bwipp('gs1datamatrix', text) },
  link: { make: link, ask: text => bwipp('gs1dldatamatrix', text) },
  hibc: { make: hibc, ask: text => bwipp('hibccode39', text, { validatecheck: true }) },
  upce: { make: upce, ask: text => bwipp('upce', text) },
};

function caseOf(kind, text) {
  if (kind === 'hibc') return { input: '+' + text, form: 'keyed', aim: ']A0' };
  if (kind === 'bracketed') return { input: text, form: 'bracketed' };
  if (kind === 'link') return { input: text, form: 'dl_uri' };
  return { input: text.slice(0, 1) === '0' ? text.slice(1) : text, form: 'keyed' };
}

// Where the two are known to differ: what we say, what BWIPP says, of what.
const prefixed = identifiers.filter(row => /^(text|part)\S* (\S+ )*gcppos1/.test(row.components))
  .map(row => row.first).join('|');
const known = [
  // A serial of 0 in (8011): GS1's dictionary has "nozeroprefix", BWIPP takes it.
  ['lint:bad_value', 'ok', /[(/]8011[)/]0/],
  // A company prefix begins with four digits (GS1's engine); BWIPP asks for two.
  ['lint:bad_value', 'ok', new RegExp(`[(/=?&](${prefixed})[)/=]\\d{2,3}(\\D|$)`)],
  // A GTIN of 8, 12 or 13 digits: older links, here by option alone.
  ['value_too_short', 'ok', /\/01\/(\d{8}|\d{12,13})([/?#]|$)/],
  // A signature (8030) signs one item: GS1's engine wants the key's serial, BWIPP does not ask.
  ['serial_required', 'ok', /8030/],
  // Not a character of a URI (RFC 3986), unescaped; GS1's engine refuses it, BWIPP reads on.
  ['illegal_character', 'ok', /:\/\/.*[<>"]/],
  // '%' wants two hexadecimal digits (RFC 3986); BWIPP does not look at the last one of a value.
  ['dl_other', 'ok', /:\/\/.*%([^0-9A-Fa-f]|.?$|[0-9A-Fa-f][^0-9A-Fa-f])/],
  // An identifier twice in the query: GS1's engine refuses it, BWIPP takes it with one value.
  ['dl_other', 'ok', /[?&](\d{2,4})=[^&]*&(.*&)?\1=/],
];

// Does our answer agree with BWIPP's?
function agrees(kind, text, ours, theirs) {
  if (/NoValidSymbol|TooLong|Capacity|datamatrix/i.test(theirs.said)) return true;  // symbol full
  if (kind === 'hibc') return (theirs.said === 'ok') === (ours.error !== 'hibc_bad_check');
  if (kind === 'upce') {
    if (theirs.said !== 'ok') return true;
    const made = ours.identity.gtin;
    return made !== undefined
      && JSON.stringify(bwipp('upce', made.slice(2)).made) === JSON.stringify(theirs.made);
  }
  if (ours.full_ok === (theirs.said === 'ok')) return true;
  const error = ours.error ?? ours.full_error ?? 'ok';
  return known.some(([mine, said, where]) =>
    mine === error && said === theirs.said && where.test(text));
}

const cases = [];
for (const kind of Object.keys(kinds)) {
  for (let i = 0; i < Number(count); ++i) cases.push([kind, kinds[kind].make()]);
}
const input = cases.map(([kind, text]) => JSON.stringify(caseOf(kind, text))).join('\n') + '\n';
const answers = execFileSync(program, ['--jsonl'], { input, maxBuffer: 1 << 30 }).toString()
  .trim().split('\n').map(line => JSON.parse(line));

let wrong = 0;
const taken = {};
for (const [index, [kind, text]] of cases.entries()) {
  const ours = answers[index];
  if (control && index % 10 === 0) {
    ours.full_ok = !ours.full_ok;
    ours.error = ours.error === 'hibc_bad_check' ? undefined : 'hibc_bad_check';
    ours.identity = {};
  }
  const theirs = kinds[kind].ask(text);
  taken[kind] ??= { accepted: 0, refused: 0 };
  taken[kind][theirs.said === 'ok' ? 'accepted' : 'refused'] += 1;
  if (agrees(kind, text, ours, theirs)) continue;
  wrong += 1;
  if (wrong <= 40 && !control) {
    console.error(`${kind} ${text}\n   ours ${ours.error ?? ours.full_error ?? 'ok'}`
      + ` ${ours.message ?? ''}\n   bwip ${theirs.said}`);
  }
}
for (const [kind, { accepted, refused }] of Object.entries(taken)) {
  console.log(`${kind}: ${accepted} accepted and ${refused} refused by bwip-js`);
}
console.log(`${cases.length} inputs (seed ${seed}), ${wrong} judged differently`);
process.exit(control ? (wrong > cases.length / 20 ? 0 : 1) : (wrong === 0 ? 0 : 1));
