import { type Hole, type Row, walk } from './event-row.ts';

/** What an event looks like whose text was found: its keys, with holes for all that is a string or a whole number. */
interface Shape {
  readonly before: Row;
  readonly behind: Row;
}

/** Shapes that are remembered; the one that was learned first goes. A provider has one for each kind of piece that it sends. */
const MOST_SHAPES = 16;

/**
 * Shared by all streams: a provider's events have the same shape in each of them, and finding the place of the text costs several times what it costs to find it again.
 * Nothing depends on what is in here but time.
 */
const shapes: Shape[] = [];

/**
 * Where the literal of an event's text begins, if the event is of a shape that is known; undefined where it is of none, or where the text stands in it twice.
 * In an event of the shape all strings are written as they are read, so that what stands once is the one value that has this text.
 */
export function knownPlace(data: string, text: string): number | undefined {
  const literal = JSON.stringify(text);
  for (const { before, behind } of shapes) {
    const start = walk(data, 0, before);
    if (start === -1) continue;
    const at = start - 1;
    if (data.indexOf(literal) !== at || data.includes(literal, start)) continue;
    if (walk(data, at + literal.length - 1, behind) === data.length) return at;
  }
  return undefined;
}

/** Remembers the shape of an event, the inside of whose text stands from behind `at` to `end`, both of them quotes. */
export function rememberShape(data: string, at: number, end: number): void {
  const before = shapeOf(data.slice(0, at));
  const behind = shapeOf(data.slice(end + 1));
  if (before === undefined || behind === undefined) return;
  if (shapes.length === MOST_SHAPES) shapes.shift();
  shapes.push({ before: edged(before, '', '"'), behind: edged(behind, '"', '') });
}

/** A string with what makes it a key, a whole number, or what is neither. */
const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:)?|(?<![\d.eE+-])(?:0|[1-9]\d*)(?![\d.eE])/g;

/** A part of an event as a row; undefined where a value is written with escapes: it may be equal to a text that is written otherwise. */
function shapeOf(part: string): Row | undefined {
  const literals: string[] = [];
  const holes: Hole[] = [];
  let from = 0;
  for (const match of part.matchAll(TOKEN)) {
    const [token, inside, colon] = match;
    if (colon !== undefined) continue;
    if (inside?.includes('\\') === true) return undefined;
    const [start, end] =
      inside === undefined
        ? [match.index, match.index + token.length]
        : [match.index + 1, match.index + token.length - 1];
    literals.push(part.slice(from, start));
    holes.push(inside === undefined ? 'number' : 'string');
    from = end;
  }
  literals.push(part.slice(from));
  return { literals, holes };
}

/** A row with more at its ends. */
function edged({ literals, holes }: Row, first: string, last: string): Row {
  const edges = [...literals];
  edges[0] = first + (edges[0] ?? '');
  edges[edges.length - 1] = (edges.at(-1) ?? '') + last;
  return { literals: edges, holes };
}
