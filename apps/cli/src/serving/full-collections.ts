import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 look through everything when there is four times as much as after the last time: the most that it waits for itself. By its own measure it would be twice as much here, some 20 MB
 * more; and bodies of requests, which lie outside of the heap, count to them as if they were to stay, while they go with the new objects where those are collected first.
 */
export const makeFullCollectionsRare = () => setFlagsFromString('--heap-growing-percent=300');
