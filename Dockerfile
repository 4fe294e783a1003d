# One machine: the store is a folder that one host mounts. docs/deployment.md says how to run it.

FROM node:24-slim AS build
WORKDIR /source
# What is installed changes with the lock file only: an edited source builds without the registry.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
# A registry of your own: `docker build --secret id=npmrc,src=$HOME/.npmrc`. It is in no layer.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
  npx -y "$(node -p 'require("./package.json").packageManager')" fetch --reporter=append-only
COPY . .
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm run setup
RUN cd apps/cli && node ../../node_modules/tsup/dist/cli-default.js

FROM node:24-slim
ENV NODE_ENV=production HOME=/data
# The program is one bundle: nothing is installed beside it.
COPY --from=build /source/apps/cli/dist /app/dist
COPY --from=build /source/apps/cli/package.json /source/LICENSE /app/
# Of group 0, so that the volume may also be written by a user whom a platform makes up (OpenShift gives such users that group).
RUN ln -s /app/dist/cli.js /usr/local/bin/signalbox \
  && mkdir -p /data/.claude-code && chown -R node:0 /data && chmod -R 770 /data
USER node
WORKDIR /data
# Configuration, keys, ledger, kept answers and the audit log: /data/.claude-code
VOLUME /data
EXPOSE 4141
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4141/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["signalbox"]
CMD ["serve", "--host", "0.0.0.0", "--log", "info"]
