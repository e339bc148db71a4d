#!/usr/bin/env bash
# Builds the example when it is stale, then runs it in the foreground on 127.0.0.1: examples/tic-tac-toe/run.sh [PORT]
#
# CHANNEL_URL and CHANNEL_SECRET say where the gateway is and as which app; without them it is the app demo of the one
# that ./gateway runs on this machine, which is waited for.

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=${here%/*/*}
jar=$here/target/tic-tac-toe.jar
secret=$root/data/demo.secret

mkdir -p "$root/.gateway"
exec 8>"$root/.gateway/lock" # which ./gateway holds while it builds
flock 8
inputs=("$root/pom.xml" "$here/pom.xml" "$here/src/main" "$root"/channel-java-api/{pom.xml,src/main,gae/pom.xml,gae/src/main})
if [[ ! -e $jar || -n $(find "${inputs[@]}" -newer "$jar" -print -quit) ]]; then
    echo 'building' >&2
    (cd "$root" && mvn -q -B -Pexamples -pl examples/tic-tac-toe -am -Dmaven.test.skip -Dspotless.check.skip package) || exit 1
    touch "$jar"
fi
exec 8>&-

if [[ -z ${CHANNEL_SECRET:-} ]]; then
    [[ -s $secret ]] || echo "waiting for $secret, which ./gateway makes when it starts" >&2
    until [[ -s $secret ]]; do sleep 1; done
    CHANNEL_SECRET=$(cat "$secret")
fi
export CHANNEL_SECRET CHANNEL_URL=${CHANNEL_URL:-xmpp://demo@localhost}
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -jar "$jar" "$@"
