/** The environment for a user's script: it chooses and checks, and needs no key for that. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/key|token|secret|password/i.test(name)));
}
