import { analysePrompt } from '../packages/task-analysis/src/analyse-task.ts';

/** Changes that mean nothing. */
const EDITS: Readonly<Record<string, (prompt: string) => string>> = {
  'a full stop at the end': (prompt) => `${prompt.replace(/[.\s]+$/, '')}.`,
  'all lower case': (prompt) => prompt.toLowerCase(),
  '"please" in front': (prompt) => `Please ${prompt.slice(0, 1).toLowerCase()}${prompt.slice(1)}`,
  'a line break at the end': (prompt) => `${prompt}\n`,
  'line breaks of Windows': (prompt) => prompt.replaceAll('\n', '\r\n'),
  'blanks at both ends': (prompt) => `  ${prompt}  `,
  'blanks that do not break, curly quotation marks': (prompt) =>
    prompt.replaceAll(' ', '\u00a0').replaceAll('"', '\u201d').replaceAll("'", '\u2019'),
  'double blanks': (prompt) => prompt.replaceAll(' ', '  '),
  '"Thanks!" at the end': (prompt) => `${prompt}\nThanks!`,
  'two letters swapped in the longest word': (prompt) => swapped(prompt),
};

export interface EditFigures {
  readonly edit: string;
  /** Share of prompts whose kind of task or complexity changes: only then can another model be chosen. */
  readonly flips: number;
}

export function editFigures(prompts: readonly string[]): EditFigures[] {
  const keyOf = (prompt: string) => {
    const { type, complexity } = analysePrompt(prompt).profile;
    return `${type} ${complexity}`;
  };
  const before = prompts.map(keyOf);
  return Object.entries(EDITS).map(([edit, change]) => ({
    edit,
    flips: prompts.filter((prompt, row) => keyOf(change(prompt)) !== before[row]).length / prompts.length,
  }));
}

function swapped(prompt: string): string {
  const longest = (prompt.match(/[A-Za-z]{4,}/g) ?? []).reduce(
    (best, word) => (word.length > best.length ? word : best),
    '',
  );
  const middle = Math.floor(longest.length / 2);
  const changed = `${longest.slice(0, middle - 1)}${longest[middle] ?? ''}${longest[middle - 1] ?? ''}${longest.slice(middle + 1)}`;
  return longest === '' ? prompt : prompt.replace(longest, changed);
}
