# Sourced by tests/tools/stack.sh: Prometheus with the shipped configuration.
# shellcheck shell=bash disable=SC2154

# Every second instead of every minute, and the names as they are here.
cp -r deploy/prometheus/. "$dir/prometheus/"
sed -i -e "s/vigila:8080/127.0.0.1:$port/; s/127\.0\.0\.1:9090/127.0.0.1:$prometheus/" \
    -e 's/^\(  [a-z]*_interval\): .*/\1: 1s/; s/^\(  scrape_timeout\): .*/\1: 1s/' "$dir/prometheus/prometheus.yml"

mapfile -t command < <("$python" tests/tools/compose.py command "$dir/env" prometheus | here)
start prometheus env -i "PATH=$PATH" prometheus "${command[@]}" --web.listen-address="127.0.0.1:$prometheus"

# query EXPRESSION : whether it has an answer.
query() {
    curl --silent --get "http://127.0.0.1:$prometheus/api/v1/query" --data-urlencode "query=$1" | grep -q '"value":'
}
has_rules() {
    curl --silent "http://127.0.0.1:$prometheus/api/v1/rules" | grep -q '"health":"ok"'
}

check "Prometheus starts, and its health check says so" until_it_does curl --silent --fail "http://127.0.0.1:$prometheus/-/healthy"
check "it scrapes the service without a token, by its address" until_it_does query 'up{job="vigila"} == 1'
check "it has the centre" until_it_does query 'vigila_facility_band_info{facility="BT-0001"}'
check "it evaluates the rules" until_it_does has_rules
check "the proxy's second site leads to its service" answers 200 "http://127.0.0.1:$grafana/-/ready"
