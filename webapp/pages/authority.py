"""Download of the server's own certificate authority, for a phone to trust."""

from functools import partial
from pathlib import Path

from flask import Blueprint, Response


def authority_page(file: Path) -> Blueprint:
    """Return the page that serves the certificate; its key never leaves the folder."""
    page = Blueprint("authority", __name__)
    page.add_url_rule(f"/{file.name}", "certificate", partial(_certificate, file))
    return page


def _certificate(file: Path) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="posecoach.crt"'}
    return Response(file.read_bytes(), content_type="application/x-x509-ca-cert", headers=headers)
