#!/bin/sh
# Creates the namespace TEMPORAL_NAMESPACE if there is none, sets its retention, and waits until it can be used.
# `temporal` reads TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE from the environment.
set -eu

attempt=0
again() {
  attempt=$((attempt + 1))
  if [ "$attempt" -ge 60 ]; then
    echo "$1 after $attempt attempts." >&2
    exit 1
  fi
  sleep 2
}

until temporal operator cluster health >/dev/null 2>&1; do again "$TEMPORAL_ADDRESS is not healthy"; done
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$TEMPORAL_RETENTION"
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$TEMPORAL_RETENTION"
fi
until temporal workflow count >/dev/null 2>&1; do again "Namespace $TEMPORAL_NAMESPACE cannot be used"; done
echo "Namespace $TEMPORAL_NAMESPACE is ready; closed workflows are kept for $TEMPORAL_RETENTION."
