import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PRESETS, type Preset, QUIRK_KINDS } from '../packages/provider-openai-compatible/src/index.ts';
import { root } from './workspace.ts';

const doc = readFileSync(`${root}docs/providers.md`, 'utf8');

/** The cells of every table row of the page. */
const rows = doc
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split('|')
      .map((cell) => cell.trim()),
  );

function cellsOf(preset: Preset): readonly string[] {
  const { id, displayName, endpoint, versionPath, keyVariables, forwards, shortNames } = preset;
  return [
    `\`${id}\``,
    displayName,
    endpoint === '' ? 'yours' : `\`${endpoint}${versionPath}\``,
    keyVariables.length === 0 ? 'none needed' : keyVariables.map((name) => `\`${name}\``).join(', '),
    shortNames.default === undefined ? '' : `\`${shortNames.default}\``,
    forwards ? 'yes' : 'no',
  ];
}

describe('docs/providers.md', () => {
  it.each(PRESETS)('says of $id what the table of presets says', (preset) => {
    expect(rows).toContainEqual(cellsOf(preset));
  });

  it('lists no preset that is not there', () => {
    const listed = rows.filter((cells) => cells.length === 6 && cells[0]?.startsWith('`')).map((cells) => cells[0]);
    expect(listed).toEqual(PRESETS.map(({ id }) => `\`${id}\``));
  });
});

it('the quirks that may be configured are the ones that the Chat codec looks up', () => {
  const codec = globSync(`${root}packages/format-openai/src/{chat,shared}/*.ts`).map((file) =>
    readFileSync(file, 'utf8'),
  );
  const readme = readFileSync(`${root}packages/format-openai/README.md`, 'utf8');
  for (const quirk of Object.keys(QUIRK_KINDS)) {
    expect(
      codec.some((code) => new RegExp(`\\b${quirk}\\b`).test(code)),
      quirk,
    ).toBe(true);
    expect(readme, quirk).toContain(`\`${quirk}\``);
  }
  const lookedUp = codec.flatMap((code) => [...code.matchAll(/\bquirks\.(\w+)/g)].map((match) => match[1] ?? ''));
  expect(lookedUp.filter((quirk) => !Object.hasOwn(QUIRK_KINDS, quirk))).toEqual([]);
});
