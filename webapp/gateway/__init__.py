"""Between a browser and its workout: Socket.IO events, the wire format, one connection a browser."""
