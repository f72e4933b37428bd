# Sourced: reading the logins that service.sh leaves, and signing in.
# shellcheck shell=bash

# login ROLE: sets login_name and login_password to those of the first person of that role.
login() {
    read -r login_name login_password _ < <(awk -v role="$1" '$3 == role' "$VIGILA_LOGINS") || {
        echo "no login of a $1 in $VIGILA_LOGINS" >&2
        return 1
    }
}

# token ROLE: prints a token of that person.
token() {
    login "$1" || return
    NAME=$login_name PASSWORD=$login_password \
        python3 -c 'import json, os; print(json.dumps({"username": os.environ["NAME"], "password": os.environ["PASSWORD"]}))' |
        curl --silent --show-error --fail --header 'Content-Type: application/json' --data-binary @- \
            "$VIGILA_URL/api/v1/sessions" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])'
}
