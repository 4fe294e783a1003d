const MEMBER = '"sequence_number":';

/** The number of an event, off its text; undefined where it has none. Runs for every event: searching from the front is native, from the back it is not. */
export function sequenceOf(data: string): number | undefined {
  const at = data.indexOf(MEMBER);
  if (at < 0) return undefined;
  let number: number | undefined;
  for (let place = at + MEMBER.length; ; place += 1) {
    const code = data.charCodeAt(place);
    if (code >= 0x30 && code <= 0x39) number = (number ?? 0) * 10 + code - 0x30;
    // A blank may stand behind the colon.
    else if (code !== 0x20) return number;
  }
}

/** Notices events that were lost: numbers that went up one by one, and then don't. Made per stream. */
export function createSequenceWatch(): (number: number | undefined) => boolean {
  let last: number | undefined;
  let lost = false;
  return (number) => {
    if (number !== undefined) {
      if (last !== undefined && number > last + 1) lost = true;
      last = number;
    }
    return lost;
  };
}
