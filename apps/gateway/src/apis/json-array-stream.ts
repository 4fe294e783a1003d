/**
 * A stream of SSE events as one JSON array in pieces: what Google sends to callers who don't ask for `alt=sse`. Each chunk holds whole
 * events. A stream that ends in an error ends in an element that says so, and the array is closed.
 */
export async function* jsonArrayStream(events: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let separator = '[';
  for await (const chunk of events) {
    let text = '';
    for (const line of decoder.decode(chunk).split(/\r?\n/)) {
      if (!line.startsWith('data:')) continue;
      text += separator + line.slice('data:'.length).trim();
      separator = ',\r\n';
    }
    if (text !== '') yield encoder.encode(text);
  }
  yield encoder.encode(separator === '[' ? '[]' : ']');
}
