import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, workspacePackages } from './workspace.ts';

const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const rooms = [...page.matchAll(/^\| ([a-z*-]+) +\|/gm)].map(([, room = '']) => room);

it('the page on architecture has a row for every package', () => {
  const isDescribed = (name: string) =>
    rooms.some((room) => (room.endsWith('*') ? name.startsWith(room.slice(0, -1)) : name === room));
  expect(
    workspacePackages()
      .map((one) => one.name)
      .filter((name) => !isDescribed(name)),
  ).toEqual([]);
});

it('every file that it names is there', () => {
  const named = [...page.matchAll(/`((?:[\w-]+\/)*[\w-]+\.ts)`/g)].map(([, file = '']) => file);
  const isThere = (file: string) =>
    existsSync(join(root, file)) || globSync(candidatesOf(file), { cwd: root }).length > 0;
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !isThere(file))).toEqual([]);
});

/** `router/decide.ts` is a file of a package; a bare name is one of any. */
function candidatesOf(file: string): readonly string[] {
  const [first = '', ...rest] = file.split('/');
  if (rest.length === 0) return [`{packages,apps}/*/src/**/${file}`];
  return [`{packages,apps}/${first}/src/${rest.join('/')}`];
}
