import { isLoopbackUrl } from '@signalbox/core';
import type { MiddlewareHandler } from 'hono';

/**
 * A gateway without keys answers programs on this machine, not web pages: a page can make a browser send requests here, and
 * each would spend the user's money. A page's request bears an `Origin`, or reaches us under a name that isn't this machine's.
 */
export function localOnly(): MiddlewareHandler {
  return async function refuseWebPages(context, next) {
    const host = context.req.header('host');
    const origin = context.req.header('origin');
    if ((host !== undefined && !isLoopbackUrl(`http://${host}`)) || (origin !== undefined && !isLoopbackUrl(origin))) {
      const message = 'This gateway answers programs on this machine only, not web pages.';
      return context.json({ type: 'error', error: { type: 'permission_error', message } }, 403);
    }
    await next();
  };
}
