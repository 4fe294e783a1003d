import { givenOrder, type Strategy } from '@signalbox/core';

/** The caller chose: the candidates stay in their order, and nothing is looked at. */
export function manual(reason = 'the caller chose it'): Strategy {
  return givenOrder('manual', reason);
}
