const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Figures as a row of bars, from zero to the largest: `▁▃█▅`. Zero is a blank, so that silence looks different from little. */
export function sparkline(figures: readonly number[]): string {
  const most = Math.max(0, ...figures);
  return figures
    .map((figure) =>
      figure <= 0 || most === 0 ? ' ' : (BLOCKS[Math.ceil((figure / most) * BLOCKS.length) - 1] ?? '█'),
    )
    .join('');
}
