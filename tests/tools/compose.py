"""The compose file by the project's own rules, and what a service is started with.

    compose.py check ENV_FILE            every rule below; exits with the number of those broken
    compose.py env ENV_FILE SERVICE      the service's environment, a line NAME=VALUE each
    compose.py command ENV_FILE SERVICE  its command, an argument a line

ENV_FILE is what deploy/make-env.sh made. Needs PyYAML.
"""

import ipaddress
import json
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
GRAFANA = ROOT / "deploy/grafana"
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?:(:-|:\?)([^}]*))?\}")
SECRET = re.compile(r"PASSWORD|SECRET|ACCESS_KEY|TOKEN")
TAG = re.compile(r"[\w./-]+:v?\d+\.\d+[\w.-]*$")


def settings(path):
    """The variables of an env file."""
    lines = (line for line in Path(path).read_text().splitlines() if line and line[0] != "#")
    return dict(line.split("=", 1) for line in lines)


def filled(value, variables):
    """A part of the compose file with its variables put in, as compose does it."""
    if isinstance(value, dict):
        return {key: filled(one, variables) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, variables) for one in value]
    if not isinstance(value, str):
        return value

    def put(match):
        name, kind, rest = match.groups()
        known = variables.get(name, "")
        if known == "" and kind == ":?":
            raise SystemExit(f"{name} is not set: {rest}")
        return known if known or kind != ":-" else rest

    return VARIABLE.sub(put, value)


class Stack:
    """The compose file as it is written, and as it is with an env file."""

    def __init__(self, env_file):
        self.text = COMPOSE.read_text()
        self.raw = yaml.safe_load(self.text)
        self.env = settings(env_file)
        self.full = filled(self.raw, self.env)
        self.services = self.full["services"]

    def once(self, name):
        """Whether the service ends by itself."""
        return self.services[name].get("restart") == "no"

    def mounts(self):
        """Service, source, target and options of every mount."""
        for name, service in self.services.items():
            for mount in service.get("volumes", []):
                source, target, *options = mount.split(":")
                yield name, source, target, options

    def files(self):
        return [(name, ROOT / s, t, o) for name, s, t, o in self.mounts() if s.startswith(".")]


def images_are_pinned(stack):
    for name, service in stack.services.items():
        if not TAG.match(service["image"]):
            yield f"{name}: {service['image']} has no version"
        build = service.get("build")
        if build:
            dockerfile = ROOT / build["context"] / build.get("dockerfile", "Dockerfile")
            for image in re.findall(r"^FROM (\S+)", dockerfile.read_text(), re.M):
                if not (TAG.match(image) or image == "debian:bookworm-slim"):
                    yield f"{dockerfile.name}: {image} has no version"


def services_are_confined(stack):
    for name, service in stack.services.items():
        if service.get("read_only") is not True:
            yield f"{name}: its root file system can be written to"
        if service.get("cap_drop") != ["ALL"]:
            yield f"{name}: keeps capabilities"
        if service.get("cap_add", []) not in ([], ["NET_BIND_SERVICE"]):
            yield f"{name}: is given {service['cap_add']}"
        if "no-new-privileges:true" not in service.get("security_opt", []):
            yield f"{name}: may gain privileges"
        if "max-size" not in service.get("logging", {}).get("options", {}):
            yield f"{name}: its log grows without end"
        if service.get("privileged") or service.get("network_mode") or service.get("pid"):
            yield f"{name}: shares something of the host"


def services_tell_their_health(stack):
    for name, service in stack.services.items():
        restart = service.get("restart")
        if stack.once(name) == ("healthcheck" in service):
            yield f"{name}: a service that stays has a health check, one that ends has none"
        if restart not in ("no", "unless-stopped"):
            yield f"{name}: restart is {restart}"


def order_can_be_kept(stack):
    waited = set()
    for name, service in stack.services.items():
        for other, how in service.get("depends_on", {}).items():
            wanted = "service_completed_successfully" if stack.once(other) else "service_healthy"
            waited.add(other)
            if how.get("condition") != wanted:
                yield f"{name}: waits for {other} by {how}, not {wanted}"
    for name in stack.services:
        if stack.once(name) and name not in waited:
            yield f"{name}: nobody waits for its success"


def no_secret_is_written_down(stack):
    for name, service in stack.raw["services"].items():
        for key, value in service.get("environment", {}).items():
            found = VARIABLE.findall(str(value))
            if SECRET.search(key) and not (found and VARIABLE.sub("", value) == ""):
                yield f"{name}: {key} is a literal"
            for variable, kind, _ in found:
                if SECRET.search(variable) and kind != ":?":
                    yield f"{name}: {key} starts without {variable}"
            if re.search(r"://[^/]*:[^$/@]+@", str(value)):
                yield f"{name}: {key} holds a password"
    for key, value in stack.env.items():
        if SECRET.search(key) and len(value) < 24:
            yield f".env: {key} is short"


def the_env_file_fits(stack):
    asked = {name: (kind, rest) for name, kind, rest in VARIABLE.findall(stack.text)}
    for name in asked.keys() ^ stack.env.keys():
        yield f"{name}: in one of docker-compose.yml and make-env.sh only"
    for name, (kind, rest) in asked.items():
        if kind == ":-" and stack.env.get(name) != rest:
            yield f"{name}: {rest!r} without .env, {stack.env.get(name)!r} with it"
    gitignore = (ROOT / ".gitignore").read_text().splitlines()
    if ".env" not in gitignore:
        yield ".env: not in .gitignore"


def mounts_exist(stack):
    named = set()
    for name, source, target, options in stack.mounts():
        if not source.startswith("."):
            named.add(source)
        elif not (ROOT / source).exists():
            yield f"{name}: {source} is not there"
        elif options != ["ro"]:
            yield f"{name}: {source} can be written to"
    for volume in named ^ stack.raw["volumes"].keys():
        yield f"{volume}: a volume that is not declared, or not used"


def only_the_proxy_is_outside(stack):
    for name, service in stack.services.items():
        ports = service.get("ports", [])
        if ports and name != "proxy":
            yield f"{name}: has a port outside"
        for port in ports:
            if not port.startswith("127.0.0.1:"):
                yield f"{name}: {port} is not on loopback without a domain"
        outside = {"proxy", "prometheus"}
        if "outside" in service["networks"] and name not in outside:
            yield f"{name}: can reach the outside"
    if stack.full["networks"]["inside"].get("internal") is not True:
        yield "inside: has a way out"


def addresses_fit(stack):
    config = stack.full["networks"]["inside"]["ipam"]["config"][0]
    subnet = ipaddress.ip_network(config["subnet"])
    given = ipaddress.ip_network(config["ip_range"])
    vigila = stack.services["vigila"]["environment"]
    for name, key in [("proxy", "VIGILA_TRUSTED_PROXIES"), ("prometheus", "VIGILA_METRICS_ALLOWED")]:
        address = stack.services[name]["networks"]["inside"]["ipv4_address"]
        if vigila[key] != address:
            yield f"vigila: {key} is {vigila[key]}, and {name} is at {address}"
        if ipaddress.ip_address(address) not in subnet or ipaddress.ip_address(address) in given:
            yield f"{name}: {address} is out of the network, or may be given to another"


def health_is_asked_alike(stack):
    dockerfile = (ROOT / "deploy/Dockerfile").read_text()
    test = stack.services["vigila"]["healthcheck"]["test"]
    if f"CMD {json.dumps(test[1:])}" not in dockerfile:
        yield "deploy/Dockerfile: another health check than docker-compose.yml"
    if not re.search(r"^USER [1-9]\d*:[1-9]\d*$", dockerfile, re.M):
        yield "deploy/Dockerfile: runs as root"
    if "/var/lib/vigila" not in [t for n, _, t, _ in stack.mounts() if n == "vigila"]:
        yield "vigila: photos that are coming in have no volume"


def grafana_is_provisioned(stack):
    grafana = stack.services["grafana"]
    sources = yaml.safe_load((GRAFANA / "provisioning/datasources/vigila.yml").read_text())
    kinds = {
        "prometheus": "prometheus",
        "postgres": "grafana-postgresql-datasource",
        "vigila": "yesoreyeram-infinity-datasource",
    }
    found = {one["uid"]: one["type"] for one in sources["datasources"]}
    if sources.get("apiVersion") != 1 or found != kinds:
        yield f"data sources: {found}, wanted {kinds}"
    for one in sources["datasources"]:
        host = re.sub(r"^\w+://", "", one["url"]).split(":")[0]
        if host != one["uid"] or host not in stack.services:
            yield f"{one['uid']}: {one['url']} is no service of the stack"
        if one.get("access") != "proxy" or one.get("editable") is not False:
            yield f"{one['uid']}: can be changed, or is asked by browsers"
        for key, value in one.get("secureJsonData", {}).items():
            env = re.fullmatch(r"\$__env\{([A-Z_]+)\}", value)
            path = re.fullmatch(r"\$__file\{(/[\w/.]+)\}", value)
            if env and env[1] in grafana["environment"]:
                continue
            if path and any(path[1].startswith(m[2] + "/") for m in stack.mounts() if m[0] == "grafana"):
                continue
            yield f"{one['uid']}: {key} is a literal, or not there"
    if grafana["environment"]["GF_AUTH_ANONYMOUS_ENABLED"] != "false":
        yield "grafana: lets anybody in"
    if "yesoreyeram-infinity-datasource 3." not in (GRAFANA / "Dockerfile").read_text():
        yield "deploy/grafana/Dockerfile: no plugin for the data source vigila"


def dashboards_are_found(stack):
    providers = yaml.safe_load((GRAFANA / "provisioning/dashboards/vigila.yml").read_text())
    program, script, shipped, read, start = stack.services["grafana"]["entrypoint"]
    mounts = {target: source for name, source, target, _ in stack.files() if name == "grafana"}
    if (program, start) != ("sh", "/run.sh") or mounts.get(script) != GRAFANA / "start.sh":
        yield "grafana: is not started by start.sh"
    if [(one["type"], one["options"]["path"]) for one in providers["providers"]] != [("file", read)]:
        yield f"provisioning: the dashboards are at {read}"
    folder = mounts.get(shipped)
    boards = [json.loads(board.read_text()) for board in folder.glob("*.json")] if folder else []
    if not boards:
        yield f"grafana: no dashboard at {shipped}"
    if len({board["uid"] for board in boards}) != len(boards):
        yield "grafana: two dashboards with one uid"


def prometheus_knows_the_services(stack):
    prometheus = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    targets = {
        job["job_name"]: target
        for job in prometheus["scrape_configs"]
        for group in job["static_configs"]
        for target in group["targets"]
    }
    if targets.get("vigila") != "vigila:8080":
        yield f"prometheus.yml: {targets}"
    for pattern in prometheus["rule_files"]:
        if not list((ROOT / "deploy/prometheus").glob(pattern)):
            yield f"prometheus.yml: no rules at {pattern}"


RULES = [
    images_are_pinned,
    services_are_confined,
    services_tell_their_health,
    order_can_be_kept,
    no_secret_is_written_down,
    the_env_file_fits,
    mounts_exist,
    only_the_proxy_is_outside,
    addresses_fit,
    health_is_asked_alike,
    grafana_is_provisioned,
    dashboards_are_found,
    prometheus_knows_the_services,
]


def check(stack):
    """Runs every rule; the exit status is the number of those that found a fault."""
    failed = 0
    for rule in RULES:
        faults = list(rule(stack))
        failed += bool(faults)
        print("FAILED " if faults else "ok     ", rule.__name__.replace("_", " "))
        for fault in faults:
            print("       ", fault)
    return failed


def main(arguments):
    match arguments:
        case ["check", env_file]:
            return check(Stack(env_file))
        case ["env", env_file, service]:
            for key, value in Stack(env_file).services[service]["environment"].items():
                print(f"{key}={value}")
        case ["command", env_file, service]:
            print(*Stack(env_file).services[service]["command"], sep="\n")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
