"""The short way of frames and poses means what the libraries' way means."""

import json

import pytest
from socketio.packet import EVENT, Packet

from webapp.gateway import shortcut


class Socket:
    """A WebSocket that sends what there is room for, and gives texts away."""

    def __init__(self, *, room=True):
        self.room = room
        self.sent = []

    def divert(self, form, take):
        self.form, self.take = form, take

    def send_at_once(self, *messages):
        self.sent += messages if self.room else ()
        return self.room

    def hears(self, text, attached):
        """Return whether the text is diverted."""
        diverted = self.form.fullmatch(text)
        if diverted:
            self.take(diverted, attached)
        return bool(diverted)


def frame_as_the_browser_writes_it(seq, t_ms):
    return "451-" + json.dumps(["frame", seq, t_ms, {"_placeholder": True, "num": 0}], separators=(",", ":"))


@pytest.mark.parametrize(("seq", "t_ms"), [(0, 0), (7, 1732822222222.1), (2**53 - 1, 1732822222222), (12, 0.25)])
def test_a_frame_has_the_numbers_that_it_has_as_json(seq, t_ms):
    socket, taken = Socket(), []
    shortcut.take_frames({shortcut.SOCKET: socket}, lambda *arguments: taken.append(arguments))
    assert socket.hears(frame_as_the_browser_writes_it(seq, t_ms), b"a picture")
    assert taken == [(seq, t_ms, b"a picture")]


@pytest.mark.parametrize(
    "text",
    [
        '42["frame",1,2,"text"]',
        '451-["other",1,2,{"_placeholder":true,"num":0}]',
        '451-["frame",-1,2,{"_placeholder":true,"num":0}]',
        '451-["frame",01,2,{"_placeholder":true,"num":0}]',
        '451-["frame",1,2e3,{"_placeholder":true,"num":0}]',
        '451-["frame",1,NaN,{"_placeholder":true,"num":0}]',
        '451-["frame",1,2,{"_placeholder":true,"num":1}]',
        '451-["frame",1,2,{"_placeholder":true,"num":0},3]',
        '452-["frame",1,2,{"_placeholder":true,"num":0}]',
        '451-7["frame",1,2,{"_placeholder":true,"num":0}]',
        '451-/other,["frame",1,2,{"_placeholder":true,"num":0}]',
        '451-["frame",\u0661,2,{"_placeholder":true,"num":0}]',
    ],
)
def test_other_messages_are_left_to_the_library(text):
    socket = Socket()
    shortcut.take_frames({shortcut.SOCKET: socket}, lambda *_: pytest.fail("it was taken"))
    assert not socket.hears(text, b"a picture")


@pytest.mark.parametrize("joints", [bytes(528), None])
@pytest.mark.parametrize("progress", [0.25, 1.0, None])
def test_a_pose_is_sent_as_socketio_writes_it(joints, progress):
    socket = Socket()
    assert shortcut.send_pose({shortcut.SOCKET: socket}, 5, joints, progress)
    encoded = Packet(EVENT, data=["pose", 5, joints, progress]).encode()
    text, *attached = [encoded] if isinstance(encoded, str) else encoded
    assert socket.sent == ["4" + text, *attached]


@pytest.mark.parametrize("environ", [{}, {shortcut.SOCKET: Socket(room=False)}])
def test_without_such_a_socket_or_without_room_nothing_is_sent(environ):
    shortcut.take_frames(environ, lambda *_: None)
    assert not shortcut.send_pose(environ, 5, bytes(528), None)
