"""Runs a Sanic app on loopback inside the caller's own event loop."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sanic import Sanic


@asynccontextmanager
async def serve(app: Sanic[Any, Any], *, port: int = 0, alone: bool = False) -> AsyncIterator[str]:
    """Serve `app` while the block runs and yield its address, for example "http://127.0.0.1:49152"; 0 is any port.

    `alone` says that no other app will run in this process: Sanic then drops from its own code the signals that this
    app does not use, as it does in production.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    app.config.TOUCHUP = alone
    server: Any = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
    if server is None:
        raise RuntimeError("Sanic made no server")
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await server.before_stop()
        server.close()
        for connection in list(server.connections):
            connection.close()
        await server.wait_closed()
        await server.after_stop()
