"""Photo submissions a second, with processor time and peak memory of the service, and how long
`GET /status` takes meanwhile. Standard library only; the client runs on the same machine.

    cargo build --release
    python benches/photos/uploads.py --program target/release/vigila --photo PHOTO.jpg \
        [--photos 200] [--clients 8] [--store file:///FOLDER | s3://BUCKET]

One real JPEG serves for all: bytes behind its end make each another photo. SQLite and photos lie
in a temporary folder unless --store (with its AWS_* variables) or --database says otherwise.
"""

import argparse
import hashlib
import http.client
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import time
import uuid

PASSWORD = "a long pass phrase"


class Service:
    def __init__(self, program, folder, store, database):
        env = {**os.environ, "VIGILA_LISTEN": "127.0.0.1:0", "VIGILA_LOG": "error"}
        if store:
            env["VIGILA_PHOTOS_URL"] = store
        if database:
            env["VIGILA_DATABASE_URL"] = database
        def run(*words, text=None):
            subprocess.run([program, *words], cwd=folder, env=env, input=text, check=True,
                           text=True, stdout=subprocess.DEVNULL)
        if database:
            run("migrate")
        self.person = f"bench-{uuid.uuid4().hex[:8]}"
        run("people", "add", self.person, "--role", "manager", "--territory", "BT", text=PASSWORD + "\n")
        self.process = subprocess.Popen([program, "serve"], cwd=folder, env=env, text=True,
                                        stdout=subprocess.PIPE)
        self.address = self.process.stdout.readline().split("//")[1].strip()
        self.token = None

    def ask(self, connection, method, path, body=None, kind="application/json"):
        headers = {"content-type": kind}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def connect(self):
        return http.client.HTTPConnection(self.address, timeout=120)

    def figures(self):
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        cpu = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return cpu, int(peak.split()[1]) / 1000


def visits(service, hashes, size):
    """Visits of forty photos each; gives (visit, photo) pairs."""
    connection, pairs = service.connect(), []
    code = f"BT-{uuid.uuid4().hex[:6].upper()}"
    centre = {"code": code, "name": "Bench", "kind": "cas_collective", "territory": "BT",
              "municipality": "Andria"}
    assert service.ask(connection, "POST", "/api/v1/facilities", json.dumps(centre))[0] == 201
    for at in range(0, len(hashes), 40):
        some, visit = hashes[at:at + 40], str(uuid.uuid4())
        content = {"facility": code, "checklist": {"code": "FIRE-HYG", "version": "1.0.0"},
                   "kind": "announced", "started_at": "2026-01-02T08:00:00.000Z",
                   "ended_at": "2026-01-02T09:00:00.000Z", "answers": [],
                   "photos": [{"sha256": name, "bytes": size} for name in some]}
        status, text = service.ask(connection, "PUT", f"/api/v1/inspections/{visit}", json.dumps(content))
        assert status == 201, text
        pairs += [(visit, name) for name in some]
    return pairs


def watch(service, stop, times):
    connection = service.connect()
    while not stop.is_set():
        began = time.perf_counter()
        assert service.ask(connection, "GET", "/api/v1/status")[0] == 200
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(0.01)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--photo", required=True, type=pathlib.Path)
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--store")
    parser.add_argument("--database")
    wanted = parser.parse_args()
    jpeg = wanted.photo.read_bytes()
    tails = [f"{n:08}".encode() for n in range(wanted.photos)]
    names = {hashlib.sha256(jpeg + tail).hexdigest(): tail for tail in tails}
    with tempfile.TemporaryDirectory() as folder:
        service = Service(wanted.program, folder, wanted.store, wanted.database)
        try:
            status, text = service.ask(service.connect(), "POST", "/api/v1/sessions",
                                       json.dumps({"username": service.person, "password": PASSWORD}))
            assert status == 201, text
            service.token = json.loads(text)["token"]
            pairs = visits(service, list(names), len(jpeg) + 8)
            idle = service.figures()
            lock, later, times, stop = threading.Lock(), [0], [], threading.Event()

            def client():
                connection = service.connect()
                while True:
                    with lock:
                        if not pairs:
                            return
                        visit, name = pairs.pop()
                    path = f"/api/v1/inspections/{visit}/photos/{name}"
                    while True:
                        status, text = service.ask(connection, "PUT", path, jpeg + names[name], "image/jpeg")
                        if status != 503:
                            break
                        with lock:
                            later[0] += 1
                        time.sleep(1)
                    assert status == 201, text

            watcher = threading.Thread(target=watch, args=(service, stop, times))
            clients = [threading.Thread(target=client) for _ in range(wanted.clients)]
            began = time.perf_counter()
            for thread in [watcher, *clients]:
                thread.start()
            for thread in clients:
                thread.join()
            took = time.perf_counter() - began
            stop.set()
            watcher.join()
            cpu, peak = service.figures()
            times.sort()
            print(f"{wanted.photos} photos of {len(jpeg) / 1e6:.1f} MB by {wanted.clients} clients: "
                  f"{wanted.photos / took:.1f}/s, {(cpu - idle[0]) / wanted.photos * 1000:.0f} ms CPU each, "
                  f"peak {peak:.0f} MB, {later[0]} answers 503; GET /status p50 "
                  f"{times[len(times) // 2]:.1f} p99 {times[len(times) * 99 // 100]:.1f} ms ({len(times)})")
        finally:
            service.process.terminate()
            service.process.wait()


main()
