import type { CatalogSlice } from '../../packages/core/src/index.ts';

/** A slice as the text of its file: a model, an alias and a source a line, so that a change shows as a line. */
export function sliceText(slice: CatalogSlice): string {
  const entries = (fields: Readonly<Record<string, unknown>>) =>
    block(
      '{',
      Object.entries(fields).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`),
      '}',
    );
  const models = block(
    '[',
    slice.models.map((model) => JSON.stringify(model)),
    ']',
  );
  return [
    '{',
    `  "generated": ${JSON.stringify(slice.generated)},`,
    `  "sources": ${entries(slice.sources)},`,
    `  "models": ${models},`,
    `  "aliases": ${entries(slice.aliases)}`,
    '}',
    '',
  ].join('\n');
}

function block(open: string, lines: readonly string[], close: string): string {
  return lines.length === 0 ? open + close : `${open}\n    ${lines.join(',\n    ')}\n  ${close}`;
}
