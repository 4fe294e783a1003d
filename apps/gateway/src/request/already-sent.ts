let forFramework: Response | undefined;

/**
 * What a handler gives back that has written to node's own response. The framework wants a `Response` with this header, made with the first: the global
 * `Response` is Node's own fetch, which takes 14 MB and 40 ms of CPU to load, and the direct way never needs it.
 */
export function alreadySent({ sent }: { readonly sent?: Response }): Response {
  if (sent !== undefined) return sent;
  forFramework ??= new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
  return forFramework;
}
