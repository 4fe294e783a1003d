import { FORMATS } from '../wire-pack/formats.ts';
import type { RecordedFormat } from '../wire-pack/recorded-format.ts';
import type { AnswerConcept, RequestConcept, Section } from './concept.ts';
import { ANSWERS } from './concepts/answers.ts';
import { CONTENT } from './concepts/content.ts';
import { SETTINGS } from './concepts/settings.ts';
import { TOOLS } from './concepts/tools.ts';
import { answerOutcome, type Outcome, requestOutcome } from './matrix.ts';

/** What each format makes of each concept. */
export interface Row {
  readonly section: string;
  readonly name: string;
  readonly outcomes: readonly { readonly format: string; readonly outcome: Outcome }[];
}

/** Runs every concept through every format. */
export function matrixRows(): readonly Row[] {
  return [
    ...rowsOf([...CONTENT, ...TOOLS, ...SETTINGS], requestOutcome),
    ...rowsOf<AnswerConcept>(ANSWERS, answerOutcome),
  ];
}

function rowsOf<Concept extends RequestConcept | AnswerConcept>(
  sections: readonly Section<Concept>[],
  run: (concept: Concept, format: RecordedFormat) => Outcome,
): Row[] {
  return sections.flatMap(({ title, concepts }) =>
    concepts.map((concept) => ({
      section: title,
      name: concept.name,
      outcomes: FORMATS.map((recorded) => ({ format: recorded.format.id, outcome: run(concept, recorded) })),
    })),
  );
}

/** The page `docs/translation.md`. */
export function translationPage(rows: readonly Row[]): string {
  const sections = Map.groupBy(rows, (row) => row.section);
  return `${INTRODUCTION}\n${[...sections].map(([title, list]) => sectionText(title, list)).join('\n')}`;
}

const INTRODUCTION = `# What becomes of a request in another format

This page is written by \`npm run translation:write\`: each row is a request or an answer that goes through each codec and is read again. A test fails
where the page says something else than the codecs do, and where anything is lost that no note reports.

- **mapped**: it is said in the other format, perhaps under another name.
- **approximated**: the nearest that the format can say; the note tells what changed.
- **dropped**: the format has no word for it. With \`strict\` such a request is refused instead.

How a format writes the same thing is no loss and not reported: ids of items and their phases, which of two words an instruction came
under, what a client notes for itself.

The notes of a request come back with each attempt. They hold for an endpoint without quirks and a model that nothing is known of:
what the catalogue knows of a model can only make more of it possible, or say more precisely why not. Answers carry no notes; what a
caller's format has no word for is on this page.
`;

function sectionText(title: string, rows: readonly Row[]): string {
  const formats = rows[0]?.outcomes.map(({ format }) => format) ?? [];
  const notes: string[] = [];
  const body = rows.map(({ name, outcomes }) => [name, ...outcomes.map(({ outcome }) => cell(outcome, notes))]);
  const table = tableText([['', ...formats], ...body]);
  const list = notes.map((note, index) => `${index + 1}. ${note}`).join('\n');
  return `## ${title}\n\n${table}\n${notes.length === 0 ? '' : `\n${list}\n`}`;
}

/** The word, with the numbers of its reasons. */
function cell({ word, reasons }: Outcome, notes: string[]): string {
  const numbers = reasons.map((reason) => {
    if (!notes.includes(reason)) notes.push(reason);
    return notes.indexOf(reason) + 1;
  });
  return numbers.length === 0 ? word : `${word} ${numbers.map((number) => `(${number})`).join(' ')}`;
}

function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}
