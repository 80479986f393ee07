"""The pages over a store, and visitors with and without one of our cookies."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from webapp.exercises import load_library
from webapp.pages import blueprint
from webapp.pages.site import Site
from webapp.people import COOKIE, People
from webapp.pose.choice import EngineChoice
from webapp.pose.offers import Offers
from webapp.settings import ROOT
from webapp.store import Store
from webapp.uploads import Uploads, UploadSettings

PEOPLE = People(b"the key of the tests")
ME = "7c1f0ed5a83b"


def pages_over(store: Store, folder: Path, forget_live: Callable[[str], None] = lambda _: None) -> Flask:
    flask = Flask("webapp", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    offers = Offers(EngineChoice("blazepose-full"), folder)
    library = load_library()
    accepted = UploadSettings(EngineChoice("replay"), (), 1_000_000, 60.0, True)
    uploads = Uploads(folder / "uploads", accepted, library, store)
    flask.register_blueprint(blueprint(Site(store, library, offers, PEOPLE, forget_live, uploads)))
    return flask


def visitor(flask: Flask, person: str | None = None) -> FlaskClient:
    client = flask.test_client()
    if person is not None:
        client.set_cookie(COOKIE, PEOPLE.cookie(person))
    return client
