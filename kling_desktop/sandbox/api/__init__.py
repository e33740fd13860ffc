"""How the pretended Kling speaks: routes, envelopes, authorization, media, callbacks, and faults of the wire."""
