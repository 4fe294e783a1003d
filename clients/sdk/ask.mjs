// What every program here asks, and how it says that all went well. BASE, KEY and MODEL come from the environment.
export const { BASE, KEY, MODEL } = process.env;

export const TOOL = {
  name: 'look',
  description: 'Looks at a place.',
  parameters: { type: 'object', properties: { where: { type: 'string' } }, required: ['where'] },
};
export const TOOL_PROMPT = '[[simulate: toolCall=look {"where":"there"}]] Look and say what is there.';
/** What the tool answers: no prompt holds it. */
export const TOOL_RESULT = 'found-42';
export const look = ({ where }) => (where === 'there' ? TOOL_RESULT : 'nothing');

/** Ends the program with one sentence where something is not as it should be. */
export function must(holds, sentence) {
  if (holds) return;
  console.error(sentence);
  process.exit(1);
}

/** The three things that are tried: a whole answer, a stream, and a turn with a tool, each as text. */
export function done({ whole, stream, tool }) {
  must(whole.length > 5, 'the whole answer is empty');
  must(stream.length > 5, 'the stream is empty');
  must(tool.includes(TOOL_RESULT), `the result of the tool did not come back: ${tool.slice(0, 200)}`);
  console.log('ok');
}
