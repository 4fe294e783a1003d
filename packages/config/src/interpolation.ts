/** A text after its variables were put in. */
export interface Interpolated {
  readonly text: string;
  /** Variables that the text names, in order, whether or not they are set. */
  readonly variables: readonly string[];
  /** Variables that were needed and are not set. */
  readonly missing: readonly string[];
  /** What can't be read, where something can't. */
  readonly malformed?: string | undefined;
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/**
 * Puts variables into a text: `${VAR}`, and `${VAR:-default}` where the default stands in for a variable that is empty or not
 * set and may hold variables itself. `$${` is a literal `${`; `$VAR` without braces is left alone.
 */
export function interpolate(text: string, env: Readonly<Record<string, string | undefined>>): Interpolated {
  if (!text.includes('${')) return { text, variables: [], missing: [] };
  const variables: string[] = [];
  let malformed: string | undefined;
  const lookUp = (name: string): string | undefined => (Object.hasOwn(env, name) ? env[name] : undefined);

  function expand(from: number, nested: boolean): { text: string; missing: string[]; next: number } {
    const pieces: string[] = [];
    const missing: string[] = [];
    let at = from;
    while (at < text.length && malformed === undefined) {
      if (nested && text[at] === '}') return { text: pieces.join(''), missing, next: at + 1 };
      if (text.startsWith('$${', at)) {
        pieces.push('${');
        at += 3;
        continue;
      }
      if (!text.startsWith('${', at)) {
        pieces.push(text.charAt(at));
        at += 1;
        continue;
      }
      NAME.lastIndex = at + 2;
      const name = NAME.exec(text)?.[0];
      const after = at + 2 + (name?.length ?? 0);
      if (name !== undefined && text[after] === '}') {
        variables.push(name);
        const value = lookUp(name);
        if (value === undefined) missing.push(name);
        else pieces.push(value);
        at = after + 1;
      } else if (name !== undefined && text.startsWith(':-', after)) {
        variables.push(name);
        const otherwise = expand(after + 2, true);
        const value = lookUp(name);
        if (value !== undefined && value !== '') pieces.push(value);
        else {
          pieces.push(otherwise.text);
          missing.push(...otherwise.missing);
        }
        at = otherwise.next;
      } else {
        malformed = `a "\${" that is not a variable: write \${NAME} or \${NAME:-default}, and $\${ for a literal "\${"`;
      }
    }
    if (nested && malformed === undefined) malformed = `a "\${" without its closing "}"`;
    return { text: pieces.join(''), missing, next: at };
  }

  const result = expand(0, false);
  return { text: result.text, variables, missing: result.missing, malformed };
}
