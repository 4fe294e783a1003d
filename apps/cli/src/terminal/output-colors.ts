import pc from 'picocolors';

/** Colours for an output: none in a pipe, and none where NO_COLOR is set to anything (no-color.org). */
export function outputColors(stream: NodeJS.WriteStream): ReturnType<typeof pc.createColors> {
  return pc.createColors(stream.isTTY === true && (process.env.NO_COLOR ?? '') === '');
}
