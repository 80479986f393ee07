"""A person with a cookie who uploads videos to a real server."""

import json
import re
import secrets
import urllib.error
import urllib.request
from pathlib import Path

from server import PATIENCE_S, Server, until

LOOKED_AT_WITHIN_S = 240.0
"""An analysis only gets the CPU time that other processes leave."""


class Visitor:
    """A browser's requests without the browser."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookie = ""
        self.token = re.search(r'name="token" value="([^"]+)"', self.get("/upload")[1])[1]

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(urllib.request.Request(self.server.url + path, headers={"Cookie": self.cookie}))

    def post(self, path: str) -> tuple[int, str]:
        data = f"token={self.token}".encode()
        return self._ask(urllib.request.Request(self.server.url + path, data, {"Cookie": self.cookie}))

    def send(self, video: Path | bytes, exercise: str = "squat") -> dict:
        """Upload a video and return the server's answer: the address of its status, or the error."""
        boundary, content = secrets.token_hex(8), video if isinstance(video, bytes) else video.read_bytes()
        field = f'--{boundary}\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
        body = (field % ("token", "") + f"{self.token}\r\n" + field % ("exercise", "") + f"{exercise}\r\n").encode()
        body += (field % ("video", '; filename="/tmp/my holiday.mp4"')).encode() + content
        headers = {
            "Cookie": self.cookie,
            "Accept": "application/json",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        body += f"\r\n--{boundary}--\r\n".encode()
        return json.loads(self._ask(urllib.request.Request(f"{self.server.url}/upload", body, headers))[1])

    def status(self, upload: str) -> dict:
        """Return the status of an upload, by the address that `send` returned."""
        return json.loads(self.get(f"{upload}/status.json")[1])

    def ended(self, upload: str) -> dict:
        """Return how the upload ended."""
        over = ("done", "failed", "gone")
        return until(lambda: (told := self.status(upload))["state"] in over and told, LOOKED_AT_WITHIN_S)

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                self.cookie = (answer.headers["Set-Cookie"] or self.cookie).split(";")[0]
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code, problem.read().decode()
