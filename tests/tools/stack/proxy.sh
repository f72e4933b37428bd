# Sourced by tests/tools/stack.sh: the proxy before the service.
# shellcheck shell=bash disable=SC2154

# The port of its health check is another here; so are the names behind it. Prometheus
# stands where Grafana is.
sed "s/:2080/:$health/" deploy/caddy/Caddyfile >"$dir/Caddyfile"
start proxy as proxy env "VIGILA_UPSTREAM=127.0.0.1:$port" "GRAFANA_UPSTREAM=127.0.0.1:$prometheus" \
    caddy run --config "$dir/Caddyfile" --adapter caddyfile
check "the proxy starts" until_it_does curl --silent --fail "http://127.0.0.1:$health/"

admin=$(as vigila vigila people add admin-1 --role admin --generate)
signs_in() {
    answers 201 "$api/sessions" --json "{\"username\": \"admin-1\", \"password\": \"$admin\"}" &&
        bearer=$(sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' "$dir/body") &&
        curl_token=(--header "Authorization: Bearer $bearer")
}
check "somebody signs in through the proxy" signs_in

# Two photographs of 5 MB and of 25 MB: bytes after the picture are taken with it.
picture=sample/photos/bedroom-tidy.jpg
for size in 5000000 25000000; do
    { cat "$picture" && head -c $((size - $(stat -c %s "$picture"))) /dev/urandom; } >"$dir/$size.jpg"
done
sha5=$(sha256sum "$dir/5000000.jpg" | cut -d' ' -f1)
sha25=$(sha256sum "$dir/25000000.jpg" | cut -d' ' -f1)
visit=$(cat /proc/sys/kernel/random/uuid)
now=$(date -u +%FT%TZ)

sends_a_visit() {
    answers 201 "$api/facilities" "${curl_token[@]}" --json \
        '{"code": "BT-0001", "name": "Centro di prova", "kind": "cas_collective", "territory": "BT", "municipality": "Barletta"}' &&
        manager=$(as vigila vigila people add manager-1 --role manager --territory BT --generate) &&
        answers 201 "$api/sessions" --json "{\"username\": \"manager-1\", \"password\": \"$manager\"}" &&
        curl_token=(--header "Authorization: Bearer $(sed -n 's/.*"token": *"\([^"]*\)".*/\1/p' "$dir/body")") &&
        answers 201 --request PUT "$api/inspections/$visit" "${curl_token[@]}" --json \
            "{\"facility\": \"BT-0001\", \"checklist\": {\"code\": \"FIRE-HYG\", \"version\": \"1.0.0\"},
              \"kind\": \"unannounced\", \"started_at\": \"$now\", \"ended_at\": \"$now\",
              \"answers\": [{\"item\": \"FH-B02\", \"value\": \"yes\", \"photos\": [\"$sha5\", \"$sha25\"]}],
              \"photos\": [{\"sha256\": \"$sha5\", \"bytes\": 5000000}, {\"sha256\": \"$sha25\", \"bytes\": 25000000}]}"
}
sends_a_photo() {
    answers 201 --request PUT "$api/inspections/$visit/photos/$sha5" "${curl_token[@]}" \
        --header 'Content-Type: image/jpeg' --upload-file "$dir/5000000.jpg"
}

# By tus: made, half of it, how far, the other half.
sends_in_parts() {
    local tus=(--header 'Tus-Resumable: 1.0.0' "${curl_token[@]}") part="$dir/part" place
    answers 201 --request POST "$api/inspections/$visit/photos/$sha25/uploads" "${tus[@]}" \
        --header 'Upload-Length: 25000000' --dump-header "$dir/header" || return 1
    place=$(sed -n 's/^location: *\(.*\)\r$/\1/Ip' "$dir/header")
    case $place in
        /*) place=$base$place ;;
        # The address that people reach the stack by, which is another one here.
        http://127.0.0.1:8080/*) place=$base${place#http://127.0.0.1:8080} ;;
    esac
    tus+=(--header 'Content-Type: application/offset+octet-stream')
    head -c 12000000 "$dir/25000000.jpg" >"$part"
    answers 204 --request PATCH "$place" "${tus[@]}" --header 'Upload-Offset: 0' --data-binary "@$part" &&
        answers 200 --head "$place" "${tus[@]}" && grep -qi '^upload-offset: 12000000' "$dir/body" || return 1
    tail -c +12000001 "$dir/25000000.jpg" >"$part"
    answers 204 --request PATCH "$place" "${tus[@]}" --header 'Upload-Offset: 12000000' --data-binary "@$part"
}
original_comes_back() {
    answers 200 "$api/inspections/$visit/photos/$sha25?rendition=original&reason=prova" "${curl_token[@]}" &&
        cmp "$dir/body" "$dir/25000000.jpg"
}
metrics_are_hidden() {
    local path
    # Every way of writing it; from an address that the service would not let in either.
    for path in /metrics /metrics/ //metrics /%6detrics /METRICS '/x/../metrics' '/metrics?a=b'; do
        answers 404 --path-as-is --interface 127.0.0.9 "$base$path" "${curl_token[@]}" || { echo "        $path"; return 1; }
        if grep -q vigila_ "$dir/body"; then return 1; fi
    done
}
# wrong FROM CLAIMED NAME : a bad password from an address that claims to be another.
wrong() {
    curl --silent --output /dev/null --write-out '%{http_code}' --interface "$1" "$api/sessions" \
        --header "X-Forwarded-For: $2" --json "{\"username\": \"$3\", \"password\": \"not the password\"}"
}
slows_the_address_that_fails() {
    local count status=
    for count in $(seq 12); do status=$(wrong 127.0.0.7 127.0.0.8 "nobody-$count"); done
    [ "$status" = 429 ] && [ "$(wrong 127.0.0.8 127.0.0.7 nobody-13)" = 401 ]
}
waits_for_the_service() {
    # Stopped and started again while a request is there: it is answered, not turned away.
    kill "$vigila_pid" && wait "$vigila_pid" || return 1
    curl --silent --output /dev/null --write-out '%{http_code}' --max-time 30 "$api/status" >"$dir/waited" &
    local asking=$!
    sleep 1
    start vigila2 as vigila vigila serve
    wait "$asking"
    [ "$(<"$dir/waited")" = 200 ]
}

# A second proxy with a name: for `localhost` Caddy makes the certificate itself. Its ports are
# others, and the system's store of certificates is left alone.
serves_tls() {
    local plain=$((first + 6)) secure=$((first + 7))
    sed -e "s/:2080/:$((first + 8))/" \
        -e "s/^\tadmin off/&\n\thttp_port $plain\n\thttps_port $secure\n\tskip_install_trust/" \
        deploy/caddy/Caddyfile >"$dir/Caddyfile.tls"
    start proxy-tls as proxy env VIGILA_SITE=localhost "GRAFANA_SITE=http://:$((first + 9))" \
        "VIGILA_UPSTREAM=127.0.0.1:$port" caddy run --config "$dir/Caddyfile.tls" --adapter caddyfile
    local root="$dir/.local/share/caddy/pki/authorities/local/root.crt"
    until_it_does curl --silent --fail --cacert "$root" "https://localhost:$secure/api/v1/status" &&
        answers 308 "http://localhost:$plain/" &&
        answers 404 --cacert "$root" "https://localhost:$secure/metrics"
}

check "a visit goes through" sends_a_visit
check "a photo of 5 MB goes through" sends_a_photo
check "a photo of 25 MB goes through in parts (POST, PATCH, HEAD)" sends_in_parts
check "its original comes back, byte for byte" original_comes_back
check "the pages are there" answers 200 --location "$base/"
check "the metrics do not exist outside" metrics_are_hidden
check "X-Forwarded-For is the proxy's word, not the client's" slows_the_address_that_fails
check "a name is served by TLS, and plain HTTP leads there" serves_tls
check "SIGTERM ends the service in order, and requests wait for the next" waits_for_the_service
