import { shortDigest } from './short-digest.ts';

const PLAIN = /^[a-zA-Z0-9_-]+$/;
const NOT_PLAIN = /[^a-zA-Z0-9_-]/g;

/** The lengths that formats allow a tool's name: OpenAI's, and Anthropic's. Gemini's names may have dots and colons as well. */
export const TOOL_NAME_LENGTHS: readonly number[] = [64, 128];

/**
 * A tool's name for a format that takes letters, digits, `_` and `-`, so many of them: as it is where it fits, else with a digest of itself at the end, so that
 * two names stay two. The same name always becomes the same.
 */
export function plainToolName(name: string, most: number): string {
  if (name.length <= most && PLAIN.test(name)) return name;
  const mark = `_${shortDigest(name)}`;
  return `${name.replace(NOT_PLAIN, '_').slice(0, most - mark.length)}${mark}`;
}
