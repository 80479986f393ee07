"""Socket.IO gateway between browsers and workouts: events, wire format, one connection per browser."""
