"""A pretended Kling on 127.0.0.1: same routes, same envelope, same codes, real MP4 files, and faults on demand.

It shares no code with the client: a fake that does would confirm the client's mistakes. Behaviour follows the
seed page and the dossier of public observations; what neither says is marked "invented" where it stands.
"""
