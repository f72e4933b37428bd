#!/usr/bin/env bash
# Grafana's account in vigila: a viewer, and a session of its own.
#
#   account.sh HOST PORT FILE
#
# Sees to it that the viewer `grafana` exists with the territories GRAFANA_TERRITORIES (codes,
# with commas) and the password GRAFANA_VIGILA_PASSWORD, and that FILE holds a token that the
# service at HOST:PORT takes. A token that is taken is left as it is, so this can run at every
# start. A session ends 30 days after its last use; tokens without end are for scrapers only.
set -euo pipefail
host=$1 port=$2 file=$3
: "${GRAFANA_VIGILA_PASSWORD:?}" "${GRAFANA_TERRITORIES:?}"
name=grafana

read -ra codes <<<"${GRAFANA_TERRITORIES//,/ }"
territories=()
for code in "${codes[@]}"; do territories+=(--territory "$code"); done
wanted=$(printf '%s\n' "${codes[@]}" | LC_ALL=C sort -u | paste -sd,)

# ask METHOD PATH HEADER BODY : prints the answer's status line and the rest. The image has no
# HTTP client; bash has sockets.
ask() {
    local method=$1 path=$2 header=$3 body=$4
    exec 3<>"/dev/tcp/$host/$port"
    printf '%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
        "$method" "$path" "$host:$port" "$header" "${#body}" "$body" >&3
    timeout 20 cat <&3
    exec 3>&-
}

known=$(vigila people list | awk -F '\t' -v name="$name" '$1 == name { print $2 " " $3 " " $4 }')
if [ -z "$known" ]; then
    vigila people add "$name" --role viewer "${territories[@]}" <<<"$GRAFANA_VIGILA_PASSWORD"
elif [ "${known% *}" != "viewer $wanted" ]; then
    vigila people role "$name" --role viewer "${territories[@]}"
fi
if [ "${known##* }" = disabled ]; then
    echo "the account $name is disabled: \`vigila people enable $name\` opens it" >&2
    exit 1
fi

if [ -s "$file" ] && [[ "$(ask GET /api/v1/me "Authorization: Bearer $(<"$file")" '')" == "HTTP/1.1 200 "* ]]; then
    echo "the token of $name is good"
    exit 0
fi

sign_in() { ask POST /api/v1/sessions 'Accept: application/json' \
    "{\"username\": \"$name\", \"password\": \"$GRAFANA_VIGILA_PASSWORD\"}"; }
answer=$(sign_in)
if [[ "$answer" == "HTTP/1.1 401 "* ]]; then
    # The password in .env is another one now.
    vigila people password "$name" <<<"$GRAFANA_VIGILA_PASSWORD"
    answer=$(sign_in)
fi
if [[ "$answer" != "HTTP/1.1 201 "* ]]; then
    printf 'vigila does not let %s in: %s\n' "$name" "${answer%%$'\r'*}" >&2
    exit 1
fi
token=$(sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' <<<"$answer")
[ -n "$token" ]
# For Grafana's group and nobody else. Written beside, then moved: never half a token.
(umask 027 && printf '%s' "$token" >"$file.new")
mv "$file.new" "$file"
echo "a new token of $name; a Grafana that is running takes it when it is started again"
