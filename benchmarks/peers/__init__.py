"""Others' ways to join the two national files with the accounts, each a script that writes nothing but a count.

Run by `python PEER.py PERSONS CARDS NUMBERS` in an environment of their own (`make bench` makes it): they are no part
of the product. They check nothing, look for nobody by name and keep no account of rows: the least that one could do.
But for `night_same_work.py`, which does all the work of a night that others could be asked to do.
"""
