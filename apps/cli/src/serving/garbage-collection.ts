import { setFlagsFromString } from 'node:v8';

/**
 * How V8 collects until the gateway listens: its space for new objects does not grow. What a start makes and keeps would double it several times, to 11 MB that a gateway at
 * rest has no use for.
 */
export const collectForStart = () => setFlagsFromString('--semi-space-growth-factor=1');

/**
 * How it collects from then on. The space for new objects grows by V8's own default factor; and everything is looked through when what was there after the last time has come
 * twice again, not by V8's own measure: that is some 20 MB where as much lives here, and bodies of requests, which lie outside of the heap, count as if they were to stay. They
 * go with the new objects, if those are collected first.
 */
export function collectForServing(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
  setFlagsFromString('--heap-growing-percent=200');
}
