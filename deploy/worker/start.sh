#!/bin/sh
# Hosts that choose the port themselves say so in PORT and ask for /health there; WORKER_PORT goes before it.
export WORKER_PORT="${WORKER_PORT:-${PORT:-3001}}"
# exec: Node gets SIGTERM itself, and so gives its jobs back before it ends.
exec node --import tsx workers/main.ts
