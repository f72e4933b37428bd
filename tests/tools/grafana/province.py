"""Brings the sample province to another service, through the API, and makes traffic."""

import datetime
import hashlib
import uuid

NOT_SENT = ("id", "contracts")


def copy(demo, other):
    """Centres and visits of `demo`, sent to `other` by a manager; how many visits came over."""
    for centre in demo.every("/api/v1/facilities"):
        sent = {key: value for key, value in centre.items() if key not in NOT_SENT and value is not None}
        status, body = other.ask("POST", "/api/v1/facilities", sent)
        if status != 201:
            raise RuntimeError(f"the centre {centre['code']} is refused: {status} {body}")
    rows = [row["inspection_id"] for row in demo.every("/api/v1/inspections")]
    visits = [demo.get(f"/api/v1/inspections/{row}") for row in rows]
    # A correction comes after what it corrects.
    for visit in sorted(visits, key=lambda visit: visit["received_at"]):
        path = f"/api/v1/inspections/{visit['inspection_id']}"
        status, body = other.ask("PUT", path, visit["content"])
        if status != 201:
            raise RuntimeError(f"the visit {visit['inspection_id']} is refused: {status} {body}")
    return len(visits)


class Phone:
    """Somebody who works: visits, photos, mistakes. Each round counts in every counter."""

    def __init__(self, manager, stranger):
        self.manager, self.stranger = manager, stranger
        self.photo = self._photo()

    def _photo(self):
        """The bytes of a photo that the service shows."""
        for row in self.manager.every("/api/v1/inspections"):
            content = self.manager.get(f"/api/v1/inspections/{row['inspection_id']}")["content"]
            for photo in content.get("photos", []):
                path = f"/api/v1/inspections/{row['inspection_id']}/photos/{photo['sha256']}"
                status, body = self.manager.ask("GET", f"{path}?rendition=thumbnail")
                if status == 200:
                    return body
        raise RuntimeError("the sample has no photo")

    def round(self):
        """A visit with two photos of which one comes, the visit again, another content under its
        number, one that is refused, a wrong password, and some reading."""
        now = datetime.datetime.now(datetime.UTC)
        hour_ago = now - datetime.timedelta(hours=1)
        sha256 = hashlib.sha256(self.photo).hexdigest()
        visit = {
            "facility": "BT-0003",
            "checklist": {"code": "FIRE-HYG", "version": "1.0.0"},
            "kind": "unannounced",
            "started_at": hour_ago.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ended_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "answers": [{"item": "FH-B02", "value": "yes"}],
            "photos": [
                {"sha256": sha256, "bytes": len(self.photo)},
                {"sha256": hashlib.sha256(uuid.uuid4().bytes).hexdigest(), "bytes": 1000},
            ],
        }
        path = f"/api/v1/inspections/{uuid.uuid4()}"
        answers = [
            self.manager.ask("PUT", path, visit)[0],
            self.manager.ask("PUT", path, visit)[0],
            self.manager.ask("PUT", path, {**visit, "device": "altro"})[0],
            self.manager.ask("PUT", f"/api/v1/inspections/{uuid.uuid4()}", {**visit, "facility": "XX"})[0],
            self.manager.ask("PUT", f"{path}/photos/{sha256}", self.photo, "image/jpeg")[0],
            self.stranger.ask("POST", "/api/v1/sessions", {"username": "nessuno", "password": "x" * 12})[0],
            self.manager.ask("GET", "/api/v1/territories/BT/scorecards")[0],
            self.manager.ask("GET", "/api/v1/facilities/BT-0002/trends")[0],
        ]
        if answers != [201, 200, 409, 422, 201, 401, 200, 200]:
            raise RuntimeError(f"the service answered the phone with {answers}")
