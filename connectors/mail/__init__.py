"""Mails: what they say, how they are signed, and the two ways they leave: a server, or a folder."""
