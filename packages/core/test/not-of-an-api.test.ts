import { describe, expect, it } from 'vitest';
import { notOfAnApi } from '../src/index.ts';

const said = (status: number, body: string, headers: Record<string, string> = {}) =>
  notOfAnApi({ status, headers }, body, 'acme');

describe('a reply that no API gives', () => {
  it.each(['<html>', '<!DOCTYPE html><html lang="en">', '\n  <!doctype HTML>\n<HTML>'])(
    'is a web page that begins with %j, and is told by its title',
    (beginning) => {
      expect(said(403, `${beginning}<head><title class="a">Attention\n Required! | Shield</title></head>`)).toBe(
        'acme answered with a web page, "Attention Required! | Shield" (HTTP 403): not its API, but a proxy or firewall before it, or the endpoint is wrong.',
      );
    },
  );

  it('has no title, or a long one', () => {
    expect(said(502, '<html><body>no</body></html>')).toContain('acme answered with a web page (HTTP 502)');
    expect(said(502, `<html><title>${'a'.repeat(500)}</title>`)?.length).toBeLessThan(250);
  });

  it('is a redirect: where to is said without path and query, which may hold a secret', () => {
    const sentence = said(302, '', { location: 'https://login.example:8443/sso?token=secret' });
    expect(sentence).toBe(
      'acme redirects to https://login.example:8443 (HTTP 302), which is not followed: is the endpoint right?',
    );
    expect(said(307, '', { location: '/elsewhere' })).toContain('acme redirects elsewhere (HTTP 307)');
    expect(said(308, '')).toContain('acme redirects elsewhere (HTTP 308)');
  });

  it.each(['', '{"error":"<html>"}', 'upstream connect error', '<error>no html</error>', '<htmlish>'])(
    'is not %j: that may well be its own',
    (body) => expect(said(500, body)).toBeUndefined(),
  );
});
