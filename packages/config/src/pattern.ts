import { Matcher, RE2JS } from 're2js';

/** A pattern reads no more of a text than this. */
const READ_CHARACTERS = 32_000;

/**
 * A rule's pattern as a test: anywhere in the text, case-insensitive, `.` matches line breaks too. Runs in time linear in the text
 * (the RE2 algorithm), whatever the pattern and the text, and reads 32,000 characters at most. Throws on what is no such expression:
 * look-around and back references can't be had in linear time.
 *
 * @example
 * ```ts
 * compilePattern('^(what|how)')('How do I exit vim?'); // true
 * ```
 */
export function compilePattern(source: string): (text: string) => boolean {
  const compiled = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL);
  return (text) => compiled.test(text.length > READ_CHARACTERS ? text.slice(0, READ_CHARACTERS) : text);
}

/**
 * Puts `mark` into the place of each match of a pattern, in linear time and in texts of any length; case-sensitive. Throws on what is no such expression.
 *
 * @example
 * ```ts
 * compileReplacement('PRJ-[0-9]{4}', '[project]')('see PRJ-1234'); // 'see [project]'
 * ```
 */
export function compileReplacement(source: string, mark: string): (text: string) => string {
  const compiled = RE2JS.compile(source);
  // A dollar sign would stand for a group.
  const literal = Matcher.quoteReplacement(mark);
  return (text) => compiled.matcher(text).replaceAll(literal);
}

/** Whether a pattern can be compiled. */
export function isPattern(source: string): boolean {
  return source !== '' && succeeds(() => compilePattern(source));
}

/** Whether it is a regular expression of JavaScript: what can't be compiled may be one that needs more than linear time. */
export function isRegularExpression(source: string): boolean {
  return source !== '' && (isPattern(source) || succeeds(() => new RegExp(source, 'i')));
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
