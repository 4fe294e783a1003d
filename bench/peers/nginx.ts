import { existsSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Peer } from './peer.ts';

const PROGRAM = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find((file) => existsSync(file));

/** What a program in C takes that passes bytes on: the machine's own floor. */
export const nginx: Peer = {
  name: 'nginx',
  about: 'one worker, bytes passed on; the package of the system',
  paths: { chat: '/v1/chat/completions' },
  install() {
    if (PROGRAM === undefined)
      throw new Error('there is no nginx on this machine (Debian: apt-get install nginx-light)');
  },
  launch({ folder, port, upstream }) {
    const { uid, username } = userInfo();
    const file = join(folder, 'nginx.conf');
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `  ${name}_temp_path ${folder}/${name};`)
      .join('\n');
    writeFileSync(
      file,
      `${uid === 0 ? `user ${username};\n` : ''}worker_processes 1;
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 8192; }
http {
  access_log off;
${temporary}
  client_max_body_size 32m;
  client_body_buffer_size 2m;
  keepalive_requests 1000000;
  upstream provider { server ${new URL(upstream).host}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header connection "";
      proxy_buffering off;
      proxy_read_timeout 10m;
    }
  }
}
`,
    );
    return { command: PROGRAM ?? 'nginx', words: ['-c', file, '-e', `${folder}/error.log`] };
  },
};
