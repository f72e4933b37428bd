# Sourced by tests/tools/stack.sh: the roles, the schema, what each role may, the service.
# shellcheck shell=bash disable=SC2154

# What the image of PostgreSQL does with POSTGRES_DB.
PGPASSWORD=$(secret postgres) psql --no-psqlrc --quiet "postgres://postgres@$server/postgres" \
    --command 'CREATE DATABASE vigila'

reads_the_views_alone() {
    local list='string_agg(relname, chr(32) ORDER BY relname) FROM pg_class WHERE' readable views
    readable=$(sql postgres "SELECT $list relkind IN ('r', 'v', 'm', 'p', 'f')
        AND relnamespace = 'public'::regnamespace
        AND has_any_column_privilege('grafana', oid, 'SELECT, INSERT, UPDATE')")
    views=$(sql postgres "SELECT $list relkind = 'v' AND relname LIKE 'quality\\_%'")
    [ "$readable" = "$views" ] && [ -n "$views" ] || { echo "        it may use: $readable; views: $views"; return 1; }
}

# denied ROLE STATEMENT : for want of a right, and for no other reason.
denied() { not sql "$1" "$2" && grep -qE 'permission denied|must be owner' "$dir/sql.log"; }

each_view_answers() {
    local view
    for view in $(sql postgres "SELECT viewname FROM pg_views WHERE viewname LIKE 'quality\\_%'"); do
        sql grafana "SELECT count(*) FROM $view" >/dev/null || { cat "$dir/sql.log"; return 1; }
    done
}

check "the roles are made" once roles
check "the roles are made again, which changes nothing" once roles
check "the owner of the schema migrates" once migrate vigila
check "Grafana is let to the views" once views
check "Grafana reads the views" each_view_answers
check "Grafana's role may use nothing else" reads_the_views_alone
check "Grafana's role sees no person" denied grafana 'SELECT * FROM people'
check "Grafana's role makes no table" denied grafana 'SET TRANSACTION READ WRITE; CREATE TABLE mine (a int)'
check "the role that serves drops no table" denied vigila 'DROP TABLE audit_events'
check "the role that serves lifts no guard" denied vigila 'ALTER TABLE audit_events DISABLE TRIGGER ALL'

# shellcheck disable=SC2046
start store "$s3s" --host 127.0.0.1 --port "$store" \
    --access-key "$(sed -n 's/^PHOTOS_ACCESS_KEY=//p' "$dir/env")" \
    --secret-key "$(sed -n 's/^PHOTOS_SECRET_KEY=//p' "$dir/env")" "$dir/store"
start vigila as vigila vigila serve
vigila_pid=$!
check "the service starts, and its health check says so" until_it_does eval '(as vigila vigila status)'
check "Grafana's account is made" once account bash deploy/grafana/account.sh

token_reads() { answers 200 "http://127.0.0.1:$port/api/v1/facilities" --header "Authorization: Bearer $(<"$dir/token/vigila")"; }
token_submits_nothing() {
    answers 403 "http://127.0.0.1:$port/api/v1/facilities" --header "Authorization: Bearer $(<"$dir/token/vigila")" \
        --json '{"code": "BT-0009", "name": "x", "kind": "other", "territory": "BT", "municipality": "Trani"}'
}
token_stays() {
    cp "$dir/token/vigila" "$dir/token.before"
    once account bash deploy/grafana/account.sh && cmp "$dir/token/vigila" "$dir/token.before"
}
token_comes_anew() {
    (as vigila vigila people end-sessions grafana) >/dev/null || return 1
    echo 'another pass phrase' | (as vigila vigila people password grafana) >/dev/null || return 1
    once account bash deploy/grafana/account.sh && not cmp -s "$dir/token/vigila" "$dir/token.before" && token_reads
}
check "its token reads" token_reads
check "its token changes nothing" token_submits_nothing
check "it is for Grafana's group alone" eval '[ "$(stat -c %a "$dir/token/vigila")" = 640 ]'
check "a token that is good stays" token_stays
check "one that was revoked comes anew, with the password of .env" token_comes_anew
