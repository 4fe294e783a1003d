// Names that resolve as names should not, for whoever imports this (the built program by --import, the fast profile in its own process).
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

const HERE = { address: '127.0.0.1', family: 4 };
/** Of this machine, where none of the servers listens. */
const ELSEWHERE = { address: '127.0.0.2', family: 4 };
/** A prefix whose packets are dropped (RFC 6666). */
const DEAD_IPV6 = { address: '100::1', family: 6 };
const SLOW_MS = 60_000;

let moves = 0;

/** What a name resolves to: addresses, an error code, or nothing for a minute. */
const ANSWERS = {
  'slow.bench.test': () => 'slow',
  'failing.bench.test': () => 'EAI_AGAIN',
  'dead-ipv6.bench.test': () => [DEAD_IPV6, HERE],
  'moving.bench.test': () => {
    moves += 1;
    return [moves === 1 ? ELSEWHERE : HERE];
  },
};

const { lookup } = dns;
if (!lookup.isOdd) {
  const oddLookup = (name, options, callback) => {
    const answer = Object.hasOwn(ANSWERS, name) ? ANSWERS[name]() : undefined;
    if (answer === undefined) return lookup(name, options, callback);
    const done = typeof options === 'function' ? options : callback;
    if (answer === 'slow') setTimeout(() => give(done, options, [HERE]), SLOW_MS).unref();
    else if (typeof answer === 'string') {
      const error = Object.assign(new Error(`getaddrinfo ${answer} ${name}`), { code: answer, hostname: name });
      setImmediate(done, error);
    } else setImmediate(give, done, options, answer);
  };
  oddLookup.isOdd = true;
  dns.lookup = oddLookup;
  syncBuiltinESMExports();
}

function give(done, options, addresses) {
  if (options?.all === true) done(null, addresses);
  else done(null, addresses[0].address, addresses[0].family);
}
