/** What changesets hands to the writer of changelogs (https://github.com/changesets/changesets/blob/main/docs/modifying-changelog-format.md). */
interface Changeset {
  readonly summary: string;
}

interface UpdatedDependency {
  readonly name: string;
  readonly newVersion: string;
}

/** One entry of a changelog: the changeset's own sentences, without hashes, which say nothing to a reader. */
function getReleaseLine({ summary }: Changeset): string {
  const [first = '', ...rest] = summary.trim().split('\n');
  return [`- ${first.trimEnd()}`, ...rest.map((line) => `  ${line.trimEnd()}`.trimEnd())].join('\n');
}

/** Dependencies that moved along, in one entry however many changesets there were. */
function getDependencyReleaseLine(_changesets: readonly Changeset[], updated: readonly UpdatedDependency[]): string {
  if (updated.length === 0) return '';
  return `- Works with ${updated.map(({ name, newVersion }) => `\`${name}\` ${newVersion}`).join(', ')}.`;
}

export default { getReleaseLine, getDependencyReleaseLine };
