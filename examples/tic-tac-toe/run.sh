#!/usr/bin/env bash
# Builds the example when it is stale, then runs it in the foreground on 127.0.0.1: examples/tic-tac-toe/run.sh [PORT]
#
# CHANNEL_URL and CHANNEL_SECRET say where the gateway is and as which app; without them it is the app demo of the one
# that ./gateway runs on this machine.

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
root=${here%/*/*}
jar=$here/target/tic-tac-toe.jar

inputs=("$root/pom.xml" "$here/pom.xml" "$here/src/main" "$root"/channel-java-api/{pom.xml,src/main,gae/pom.xml,gae/src/main})
if [[ ! -e $jar || -n $(find "${inputs[@]}" -newer "$jar" -print -quit) ]]; then
    echo 'building' >&2
    (cd "$root" && mvn -q -B -Pexamples -pl examples/tic-tac-toe -am -Dmaven.test.skip -Dspotless.check.skip package) || exit 1
    touch "$jar"
fi

export CHANNEL_URL=${CHANNEL_URL:-xmpp://demo@localhost}
export CHANNEL_SECRET=${CHANNEL_SECRET:-$(cat "$root/data/demo.secret")}
exec java -jar "$jar" "$@"
