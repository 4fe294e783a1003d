import { setFlagsFromString } from 'node:v8';

/**
 * How V8 collects until the gateway listens: its space for new objects does not grow. What a start makes and keeps would double it several times, to 11 MB that a gateway at
 * rest has no use for.
 */
export const collectForStart = () => setFlagsFromString('--semi-space-growth-factor=1');

/**
 * How it collects from then on. The space for new objects grows by V8's own default factor; and everything is looked through when there is four times as much as after the last time. That
 * is the most that V8 itself waits for, which by its own measure would be twice as much here: some 20 MB more. Bodies of requests, which lie outside of the heap, count to them as if they
 * were to stay, while they go with the new objects where those are collected first.
 */
export function collectForServing(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
  setFlagsFromString('--heap-growing-percent=300');
}
