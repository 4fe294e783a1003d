import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const FOLDER = '.gemini';
const SETTINGS = 'settings.json';

/**
 * A home for one run of Gemini CLI (`GEMINI_CLI_HOME`), in `folder`: the user's own, by links, but for how it signs in. Its environment has no word for that once an
 * address is set (0.61.0: "Invalid auth method selected"), and a file of the system's settings must belong to root, as must all folders above it.
 */
export function geminiHome(folder: string): string {
  const own = join(process.env.GEMINI_CLI_HOME ?? homedir(), FOLDER);
  const home = join(folder, 'gemini');
  const links = join(home, FOLDER);
  mkdirSync(links, { recursive: true, mode: 0o700 });
  for (const entry of entriesOf(own)) {
    if (entry.name === SETTINGS) continue;
    const [from, to] = [join(own, entry.name), join(links, entry.name)];
    // On Windows a link to a file is an administrator's to make.
    if (process.platform === 'win32' && entry.isFile()) copyFileSync(from, to);
    else symlinkSync(from, to, 'junction');
  }
  const settings = settingsIn(join(own, SETTINGS));
  const security = objectOf(settings.security);
  const auth = { ...objectOf(security.auth), selectedType: 'gemini-api-key' };
  writeFileSync(join(links, SETTINGS), JSON.stringify({ ...settings, security: { ...security, auth } }), {
    mode: 0o600,
  });
  return home;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The user's settings, which may hold comments. Those that can't be read are left out: the client says of them what is wrong when it runs without us. */
function settingsIn(file: string): Record<string, unknown> {
  try {
    const text = readFileSync(file, 'utf8').replace(COMMENT_OR_TEXT, (found) => (found.startsWith('"') ? found : ''));
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

const COMMENT_OR_TEXT = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
