import { userInfo } from 'node:os';

/** Who is logged in; undefined where the system has no name for the user. */
export function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
