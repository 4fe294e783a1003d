const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'the file would get larger than it may',
  EBADF: 'it is closed',
  EIO: 'the device or terminal does not answer',
};

/** The sentence for a standard output that takes nothing. */
export function whyUnwritten({ code }: NodeJS.ErrnoException): string {
  const reason = REASONS[code ?? ''] ?? `the system says ${code ?? 'nothing more'}`;
  return `The standard output can't be written: ${reason}. What was to stand there is lost or cut short.`;
}
