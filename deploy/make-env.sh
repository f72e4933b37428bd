#!/bin/sh
# Makes .env for docker-compose.yml: every secret by chance, every setting with its meaning.
#
#   deploy/make-env.sh --territories BT,BA [--domain NAME] [--grafana-domain NAME] [--file FILE]
#
#   --territories     the provinces whose centres Grafana may ask the API for
#   --domain          where people reach vigila, such as vigila.example.org. The proxy then
#                     serves ports 80 and 443 of every address and fetches a certificate.
#                     Without it: plain HTTP on 127.0.0.1:8080
#   --grafana-domain  the same for Grafana. Without it: http://127.0.0.1:3000
#   --file            another file than .env in the folder of docker-compose.yml
#
# Refuses to write over a file that exists: its secrets are what the volumes were made with.
set -eu

usage() {
    sed -n 's/^# \{0,1\}//; 2,13p' "$0" >&2
    exit 2
}

refuse() {
    echo "make-env.sh: $1" >&2
    exit 1
}

folder=$(cd "$(dirname "$0")/.." && pwd)
file=$folder/.env territories='' domain='' grafana=''
while [ "$#" -gt 0 ]; do
    [ "$#" -ge 2 ] || usage
    case $1 in
        --territories) territories=$2 ;;
        --domain) domain=$2 ;;
        --grafana-domain) grafana=$2 ;;
        --file) file=$2 ;;
        *) usage ;;
    esac
    shift 2
done
[ -n "$territories" ] || usage
case $territories in
    *[!A-Z,]* | ,* | *, | *,,*) refuse "--territories takes codes of provinces with commas between, such as BT,BA" ;;
esac
for name in "$domain" "$grafana"; do
    case $name in
        *[!a-zA-Z0-9.-]*) refuse "$name is no domain: without scheme, port or path, such as vigila.example.org" ;;
    esac
done
if [ "$grafana" != '' ] && { [ "$domain" = '' ] || [ "$domain" = "$grafana" ]; }; then
    refuse "--grafana-domain needs --domain beside it, and another name"
fi

# secret BYTES : that many bytes by chance, in hexadecimal, so that they can stand in a URL.
secret() {
    # The count is checked: an empty secret would be worse than none.
    made=$(od -An -v -N"$1" -tx1 /dev/urandom | tr -d ' \n')
    [ "${#made}" -eq $(($1 * 2)) ] || refuse "/dev/urandom gave no $1 bytes"
    printf '%s' "$made"
}

# Before anything is written: a failure in here ends the script.
postgres_password=$(secret 24)
vigila_owner_password=$(secret 24)
vigila_database_password=$(secret 24)
grafana_database_password=$(secret 24)
photos_access_key=$(secret 12)
photos_secret_key=$(secret 32)
garage_rpc_secret=$(secret 32)
grafana_admin_password=$(secret 16)
grafana_secret_key=$(secret 24)
grafana_vigila_password=$(secret 24)

if [ -n "$domain" ]; then
    vigila_site=$domain vigila_url=https://$domain
else
    vigila_site=http://:80 vigila_url=http://127.0.0.1:8080
fi
if [ -n "$grafana" ]; then
    grafana_site=$grafana grafana_url=https://$grafana grafana_secure=true
else
    grafana_site=http://:3000 grafana_url=http://127.0.0.1:3000 grafana_secure=false
fi
if [ -n "$domain" ]; then
    http=80 https=443
else
    http=127.0.0.1:8080 https=127.0.0.1:8443
fi

umask 077
# Fails where the file exists, also where another one made it since the last line.
(set -C && : >"$file") 2>/dev/null ||
    refuse "$file exists, or cannot be made. Its secrets are those of the volumes: change it by hand"

cat >"$file" <<ENV
# Made by deploy/make-env.sh. Read by docker compose; holds every secret of the stack: only
# its owner may read it, and it belongs into the backup (not beside it) and into no repository.

# --- Secrets ---------------------------------------------------------------------------

# PostgreSQL's superuser. Counts when the volume is made; later: ALTER ROLE postgres PASSWORD.
POSTGRES_PASSWORD=$postgres_password
# The role that owns the schema and migrates. Changed here, it is changed at the next \`up\`.
VIGILA_OWNER_PASSWORD=$vigila_owner_password
# The role that serves. The same.
VIGILA_DATABASE_PASSWORD=$vigila_database_password
# The role by which Grafana reads the views quality_*. The same.
GRAFANA_DATABASE_PASSWORD=$grafana_database_password

# The key pair of the photo store, in the form that it asks for, and what its processes know
# each other by. They count when its volumes are made.
PHOTOS_ACCESS_KEY=GK$photos_access_key
PHOTOS_SECRET_KEY=$photos_secret_key
GARAGE_RPC_SECRET=$garage_rpc_secret

# Grafana's user \`admin\`. Counts when its volume is made; later it is changed in Grafana.
GRAFANA_ADMIN_PASSWORD=$grafana_admin_password
# What Grafana keeps the secrets of its data sources with.
GRAFANA_SECRET_KEY=$grafana_secret_key
# Grafana's account in vigila, the viewer \`grafana\`. Changed here, it is changed at the next \`up\`.
GRAFANA_VIGILA_PASSWORD=$grafana_vigila_password

# --- What people reach -----------------------------------------------------------------

# A domain has TLS with a certificate that the proxy fetches; http://:80 is every name without.
VIGILA_SITE=$vigila_site
# The same from outside. It is what links and the pages' cookie go by.
VIGILA_PUBLIC_URL=$vigila_url
# Where the proxy's ports are on this machine: ADDRESS:PORT, or a port of every address.
VIGILA_HTTP=$http
VIGILA_HTTPS=$https
GRAFANA_SITE=$grafana_site
GRAFANA_URL=$grafana_url
GRAFANA_COOKIE_SECURE=$grafana_secure
GRAFANA_HTTP=127.0.0.1:3000
# A proxy of your own before this one: its addresses or networks, with spaces between.
OUTER_PROXIES=

# --- What else may be changed ----------------------------------------------------------

# The provinces whose centres Grafana may ask the API for.
GRAFANA_TERRITORIES=$territories
# Decides to which day a visit belongs. Set it before the first visit and leave it.
VIGILA_TIMEZONE=Europe/Rome
VIGILA_LOG=info,json
# How long Prometheus keeps what it scraped, and how much disk that may take.
PROMETHEUS_RETENTION=2y
PROMETHEUS_SIZE=20GB
# The first three numbers of the inner network. Another one if this one is taken.
VIGILA_NET=10.197.41
ENV
echo "made $file; keep a copy of it where the backups are kept"
