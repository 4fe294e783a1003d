/** A declaration as typedoc writes it; the parts that are read here (https://typedoc.org/documents/Data_Model.html). */
export interface Declaration {
  readonly name: string;
  readonly kind: number;
  readonly comment?: { readonly summary: readonly { readonly text: string }[] };
  readonly children?: readonly Declaration[];
  readonly signatures?: readonly Declaration[];
  readonly sources?: readonly { readonly fileName: string; readonly line: number }[];
}

/** Something else's name: what it says stands there. */
const REFERENCE = 4_194_304;

/** The public exports of a project's packages that nothing is said of, each with its place. */
export function undocumented({ children: packages = [] }: Declaration): readonly string[] {
  return packages.flatMap(({ children: exported = [] }) =>
    exported
      .filter((one) => one.kind !== REFERENCE && !isDocumented(one))
      .map(({ name, sources }) => `${sources?.[0]?.fileName}:${sources?.[0]?.line} ${name}`),
  );
}

/** How many exports there are. */
export const countExports = ({ children: packages = [] }: Declaration): number =>
  packages.reduce((sum, { children: exported = [] }) => sum + exported.length, 0);

function isDocumented({ comment, signatures = [] }: Declaration): boolean {
  const said = comment?.summary.some(({ text }) => text.trim() !== '') === true;
  // A function's comment hangs on its signatures.
  return said || signatures.some(isDocumented);
}
