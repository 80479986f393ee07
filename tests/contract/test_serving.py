"""Our fixes of eventlet's slowness are in effect: on a real socket, without a clock."""

import base64
import json
import os
import socket
import struct
import subprocess
import sys

import pytest

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)
LIMIT = 100_000
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10

SERVER = f"""
import eventlet
eventlet.monkey_patch()
import json, re, socket, sys
from eventlet import hubs
from eventlet.websocket import WebSocketWSGI
from webapp import serving

masked_by_byte = []
from eventlet.websocket import RFC6455WebSocket
stock = RFC6455WebSocket._apply_mask
RFC6455WebSocket._apply_mask = staticmethod(lambda *a, **k: masked_by_byte.append(1) or stock(*a, **k))
serving.install()

def talk(ws):
    ws.socket.settimeout(60)  # as Engine.IO does
    ws.divert(re.compile("frame ([0-9]+)"), lambda text, data: ws.send(f"{{text[1]}} has {{len(data or '')}}"))
    no_delay = ws.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    while (message := ws.wait()) is not None:
        if message == "pose":
            ws.send('451-["pose",{{"_placeholder":true,"num":0}}]')
            ws.send(bytes(528))
        elif message == "pose at once":
            assert ws.send_at_once('451-["pose",{{"_placeholder":true,"num":0}}]', bytes(528))
        elif message == "more than there is room for":
            sent = 0
            while ws.send_at_once(b"%d" % sent * 40_000):
                sent += 1
            ws.send(str(sent))
        elif message == "timers":
            ws.send(str(hubs.get_hub().get_timers_count()))
        elif message == "facts":
            ws.send(json.dumps(dict(no_delay=no_delay, kind=type(ws).__name__, slow=len(masked_by_byte))))
        else:
            ws.send(message if len(message) < 50_000 else str(len(message)))

site = WebSocketWSGI(talk)
site.max_frame_length = {LIMIT}
listener = serving.listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
serving.serve(site, listener, serving.Stop(), lambda: None, serving.ConnectionPool(50))
"""


class Client:
    """A WebSocket client of our own, so that a test controls each frame."""

    def __init__(self, port, path="/"):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(HANDSHAKE.format(path=path, key=key).encode())
        self.stream = self.socket.makefile("rb")
        self.answer = b"".join(iter(self.stream.readline, b"\r\n")).decode()

    def send(self, payload, opcode=BINARY, *, final=True, masked=True, reserved=0):
        mask = os.urandom(4)
        length = len(payload)
        if length < 126:
            head = bytes([0x80 * masked | length])
        elif length < 65536:
            head = bytes([0x80 * masked | 126]) + struct.pack("!H", length)
        else:
            head = bytes([0x80 * masked | 127]) + struct.pack("!Q", length)
        data = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload)) if masked else payload
        self.socket.sendall(bytes([0x80 * final | reserved | opcode]) + head + mask * masked + data)

    def receive(self):
        first, length = self.stream.read(2)
        if length == 126:
            (length,) = struct.unpack("!H", self.stream.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.stream.read(8))
        return first & 15, self.stream.read(length)


@pytest.fixture(scope="module")
def port():
    with subprocess.Popen([sys.executable, "-W", "ignore", "-c", SERVER], stdout=subprocess.PIPE, text=True) as process:
        yield int(process.stdout.readline())
        process.terminate()


@pytest.fixture
def client(port):
    one = Client(port)
    yield one
    one.socket.close()


def facts(client):
    client.send(b"facts", TEXT)
    return json.loads(client.receive()[1])


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 5, 7, 8, 125, 126, 127, 1023, 32_769])
def test_a_message_of_any_length_arrives_as_it_was_sent(client, length):
    message = os.urandom(length)
    client.send(message)
    assert client.receive() == (BINARY, message)


def test_no_byte_is_unmasked_by_the_loop_in_python(client):
    client.send(os.urandom(30_000))
    client.receive()
    assert facts(client) == {"no_delay": 1, "kind": "FrameSocket", "slow": 0}


def test_an_answer_does_not_wait_for_an_acknowledgement(client):
    assert facts(client)["no_delay"] == 1


@pytest.mark.parametrize("asked", [b"pose", b"pose at once"])
def test_an_answer_and_its_bytes_leave_in_one_packet(client, asked):
    client.send(asked, TEXT)
    packet = client.socket.recv(1 << 16)
    assert packet[2:].startswith(b'451-["pose"')
    assert packet.endswith(bytes(528))


def test_data_over_the_sockets_buffer_arrives_whole_and_before_later_messages(client):
    client.send(b"more than there is room for", TEXT)
    came = [client.receive()]
    while came[-1][0] == BINARY:
        came.append(client.receive())
    *data, (_, sent) = came
    assert len(data) == int(sent) > 0
    assert [part for _, part in data] == [b"%d" % number * 40_000 for number in range(len(data))]


def test_a_message_of_the_diverted_form_is_taken_with_the_one_behind_it(client):
    client.send(b"frame 7", TEXT)
    client.send(bytes(30_000))
    assert client.receive() == (TEXT, b"7 has 30000")
    client.send(b"frame seven", TEXT)
    assert client.receive() == (TEXT, b"frame seven")


def test_a_pong_between_the_two_is_passed_on_and_parts_them_not(client):
    client.send(b"frame 7", TEXT)
    client.send(b"3", TEXT)
    assert client.receive() == (TEXT, b"3")
    client.send(bytes(30_000))
    assert client.receive() == (TEXT, b"7 has 30000")


def test_a_connection_has_one_timer_however_many_messages_come(client):
    def timers():
        client.send(b"timers", TEXT)
        return int(client.receive()[1])

    before = timers()
    for _ in range(20):
        assert timers() <= before


def test_compression_is_offered_and_not_taken(client):
    assert "101" in client.answer
    assert "Extensions" not in client.answer


def test_a_message_in_pieces_is_put_together_around_a_ping(client):
    client.send(b"one ", TEXT, final=False)
    client.send(b"are you there", PING)
    client.send(b"two ", 0, final=False)
    client.send(b"three", 0)
    assert client.receive() == (PONG, b"are you there")
    assert client.receive() == (TEXT, b"one two three")


def test_of_a_message_over_the_limit_only_the_limit_is_kept_and_the_next_one_is_whole(client):
    client.send(bytes(LIMIT + 1))
    assert client.receive() == (TEXT, str(LIMIT).encode())
    client.send(b"next")
    assert client.receive() == (BINARY, b"next")


def test_a_message_over_the_limit_in_pieces_is_cut_as_well(client):
    for _ in range(4):
        client.send(bytes(LIMIT // 2), BINARY if _ == 0 else 0, final=_ == 3)
    assert client.receive() == (TEXT, str(LIMIT).encode())


def test_a_text_over_the_limit_becomes_the_event_that_says_so(client):
    client.send(b"x" * (LIMIT + 1), TEXT)
    assert client.receive() == (TEXT, b'42["oversize"]')


def test_a_message_of_1000_pieces_is_taken_and_one_without_end_is_not(client):
    for number in range(1000):
        client.send(b"x", 0 if number else BINARY, final=number == 999)
    assert client.receive() == (BINARY, b"x" * 1000)
    for number in range(1001):
        client.send(b"", 0 if number else BINARY, final=False)
    opcode, data = client.receive()
    assert (opcode, struct.unpack("!H", data[:2])[0]) == (CLOSE, 1009)


@pytest.mark.parametrize(
    "frame",
    [
        {"payload": b"bare", "masked": False},
        {"payload": b"reserved", "reserved": 0x40},
        {"payload": b"unknown", "opcode": 3},
        {"payload": b"continued", "opcode": 0},
        {"payload": bytes(126), "opcode": PING},
        {"payload": b"ping", "opcode": PING, "final": False},
        {"payload": b"\xff\xfe", "opcode": TEXT},
    ],
    ids=lambda frame: frame["payload"].decode(errors="replace")[:9],
)
def test_a_protocol_violation_closes_the_connection_with_its_code(port, client, frame):
    client.send(**frame)
    opcode, data = client.receive()
    assert opcode == CLOSE
    assert struct.unpack("!H", data[:2])[0] in (1002, 1007)
    other = Client(port)
    other.send(b"still there")
    assert other.receive() == (BINARY, b"still there")
    other.socket.close()


def test_the_quick_unmasking_is_the_rule_of_the_protocol():
    script = """
import warnings; warnings.simplefilter("ignore")
import os
from webapp.serving.frames import unmask
for length in (*range(70), 1000, 1001, 1002, 1003, 30_000):
    data, mask = os.urandom(length), os.urandom(4)
    quick = bytearray(data)
    unmask(quick, mask)
    assert quick == bytes(byte ^ mask[index % 4] for index, byte in enumerate(data)), length
"""
    subprocess.run([sys.executable, "-c", script], check=True)
