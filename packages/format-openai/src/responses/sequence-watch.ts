const MEMBER = '"sequence_number":';

/** The number of an event, off its text; undefined where it has none. */
export function sequenceOf(data: string): number | undefined {
  const at = data.lastIndexOf(MEMBER);
  if (at < 0) return undefined;
  const number = Number.parseInt(data.slice(at + MEMBER.length, at + MEMBER.length + 16), 10);
  return Number.isNaN(number) ? undefined : number;
}

/** Notices events that were lost: numbers that went up one by one, and then don't. Made per stream. */
export function createSequenceWatch(): (data: string) => boolean {
  let last: number | undefined;
  let lost = false;
  return (data) => {
    const number = sequenceOf(data);
    if (number !== undefined) {
      if (last !== undefined && number > last + 1) lost = true;
      last = number;
    }
    return lost;
  };
}
