// A program that makes keys: FILE NAME COUNT. It prints what went wrong.
import { createGatewayKeyStore } from '../src/index.ts';

const [file = '', name = '', count = '0'] = process.argv.slice(2);
const keys = createGatewayKeyStore({ file });
for (let number = 1; number <= Number(count); number += 1) {
  keys.create({ name: `${name}-${number}`, tags: [], limits: {} });
  keys.rotate(`${name}-${number}`, 0);
}
keys.close();
