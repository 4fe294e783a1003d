# syntax=docker/dockerfile:1
# One machine: the store is a folder that one host mounts. docs/deployment.md says how to run it.

FROM node:24-slim AS build
WORKDIR /source
COPY . .
RUN npm run setup
RUN cd apps/cli && node ../../node_modules/tsup/dist/cli-default.js

FROM node:24-slim
ENV NODE_ENV=production HOME=/data
# The program is one bundle: nothing is installed beside it.
COPY --from=build /source/apps/cli/dist /app/dist
COPY --from=build /source/apps/cli/package.json /app/package.json
COPY --from=build /source/LICENSE /app/LICENSE
RUN mkdir -p /data && chown node:node /data && chmod 700 /data
USER node
WORKDIR /data
# Configuration, keys, ledger, kept answers and the audit log: /data/.claude-code
VOLUME /data
EXPOSE 4141
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4141/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["serve", "--host", "0.0.0.0", "--log", "info"]
