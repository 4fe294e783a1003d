/** A time zone in which it is noon now: there no day ends while a test runs, and no month. */
export function zoneWhereItIsNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  // The names count westwards.
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
