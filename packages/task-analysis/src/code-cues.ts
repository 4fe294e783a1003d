/** What of code is measured. Counts are logarithms. */
export const CODE_CUES: readonly string[] = [
  'lines of code',
  'depth of code',
  'calls',
  'arithmetic in code',
  'comparisons in code',
  'parts of lists in code',
  'slices in code',
  'length of an argument',
  'commas in an argument',
  'brackets in an argument',
  'texts in an argument',
  'longest text in an argument',
];

/** Where calls stand among them: they are counted with the words of the text. */
export const CALLS_CUE = 2;

const log = (value: number) => Math.log(1 + value);

/** From here on, up to there. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const NO_CODE: Span = { from: 0, to: 0 };

/** Where code stands: from a fence, or from the first definition, to the last fence or the end. */
function codeIn(text: string): Span {
  const fence = text.indexOf('```');
  if (fence !== -1) {
    const last = text.lastIndexOf('```');
    return { from: fence, to: last > fence ? last : text.length };
  }
  const definition = text.indexOf('def ');
  return definition === -1 ? NO_CODE : { from: definition, to: text.length };
}

/** Fills `into` with the values of `CODE_CUES`, but for the calls; gives where code stands. Nothing where there is none. */
export function measureCode(text: string, into: Float64Array): Span {
  const span = codeIn(text);
  if (span.to === 0) return span;
  let lines = 0;
  let depth = 0;
  let indent = 0;
  let atStart = false;
  let arithmetic = 0;
  let comparisons = 0;
  let open = false;
  let parts = 0;
  let slices = 0;
  for (let at = span.from; at < span.to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) {
      lines += 1;
      indent = 0;
      atStart = true;
      continue;
    }
    if (atStart) {
      if (code === 0x20) {
        indent += 1;
        continue;
      }
      atStart = false;
      depth = Math.max(depth, indent);
    }
    if (code === 0x2a || code === 0x2b || code === 0x2d || code === 0x2f || code === 0x25) arithmetic += 1;
    else if (code === 0x3c || code === 0x3e) comparisons += 1;
    else if (code === 0x3d && (text.charCodeAt(at + 1) === 0x3d || text.charCodeAt(at - 1) === 0x21)) comparisons += 1;
    else if (code === 0x5b) open = true;
    else if (code === 0x5d) {
      if (open && text.charCodeAt(at - 1) !== 0x5b) parts += 1;
      open = false;
    } else if (code === 0x3a && open) slices += 1;
  }
  into[0] = log(lines);
  into[1] = depth / 8;
  into[3] = log(arithmetic);
  into[4] = log(comparisons);
  into[5] = log(parts);
  into[6] = log(slices);
  measureArgument(text, span, into);
  return span;
}

/** What the code is called with, where its result is asked for: `assert f(...) == ??`. */
function measureArgument(text: string, { from, to }: Span, into: Float64Array): void {
  const asserted = text.lastIndexOf('assert ', to);
  const start = asserted < from ? -1 : text.indexOf('(', asserted);
  if (start === -1) return;
  const stop = text.indexOf(') ==', start);
  const end = stop === -1 || stop > to ? to : stop;
  let commas = 0;
  let brackets = 0;
  let texts = 0;
  let longest = 0;
  let opened = -1;
  for (let at = start + 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x2c) commas += 1;
    else if (code === 0x28 || code === 0x5b || code === 0x7b) brackets += 1;
    else if (code === 0x27 || code === 0x22) {
      texts += 1;
      if (opened === -1) opened = at;
      else {
        longest = Math.max(longest, at - opened - 1);
        opened = -1;
      }
    }
  }
  into[7] = log(end - start);
  into[8] = log(commas);
  into[9] = log(brackets);
  into[10] = log(texts);
  into[11] = log(longest);
}
