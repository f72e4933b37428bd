"""Asking a running vigila, as phones, people and Grafana do."""

import json
import urllib.error
import urllib.parse
import urllib.request


class Service:
    """One service, and the token with which it is asked."""

    def __init__(self, url, token=None):
        self.url, self.token = url, token

    def ask(self, method, path, body=None, kind="application/json"):
        """Status and body of an answer; a body of JSON is read."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", kind)
        if self.token is not None:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, text, kind = answer.status, answer.read(), answer.headers.get_content_type()
        except urllib.error.HTTPError as answer:
            status, text, kind = answer.code, answer.read(), answer.headers.get_content_type()
        return status, json.loads(text) if kind.endswith("json") and text else text

    def get(self, path, **parameters):
        """What is found there; raises where it is not."""
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        status, body = self.ask("GET", path + query)
        if status != 200:
            raise RuntimeError(f"GET {path}{query} answered {status}: {body}")
        return body

    def every(self, path, **parameters):
        """All rows of a list, page after page."""
        page = self.get(path, limit=200, **parameters)
        while True:
            yield from page["items"]
            if "next" not in page["_links"]:
                return
            page = self.get(page["_links"]["next"])

    def signed_in(self, name, password):
        """The same service, asked by this person."""
        status, body = self.ask("POST", "/api/v1/sessions", {"username": name, "password": password})
        if status != 201:
            raise RuntimeError(f"{name} cannot sign in: {status} {body}")
        return Service(self.url, body["token"])


def logins(path):
    """Name and password of the first person of each role, from a file of service.sh."""
    found = {}
    for line in open(path):
        name, password, role = line.split()
        found.setdefault(role, (name, password))
    return found
