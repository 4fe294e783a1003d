/** The names that a provider has in code, in a configuration and for people. */
export interface ProviderName {
  /** `acme-cloud` */
  readonly id: string;
  /** `acmeCloud` */
  readonly constant: string;
  /** `createAcmeCloud` */
  readonly factory: string;
  /** `Acme Cloud` */
  readonly display: string;
  /** `ACME_CLOUD_API_KEY` */
  readonly keyVariable: string;
}

const LONGEST = 40;

/** Reads a name; a sentence where it can't be one. */
export function providerName(text: string): ProviderName | { readonly problem: string } {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) || text.length > LONGEST) {
    return {
      problem: `"${text.slice(0, LONGEST)}" is no name for a provider: use small letters, digits and hyphens, such as acme-cloud.`,
    };
  }
  const words = text.split('-');
  const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
  const pascal = words.map(capital).join('');
  const constant = pascal.slice(0, 1).toLowerCase() + pascal.slice(1);
  return {
    id: text,
    // A name may be a word of the language: `new`, `default`.
    constant: RESERVED.has(constant) ? `${constant}Provider` : constant,
    factory: `create${pascal}`,
    display: words.map(capital).join(' '),
    keyVariable: `${text.replaceAll('-', '_').toUpperCase()}_API_KEY`,
  };
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof var void while with yield provider slice'
  ).split(' '),
);
