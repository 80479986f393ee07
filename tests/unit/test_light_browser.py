"""The load benchmark's browser leaves no connection open behind it."""

import asyncio

import pytest

from webapp.errors import SettingsError
from webapp.evaluation.light_browser import LightBrowser

PATIENCE_S = 10.0


async def left_by_the_browser(answer):
    """Answer a browser's request; return its error and what it sends before it closes the connection."""
    sent = asyncio.get_running_loop().create_future()

    async def refuse(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        sent.set_result(await reader.read())
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        with pytest.raises(SettingsError) as error:
            await LightBrowser.connect("127.0.0.1", server.sockets[0].getsockname()[1])
        return error, await asyncio.wait_for(sent, PATIENCE_S)


def test_a_refused_browser_closes_its_connection():
    error, sent = asyncio.run(left_by_the_browser(b"HTTP/1.1 429 Too Many Requests\r\n\r\n"))
    assert "429 Too Many Requests" in str(error.value)
    assert sent == b""
