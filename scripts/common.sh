# shellcheck shell=bash disable=SC2154,SC2031
# What ./gateway and ./check share: the tools, the build, the place the gateway runs from.
#
# Sourced with `root` set to the top of the tree (no symlinks in it) and `name` to what messages begin with.
#
#   .gateway/lock         held while anything below, or a module's target folder, is written
#   .gateway/app/ID/      jars copied after a build, so that a later build never touches what runs; kept while in use
#   .gateway/app/ID/made  its time is that of the build's start: what is newer than it is not in these jars
#   .gateway/current      -> app/ID, switched last: an interrupted build leaves it as it was
#   .gateway/*.log        what apt, Maven and the training start printed

state=$root/.gateway

# Names of files are in UTF-8, whatever the locale: a bare machine has none, and Java then knows ASCII only.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]*8*) ;;
    *) export LC_ALL=C.UTF-8 ;;
esac

say() {
    printf '%s: %s\n' "$name" "$1" >&2
}

# die STATUS MESSAGE
die() {
    say "$2"
    exit "$1"
}

# ---- Tools ----

# Versions are compared by their first two numbers: at_least 3.8.7 3 8
at_least() {
    [[ $1 =~ ([0-9]+)(\.([0-9]+))? ]] || return 1
    local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[3]:-0}
    ((major > $2 || (major == $2 && minor >= $3)))
}

# Sets java_version from the file `release` that every JDK since 9 has: starting a JVM to ask takes longer than all the rest.
read_java_version() {
    java_version=
    local line
    if [[ -r $1/release ]]; then
        while IFS= read -r line; do
            case $line in
                JAVA_RUNTIME_VERSION=*) java_version=${line#*=} && break ;;
                JAVA_VERSION=*) java_version=${line#*=} ;;
            esac
        done <"$1/release"
        java_version=${java_version//\"/}
    else
        java_version=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')
    fi
}

# find_java java|javac: sets JAVA_HOME and java_version to those of a Java 17 or newer that has this program.
find_java() {
    local program=$1 home found
    local -a homes=()
    if [[ -n ${JAVA_HOME:-} ]]; then
        homes=("${JAVA_HOME%/}")
    else
        found=$(command -v "$program") && found=$(readlink -f "$found") && homes+=("${found%/bin/"$program"}")
        homes+=(/usr/lib/jvm/java-17-* /usr/lib/jvm/*)
    fi
    for home in "${homes[@]}"; do
        if [[ -x $home/bin/java && -x $home/bin/$program ]]; then
            read_java_version "$home"
            if at_least "$java_version" 17 0; then
                export JAVA_HOME=$home
                return 0
            fi
        fi
    done
    return 1
}

has() {
    command -v "$1" >/dev/null || [[ -x /usr/sbin/$1 ]]
}

has_tool() {
    case $1 in
        jdk) find_java javac ;;
        maven) has mvn && at_least "$(mvn -B -version 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')" 3 8 ;;
        node) has node && at_least "$(node --version 2>/dev/null)" 18 0 ;;
        npm) has npm ;;
        shellcheck) has shellcheck ;;
        gloox) has g++ && [[ -e /usr/include/gloox/client.h ]] ;;
        chromium) has chromium && has chromedriver ;;
        ejabberd) has ejabberdctl && has erlc && [[ -n $(compgen -G '/usr/lib/erlang/lib/p1_pgsql-*') ]] ;;
        nginx) has nginx && has envsubst && has openssl ;;
        postgresql) [[ -n $(compgen -G '/usr/lib/postgresql/*/bin/initdb') ]] || has initdb ;;
    esac
}

tool_text() {
    case $1 in
        jdk) echo 'a JDK 17 or newer (java and javac)' ;;
        maven) echo 'Maven 3.8 or newer (mvn)' ;;
        node) echo 'Node 18 or newer (node)' ;;
        chromium) echo 'Chromium and its driver (chromium, chromedriver)' ;;
        ejabberd) echo "ejabberd (ejabberdctl) with Erlang's compiler (erlc) and its driver for PostgreSQL (p1_pgsql)" ;;
        gloox) echo 'g++ and the headers of gloox (libgloox-dev)' ;;
        nginx) echo 'nginx, envsubst (of gettext) and openssl' ;;
        postgresql) echo 'PostgreSQL (initdb)' ;;
        *) echo "$1" ;;
    esac
}

tool_packages() {
    case $1 in
        jdk) echo openjdk-17-jdk-headless ;;
        node) echo nodejs ;;
        chromium) echo chromium chromium-driver ;;
        gloox) echo g++ libgloox-dev ;;
        nginx) echo nginx gettext-base openssl ;;
        ejabberd) echo ejabberd erlang-base erlang-p1-pgsql ;;
        *) echo "$1" ;;
    esac
}

# Sets missing (tools), missing_text and packages.
look_for() {
    missing=()
    missing_text=
    packages=
    local tool
    for tool in "$@"; do
        if ! has_tool "$tool"; then
            missing+=("$tool")
            missing_text+=${missing_text:+, }$(tool_text "$tool")
            packages+=${packages:+ }$(tool_packages "$tool")
        fi
    done
}

# need TOOL...: installs what is missing as root on a Debian; elsewhere says what it is and ends with status 2.
need() {
    look_for "$@"
    ((${#missing[@]} == 0)) && return
    if [[ -n ${JAVA_HOME:-} && " ${missing[*]} " == *' jdk '* ]]; then
        die 2 "JAVA_HOME: $JAVA_HOME (expected: the folder of a JDK 17 or newer, with bin/java and bin/javac, or not set)"
    fi
    if ((EUID != 0)) || [[ ! -f /etc/debian_version ]] || ! has apt-get; then
        die 2 "missing: $missing_text. To install on Debian, as root: apt-get install $packages"
    fi
    say "installing $packages (log: .gateway/install.log)"
    install_packages >"$state/install.log" 2>&1 || {
        tail -n 20 "$state/install.log" >&2
        die 2 "apt-get could not install $packages (log: .gateway/install.log)"
    }
    look_for "$@"
    ((${#missing[@]} == 0)) || die 2 "missing even after apt-get install $packages: $missing_text"
}

install_packages() (
    export DEBIAN_FRONTEND=noninteractive
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then # a server must not start because it was installed
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    apt-get -o DPkg::Lock::Timeout=600 update || exit
    if [[ $packages == *openjdk-17-* ]] && ! apt-cache show openjdk-17-jdk-headless >/dev/null; then
        packages=${packages/openjdk-17-jdk-headless/default-jdk-headless}
    fi
    # shellcheck disable=SC2086
    apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends $packages
)

# ---- Build ----

# True when the jars of `current` hold every source as it is now. A file that was removed shows in the time of its folder.
is_built() {
    [[ -e $state/current/made ]] || return 1
    local -a inputs=("$root"/.mvn "$root"/pom.xml "$root"/{,*/}*/pom.xml "$root"/{,*/}*/src/main)
    inputs+=("$root"/channel-js/{src,scripts,.npmrc,*.json})
    [[ -z $(find "${inputs[@]}" -newer "$state/current/made" -print -quit 2>&1) ]]
}

# Holds .gateway/lock from now on, in a file descriptor that a build which outlives this script holds as well.
lock() {
    mkdir -p "$state" || die 2 "$state: cannot be made (expected: a folder that this user may write)"
    exec 8>"$state/lock" || exit 2
    if ! flock -n 8; then
        say 'waiting for another build'
        flock 8
    fi
}

unlock() {
    exec 8>&-
}

# mvn_run ARGUMENT...: Maven in the tree; ended with this script. `unfinished` tells the next run of one that was cut short,
# whose half-written files would look new: they are removed.
mvn_run() {
    local status pid
    if [[ -e $state/unfinished ]]; then
        rm -rf "$root"/{,*/}*/target
    fi
    : >"$state/unfinished"
    (cd "$root" && exec mvn -B -Dstyle.color=never "$@") </dev/null &
    pid=$!
    trap 'kill "$pid" 2>/dev/null; wait "$pid"; exit 143' TERM
    trap 'kill "$pid" 2>/dev/null; wait "$pid"; exit 130' INT
    status=0
    wait "$pid" || status=$?
    trap - TERM INT
    ((status > 1)) || rm -f "$state/unfinished"
    return "$status"
}

# Called with the lock.
build() {
    local started status=0
    say 'building (log: .gateway/build.log)'
    started=$(mktemp "$state/started.XXXXXX")
    rm -rf "$root/channel-server/target/lib" # Maven would keep the jars of versions that are used no more
    mvn_run -q -DskipTests -Dmaven.test.skip -Dspotless.check.skip package >"$state/build.log" 2>&1 || status=$?
    if ((status)); then
        rm -f "$started"
        tail -n 40 "$state/build.log" >&2
        die 1 "the build failed, mvn ended with status $status (log: .gateway/build.log)"
    fi
    publish "$started"
}

# publish STARTED: makes the jars in the target folders, built from the sources as they were at the time of the file STARTED,
# the ones to run. Called with the lock.
publish() {
    local built=$root/channel-server/target app old
    app=$(mktemp -d "$state/app.XXXXXX") || exit 1
    chmod 755 "$app"
    cp -R "$built/channel-server.jar" "$built/lib" "$app/" || die 1 "$built: not copied (expected: channel-server.jar, lib/)"
    mv "$1" "$app/made"
    mkdir -p "$state/app"
    mv "$app" "$state/app/${app##*.}"
    ln -sfn "app/${app##*.}" "$state/next"
    mv -fT "$state/next" "$state/current"
    rm -rf "$state"/app.?????? "$state"/started.??????
    for old in "$state"/app/*; do
        if [[ ! $old -ef $state/current ]] && flock -n "$old/channel-server.jar" true 2>/dev/null; then
            rm -rf "$old"
        fi
    done
}

# Sets app to the folder to run from and holds it (see publish) as long as this process and what it becomes live.
hold_app() {
    while app=$(readlink -f "$state/current") && [[ -n $app ]]; do
        if exec 9<"$app/channel-server.jar" && flock -s 9 && [[ -e $app/channel-server.jar ]]; then
            return
        fi
    done 2>/dev/null
    die 1 "$state/current: gone (expected: the folder that a build makes)"
}

# ---- Running ----

# Everything that makes classes load from the archive only if it is the same at both starts.
jvm_flags=(
    -XX:+UseSerialGC
    -XX:TieredStopAtLevel=1 # C1 alone: warm after hundreds of requests instead of tens of thousands, for a fifth more CPU at the end
    -XX:CompileThresholdScaling=0.3 # and of these, after a third: a quarter more messages just after the start, which takes 25 ms longer
    -Xms48m # the young generation grows with the heap, instead of being touched whole
    -XX:-UsePerfData
    -XX:+ExitOnOutOfMemoryError
    -Xshare:auto
    -Xlog:disable
    -Xlog:all=error:stderr
    -Dfile.encoding=UTF-8
)

# Sets archive to the class data archive of the held app for this Java; makes it in a training start that does once what
# a page and an application do. An empty file says that it could not be made. It is never needed: a start without it is
# only slower.
use_archive() {
    archive=$app/$java_version.jsa
    [[ -e $archive || ! -w $app ]] && return
    lock
    if [[ ! -e $archive ]]; then
        : >"$archive.new"
        ( train "$archive.new" >"$state/train.log" 2>&1 ) || : >"$archive.new"
        mv -f "$archive.new" "$archive"
    fi
    unlock
}

train() {
    local scratch line at='' pid
    unset "${!CHANNEL_@}" # the settings of the gateway to come are not for this one
    unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS
    scratch=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$scratch'" EXIT
    mkfifo "$scratch/out"
    "$JAVA_HOME/bin/java" "${jvm_flags[@]}" -XX:ArchiveClassesAtExit="$1" -jar "$app/channel-server.jar" \
        --data "$scratch/data" --http 127.0.0.1:0 --xmpp 127.0.0.1:0 >"$scratch/out" 8>&- 9<&- &
    pid=$!
    trap 'kill -9 "$pid"; exit 143' TERM INT
    exec 7<"$scratch/out"
    while IFS= read -r -t 60 line <&7; do
        if [[ $line == 'ready http://'* ]]; then
            at=${line#ready http://}
            break
        fi
    done
    [[ -n $at ]] && converse "${at%/}" "$(cat "$scratch/data/demo.secret")"
    kill "$pid"
    for _ in {1..300}; do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null
    wait "$pid"
    [[ -n $at && -s $1 ]]
}

# http METHOD HOST:PORT PATH BODY [HEADER...]: prints the whole answer; at most 20 seconds.
http() (
    export LC_ALL=C # lengths in bytes
    method=$1 at=$2 path=$3 body=$4
    shift 4
    exec 5<>"/dev/tcp/${at%:*}/${at##*:}" || exit
    {
        printf '%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n' "$method" "$path" "$at"
        printf '%s\r\n' "$@" "Content-Length: ${#body}" ''
        printf '%s' "$body"
    } >&5
    timeout 20 cat <&5
)

# converse HOST:PORT SECRET: a channel is made, a page opens it and polls, a message is sent. Prints what the poll brought.
converse() {
    local at=$1 token sid rid path poll answer
    local auth="Authorization: Bearer $2" json='Content-Type: application/json'
    http GET "$at" /_ah/channel/jsapi '' 'Accept-Encoding: br' >/dev/null || return
    http GET "$at" / '' >/dev/null || return
    answer=$(http POST "$at" /v1/channels '{"key":"a b/ü","durationMinutes":5}' "$auth" "$json")
    [[ $answer =~ \"token\":\"([^\"]+)\" ]] || return
    token=${BASH_REMATCH[1]}
    answer=$(http POST "$at" /_ah/channel/connect "$token" 'Content-Type: text/plain')
    [[ $answer =~ \"sid\":\"([^\"]+)\" ]] && sid=${BASH_REMATCH[1]} || return
    [[ $answer =~ \"rid\":\"?([0-9]+) ]] && rid=${BASH_REMATCH[1]} || return
    [[ $answer =~ \"path\":\"([^\"]+)\" ]] && path=${BASH_REMATCH[1]} || return
    poll="<body rid='$rid' sid='$sid' xmlns='http://jabber.org/protocol/httpbind'/>"
    exec 6< <(http POST "$at" "$path" "$poll" 'Content-Type: text/xml; charset=utf-8')
    http POST "$at" '/v1/channels/a%20b%2F%C3%BC/messages' 'Hällo' "$auth" 'Content-Type: text/plain; charset=utf-8' >/dev/null
    timeout 20 cat <&6
    http GET "$at" /readyz '' >/dev/null
    http GET "$at" /metrics '' >/dev/null
    http POST "$at" /_ah/channel/disconnect "$sid" 'Content-Type: text/plain' >/dev/null
}
